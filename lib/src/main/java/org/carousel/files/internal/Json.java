package org.carousel.files.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * JSON of files that strangers wrote, strict and limited in depth: objects are maps in the order of the text, arrays are
 * lists, whole numbers {@code Long}, other numbers {@code Double}, and null is {@link #NULL}.
 */
public final class Json {
    /** What {@code null} in a text becomes. */
    public static final Object NULL = new Object() {
        @Override
        public String toString() {
            return "null";
        }
    };

    private static final int DEEPEST = 64; // a model of Keras nests 12 and more
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

    private static final Map<String, Object> WORDS = Map.of("true", true, "false", false, "null", NULL);

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /**
     * Parses a text that holds one value and nothing else.
     *
     * @throws IllegalArgumentException saying at which character what was expected
     */
    public static Object parse(String text) {
        Json json = new Json(text);
        json.at = start(text);
        Object value = json.value(0);
        json.space();
        if (json.at != text.length()) {
            throw json.wrong("nothing more");
        }
        return value;
    }

    /**
     * Parses a text that holds one object, and hands out its fields one after the other without keeping them: for objects
     * of very many fields.
     *
     * @throws IllegalArgumentException as {@link #parse}; fields before that place have been handed out
     */
    public static void forEachField(String text, BiConsumer<String, Object> to) {
        Json json = new Json(text);
        json.at = start(text);
        json.fields(0, to);
        json.space();
        if (json.at != text.length()) {
            throw json.wrong("nothing more");
        }
    }

    private static int start(String text) {
        return text.startsWith("\ufeff") ? 1 : 0; // a byte order mark is no part of the text
    }

    /** The fields of a value that must be an object. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> object(@Nullable Object value) {
        if (value instanceof Map) {
            return (Map<String, Object>) value;
        }
        throw new IllegalArgumentException("an object was expected, not " + value);
    }

    /** The elements of a value that must be an array. */
    @SuppressWarnings("unchecked")
    public static List<Object> array(@Nullable Object value) {
        if (value instanceof List) {
            return (List<Object>) value;
        }
        throw new IllegalArgumentException("an array was expected, not " + value);
    }

    /** A value that must be a string. */
    public static String string(@Nullable Object value) {
        if (value instanceof String s) {
            return s;
        }
        throw new IllegalArgumentException("a string was expected, not " + value);
    }

    /** A value that must be a whole number. */
    public static long integer(@Nullable Object value) {
        if (value instanceof Long n) {
            return n;
        }
        throw new IllegalArgumentException("a whole number was expected, not " + value);
    }

    /** A string as JSON writes it. */
    public static String quote(String s) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    private Object value(int depth) {
        if (depth > DEEPEST) {
            throw wrong("at most " + DEEPEST + " levels");
        }
        space();
        char c = at < text.length() ? text.charAt(at) : ' ';
        if (c == '{') {
            return objectValue(depth);
        }
        if (c == '[') {
            return arrayValue(depth);
        }
        return c == '"' ? stringValue() : number();
    }

    private Map<String, Object> objectValue(int depth) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields(depth, fields::put);
        return fields;
    }

    private void fields(int depth, BiConsumer<String, Object> to) {
        expect('{');
        if (accept('}')) {
            return;
        }
        Set<String> names = new HashSet<>();
        do {
            space();
            String name = stringValue();
            expect(':');
            if (!names.add(name)) {
                throw new IllegalArgumentException("the name " + name + " stands twice");
            }
            to.accept(name, value(depth + 1));
        } while (accept(','));
        expect('}');
    }

    private List<Object> arrayValue(int depth) {
        List<Object> values = new ArrayList<>();
        expect('[');
        if (accept(']')) {
            return values;
        }
        do {
            values.add(value(depth + 1));
        } while (accept(','));
        expect(']');
        return values;
    }

    private String stringValue() {
        expect('"');
        StringBuilder out = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            char c = text.charAt(at++);
            out.append(c == '\\' ? escape() : c);
        }
        expect('"');
        return out.toString();
    }

    private char escape() {
        char c = at < text.length() ? text.charAt(at++) : ' ';
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw wrong("an escape");
        };
    }

    private char unicode() {
        if (at + 4 > text.length()) {
            throw wrong("four hexadecimal digits");
        }
        try {
            char c = (char) Integer.parseInt(text.substring(at, at + 4), 16);
            at += 4;
            return c;
        } catch (NumberFormatException e) {
            throw wrong("four hexadecimal digits");
        }
    }

    private Object number() {
        for (Map.Entry<String, Object> word : WORDS.entrySet()) {
            if (text.startsWith(word.getKey(), at)) {
                at += word.getKey().length();
                return word.getValue();
            }
        }
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        if (!number.lookingAt()) {
            throw wrong("a value");
        }
        try {
            boolean whole = number.group(2) == null && number.group(3) == null;
            Object value = whole ? (Object) Long.valueOf(number.group()) : Double.valueOf(number.group());
            at = number.end();
            return value;
        } catch (NumberFormatException e) {
            throw wrong("a number of at most 64 bits");
        }
    }

    private void expect(char c) {
        if (!accept(c)) {
            throw wrong("'" + c + "'");
        }
    }

    private boolean accept(char c) {
        space();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException("not valid JSON: " + expected + " expected at character " + at);
    }
}
