package org.carousel.data;

import java.util.ArrayList;
import java.util.List;
import org.carousel.tensor.RandomStream;

/** Lines of everything that a tokenizer may meet, the same on every machine. */
final class MixedLines {
    private static final List<String> WORDS = List.of(
            "the cat sat on a mat don't I'LL we've it's unbelievably THE Quick brown-fox jumped over 3,000.50 dogs"
                    + " e-mail@example.com x=y+z (really?) \"quoted\" co-operation ANTIDISESTABLISHMENTARIANISM a'b 's",
            "le garçon à l'école était déjà là où naïve Ægypte cœur Ça Noël élève e\u0301le\u0300ve c\u0327a ne\u0301e",
            "Über größer straße İstanbul ışık Ångström ǅ ﬁne Ωμέγα ΑΣ мир ё й שלום مرحبا हिन्दी ไทย 한국어 カタカナ ひらがな",
            "中文 汉字测试 我们喜欢你 日本語です 𠀀𪜀 ，。！？ 北京2008年",
            "😀 👍🏽 👩‍👩‍👧 🇫🇷 ❤️ ☃ 🤖x 1️⃣ ™ © ½ ² Ⅷ ① ٣ १२ ₿ € £ ¥ – — … “ ” ‘ ’ « » † ‰ ′ ∑ √ ≠ ★",
            "[MASK] [CLS] [UNK] [mask] [SEPx <|endoftext|> <|end ## ##ing a##b | ^ ` ~ $ { } \\ / _ __init__ --- .. ,, ;:");
    private static final String[] GAPS = {
        " ", " ", " ", " ", " ", "  ", "   ", "\t", "\n", "\r\n", "\u00A0", "\u3000", "\u2003", "\u200B", "\u00AD",
        "\u0000", "\u0007", "\u001F", "\u007F", "\u0085", "\u2028", "\uFEFF", "\uFFFD", "", "\uE000", "\u200D", "'",
        " '", "\u0301"
    };

    private MixedLines() {}

    static List<String> of(int count) {
        RandomStream random = RandomStream.of(2411);
        List<String[]> words = WORDS.stream().map(w -> w.split(" ")).toList();
        List<String> lines = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            StringBuilder line = new StringBuilder();
            int length = random.nextInt(12);
            for (int k = 0; k < length; k++) {
                String[] some = words.get(random.nextInt(3) > 0 ? 0 : random.nextInt(words.size()));
                String word = some[random.nextInt(some.length)];
                line.append(random.nextInt(20) == 0 ? word.repeat(1 + random.nextInt(40)) : word)
                        .append(GAPS[random.nextInt(3) > 0 ? 0 : random.nextInt(GAPS.length)]);
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
