package org.carousel.kernel;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The code that IJava makes of magics. */
final class Magics {
    private static final Pattern WORD = Pattern.compile("Base64\\.getDecoder\\(\\)\\.decode\\(\"([^\"]*)\"\\)");

    private Magics() {}

    /** A line as the reader typed it: {@code %maven group:name:1.0} for the call that IJava makes of it. */
    static String asTyped(String line) {
        int call = line.indexOf("lineMagic(");
        Matcher word = WORD.matcher(line);
        if (call < 0 || !word.find(call)) {
            return line;
        }
        List<String> words = new ArrayList<>();
        do {
            words.add(new String(Base64.getDecoder().decode(word.group(1)), StandardCharsets.UTF_8));
        } while (word.find());
        return line.substring(0, call) + "%" + String.join(" ", words);
    }
}
