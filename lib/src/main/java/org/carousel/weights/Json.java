package org.carousel.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * As much JSON as a safetensors header needs: objects, arrays, strings and whole numbers. Strict, and limited in depth,
 * because the text comes from files of strangers.
 */
final class Json {
    private static final int DEEPEST = 8;

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** Parses a text that holds one value and nothing else. */
    static Object parse(String text) {
        Json json = new Json(text);
        Object value = json.value(0);
        json.space();
        if (json.at != text.length()) {
            throw json.wrong("nothing more");
        }
        return value;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(@Nullable Object value) {
        if (value instanceof Map) {
            return (Map<String, Object>) value;
        }
        throw new IllegalArgumentException("an object was expected in the header, not " + value);
    }

    @SuppressWarnings("unchecked")
    static List<Object> array(@Nullable Object value) {
        if (value instanceof List) {
            return (List<Object>) value;
        }
        throw new IllegalArgumentException("an array was expected in the header, not " + value);
    }

    static String string(@Nullable Object value) {
        if (value instanceof String s) {
            return s;
        }
        throw new IllegalArgumentException("a string was expected in the header, not " + value);
    }

    static long integer(@Nullable Object value) {
        if (value instanceof Long n) {
            return n;
        }
        throw new IllegalArgumentException("a whole number was expected in the header, not " + value);
    }

    static String quote(String s) {
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
        expect('{');
        if (accept('}')) {
            return fields;
        }
        do {
            space();
            String name = stringValue();
            expect(':');
            if (fields.put(name, value(depth + 1)) != null) {
                throw new IllegalArgumentException("the name " + name + " stands twice in the header");
            }
        } while (accept(','));
        expect('}');
        return fields;
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

    private Long number() {
        int begin = at;
        while (at < text.length() && (Character.isDigit(text.charAt(at)) || (at == begin && text.charAt(at) == '-'))) {
            at++;
        }
        try {
            return Long.parseLong(text.substring(begin, at));
        } catch (NumberFormatException e) {
            at = begin;
            throw wrong("a value");
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
        return new IllegalArgumentException(
                "the header is not valid JSON: " + expected + " expected at character " + at);
    }
}
