package org.carousel.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.carousel.data.SubwordVocabulary.Method;
import org.carousel.files.AsideFile;
import org.carousel.files.Failures;

/**
 * Vocabularies of pieces as text in UTF-8: what they are, the characters, the merges, and a last line that a file cut off
 * lacks.
 *
 * <pre>
 * carousel subwords 1
 * BYTE_PAIR_ENCODING 11 characters 10 merges
 * e                      one character (in WordPiece also ##e) a line
 * 7 13                   one merge a line, by the indices of its parts
 * end
 * </pre>
 */
final class SubwordFile {
    private static final String FIRST = "carousel subwords 1";
    private static final String LAST = "end";

    private SubwordFile() {}

    static void save(Path file, Method method, List<String> letters, List<int[]> merges) {
        List<String> lines = new ArrayList<>();
        lines.add(FIRST);
        lines.add(method + " " + letters.size() + " characters " + merges.size() + " merges");
        lines.addAll(letters);
        merges.forEach(merge -> lines.add(merge[0] + " " + merge[1]));
        lines.add(LAST);
        byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        AsideFile.write(file, out -> out.write(text));
    }

    static SubwordVocabulary load(Path file) {
        String text;
        try {
            text = Utf8.decode(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("load: " + file + ": " + Failures.describe(e), e);
        }
        try {
            return parse(List.of(text.split("\n", -1)));
        } catch (IllegalArgumentException e) { // a number that is none is one of these
            throw new IllegalArgumentException(
                    "load: " + file + " is not a whole vocabulary of subwords: " + e.getMessage(), e);
        }
    }

    private static SubwordVocabulary parse(List<String> lines) {
        require(lines.size() >= 4 && lines.get(0).equals(FIRST), "it does not begin with \"" + FIRST + "\"");
        String[] head = lines.get(1).split(" ", -1);
        require(head.length == 5, "its second line is \"" + lines.get(1) + "\"");
        Method method = Method.valueOf(head[0]);
        int letters = number(head[1]);
        int merges = number(head[3]);
        int end = lines.size() - 2; // the last line end is followed by nothing
        require(
                lines.get(end).equals(LAST) && lines.get(end + 1).isEmpty() && 2L + letters + merges == end,
                letters + " characters and " + merges + " merges are announced, " + (end - 2)
                        + " lines are there, and the last one is \"" + lines.get(end) + "\"");
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
