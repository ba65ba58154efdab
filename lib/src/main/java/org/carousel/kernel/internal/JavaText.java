package org.carousel.kernel.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What of a cell's text is code, and what stands in literals and comments; as Java's own lexer sees it. */
final class JavaText {
    private static final char MASK = '\uE000'; // of the private use area: it stands in no cell
    private static final Pattern MAGIC = Pattern.compile("(?m)^[ \\t]*%|=[ \\t]*%");
    private static final Pattern TYPE = Pattern.compile("\\b(?:class|interface|enum|record)\\s+(\\w+)");
    private static final Pattern METHOD =
            Pattern.compile("[\\w>\\]]\\s+(\\w+)\\s*\\([^;{}()]*\\)\\s*(?:throws\\s[\\w.,\\s]+)?\\{");

    private JavaText() {}

    /** The text with a blank in place of every character of a literal or a comment; line ends stay. */
    static String codeOnly(String text) {
        char[] code = text.toCharArray();
        int i = 0;
        while (i < code.length) {
            int end = end(text, i);
            for (int k = i; k < end; k++) {
                code[k] = code[k] == '\n' ? '\n' : ' ';
            }
            i = Math.max(end, i + 1);
        }
        return new String(code);
    }

    /** Where the literal or comment ends that begins here; here itself when none does. */
    private static int end(String text, int at) {
        if (text.startsWith("//", at)) {
            int end = text.indexOf('\n', at);
            return end < 0 ? text.length() : end;
        }
        if (text.startsWith("/*", at)) {
            int end = text.indexOf("*/", at + 2);
            return end < 0 ? text.length() : end + 2;
        }
        if (text.startsWith("\"\"\"", at)) {
            return closing(text, at + 3, "\"\"\"", false);
        }
        char c = text.charAt(at);
        return c == '"' || c == '\'' ? closing(text, at + 1, String.valueOf(c), true) : at;
    }

    private static int closing(String text, int from, String quote, boolean inOneLine) {
        int i = from;
        while (i < text.length() && !text.startsWith(quote, i)) {
            if (inOneLine && text.charAt(i) == '\n') {
                return i; // never closed: what follows is code again
            }
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(text.length(), i + quote.length());
    }

    /**
     * The text with another sign in place of every percent sign that begins no magic although it looks so: inside a
     * literal or a comment, or as Java's operator at the start of a line. {@link #unmasked} puts them back.
     */
    static String masked(String text) {
        if (text.startsWith("%%") || text.indexOf('%') < 0) {
            return text; // all below a cell magic is the magic's
        }
        char[] masked = text.toCharArray();
        String code = codeOnly(withoutMagicTails(text));
        Matcher found = MAGIC.matcher(text);
        while (found.find()) {
            int at = found.end() - 1;
            boolean isLine = text.charAt(found.start()) != '=';
            String before = code.substring(0, at).stripTrailing();
            boolean continues = isLine && !before.isEmpty() && ";{}".indexOf(before.charAt(before.length() - 1)) < 0;
            if (code.charAt(at) != '%' || continues) {
                masked[at] = MASK;
            }
        }
        return new String(masked);
    }

    /** A magic's words are not Java, and may hold a lone quote; so that they hide nothing, they become a statement. */
    private static String withoutMagicTails(String text) {
        StringBuilder all = new StringBuilder(text);
        Matcher line = Pattern.compile("(?m)^[ \\t]*%[a-zA-Z]\\w*(.*)$").matcher(text);
        while (line.find()) {
            String before = codeOnly(all.substring(0, line.start())).stripTrailing();
            boolean begins = before.isEmpty() || ";{}".indexOf(before.charAt(before.length() - 1)) >= 0;
            String sofar = codeOnly(all + "\0").substring(line.start(), line.end());
            if (begins && sofar.indexOf('%') >= 0) {
                for (int k = line.start(1); k < line.end(1); k++) {
                    all.setCharAt(k, ' ');
                }
                all.setCharAt(line.end() - 1, ';');
            }
        }
        return all.toString();
    }

    static String unmasked(String text) {
        return text.replace(MASK, '%');
    }

    /** The names of all types and methods that a cell declares. */
    static Set<String> declared(String cell) {
        String code = codeOnly(cell);
        Set<String> names = new HashSet<>();
        for (Pattern pattern : List.of(TYPE, METHOD)) {
            Matcher found = pattern.matcher(code);
            while (found.find()) {
                names.add(found.group(1));
            }
        }
        return names;
    }

    /** Where a snippet may end: after each semicolon and brace outside of brackets. */
    static List<Integer> ends(String text) {
        String code = codeOnly(text);
        List<Integer> ends = new ArrayList<>();
        int depth = 0;
        for (int i = 0; i < code.length(); i++) {
            char c = code.charAt(i);
            depth += c == '{' || c == '(' || c == '[' ? 1 : c == '}' || c == ')' || c == ']' ? -1 : 0;
            if (depth == 0
                    && (c == ';' || c == '}')
                    && !code.substring(i + 1).matches("(?s)\\s*(?:else|catch|finally)\\b.*")) {
                ends.add(i + 1);
            }
        }
        return ends;
    }
}
