package org.carousel.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import org.carousel.data.SubwordVocabulary.Method;
import org.carousel.files.internal.AsideFile;
import org.carousel.files.internal.Failures;
import org.carousel.files.internal.Lines;

/**
 * Vocabularies of pieces as text in UTF-8: what they are, the characters, the merges, and a last line by which a
 * file that was cut or changed is known.
 *
 * <pre>
 * carousel subwords 2
 * BYTE_PAIR_ENCODING 11 characters 10 merges
 * e                      one character (in WordPiece also ##e) a line
 * 7 13                   one merge a line, by the indices of its parts
 * end 1c291ca3           the CRC-32 of the lines before
 * </pre>
 */
final class SubwordFile {
    private static final String FIRST = "carousel subwords 2";
    private static final String LAST = "end ";

    private SubwordFile() {}

    static void save(Path file, Method method, List<String> letters, List<int[]> merges) {
        List<String> lines = new ArrayList<>();
        lines.add(FIRST);
        lines.add(method + " " + letters.size() + " characters " + merges.size() + " merges");
        lines.addAll(letters);
        merges.forEach(merge -> lines.add(merge[0] + " " + merge[1]));
        lines.add(last(lines));
        byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        AsideFile.write(file, out -> out.write(text));
    }

    static SubwordVocabulary load(Path file) {
        List<String> lines = Lines.read(file);
        try {
            return parse(lines);
        } catch (IllegalArgumentException e) { // a number that is none is one of these
            throw new IllegalArgumentException(
                    "load: " + file + " is not a whole vocabulary of subwords: " + Failures.shortened(e.getMessage()),
                    e);
        }
    }

    private static String last(List<String> lines) {
        CRC32 crc = new CRC32();
        lines.forEach(line -> crc.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
        return LAST + String.format(Locale.ROOT, "%08x", crc.getValue());
    }

    static SubwordVocabulary parse(List<String> lines) {
        require(lines.size() >= 4 && lines.get(0).equals(FIRST), "it does not begin with \"" + FIRST + "\"");
        String[] head = lines.get(1).split(" ", -1);
        require(head.length == 5, "its second line is \"" + lines.get(1) + "\"");
        Method method = Method.valueOf(head[0]);
        int letters = number(head[1]);
        int merges = number(head[3]);
        int end = lines.size() - 1;
        require(
                lines.get(end).startsWith(LAST) && 2L + letters + merges == end,
                letters + " characters and " + merges + " merges are announced, " + (end - 2)
                        + " lines are there, and the last one is \"" + lines.get(end) + "\"");
        String sum = last(lines.subList(0, end));
        require(lines.get(end).equals(sum), "its last line should be \"" + sum + "\"; the file was changed");
        List<String> characters = lines.subList(2, 2 + letters);
        characters.forEach(c -> require(isCharacter(method, c), "\"" + c + "\" is not a character"));
        List<int[]> pairs = new ArrayList<>();
        for (String line : lines.subList(2 + letters, end)) {
            String[] both = line.split(" ", -1);
            require(both.length == 2, "\"" + line + "\" is not a merge");
            pairs.add(new int[] {number(both[0]), number(both[1])});
        }
        return new SubwordVocabulary(method, characters, pairs);
    }

    private static int number(String text) {
        int number = Integer.parseInt(text);
        require(number >= 0, text + " is below 0");
        return number;
    }

    private static boolean isCharacter(Method method, String name) {
        String mark = SubwordVocabulary.CONTINUES;
        boolean marked = method == Method.WORD_PIECE && name.length() > mark.length() && name.startsWith(mark);
        return (marked ? name.substring(mark.length()) : name).codePoints().count() == 1;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
