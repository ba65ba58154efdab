package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VariablesTest {
    private final Variables variables = new Variables();

    /** A class as the shell wraps a snippet, loaded and told. */
    private Class<?> wrapper(String name, String fields) throws ReflectiveOperationException {
        Class<?> type = Compiled.load("REPL." + name, "package REPL; public class " + name + " { " + fields + " }");
        variables.loaded(type);
        return type;
    }

    private static Object get(Class<?> type, String name) throws ReflectiveOperationException {
        return type.getField(name).get(null);
    }

    private static void set(Class<?> type, String name, Object value) throws ReflectiveOperationException {
        type.getField(name).set(null, value);
    }

    @Test
    void keepTheirValuesWhenCompiledAnew() throws ReflectiveOperationException {
        String fields = "public static int n; public static java.util.List<String> words;";
        Class<?> old = wrapper("$JShell$7", fields);
        List<String> words = List.of("a");
        set(old, "n", 42);
        set(old, "words", words);
        Class<?> anew = wrapper("$JShell$7B", fields);
        assertEquals(42, get(anew, "n"));
        assertSame(words, get(anew, "words"));
        set(anew, "words", List.of("b"));
        assertEquals(Set.of(), variables.settle());
        assertEquals(List.of("b"), get(old, "words"), "code of the old class sees the variable as it is now");
    }

    @Test
    void areLostWithTheirType() throws ReflectiveOperationException {
        Class<?> old = wrapper("$JShell$8", "public static Object x; public static int y; public static String z;");
        set(old, "x", 1.5);
        set(old, "y", 3);
        Class<?> anew = wrapper("$JShell$8B", "public static Integer x; public static long y; public static String z;");
        assertNull(get(anew, "x"));
        assertEquals(0L, get(anew, "y"));
        assertEquals(Set.of("x", "y"), variables.settle(), "z held nothing that could be lost");
        assertNull(get(old, "x"), "nothing keeps the lost value in memory");
        assertEquals(Set.of(), variables.settle(), "told once");
    }

    @Test
    void beginEmptyWhenDeclaredAgain() throws ReflectiveOperationException {
        Class<?> old = wrapper("$JShell$9", "public static int n; public static String s;");
        set(old, "n", 5);
        set(old, "s", "kept");
        Class<?> anew = wrapper("$JShell$9B", "public static int n; public static String s;");
        variables.clear("n");
        variables.clear("unknown");
        assertEquals(0, get(anew, "n"));
        assertEquals("kept", get(anew, "s"));
    }

    @Test
    void areGivenBackWhenDeclaredWithoutTheirFirstValue() throws ReflectiveOperationException {
        Class<?> old = wrapper("$JShell$11", "public static String s; public static Object o;");
        set(old, "s", "kept");
        set(old, "o", 1.5);
        Variables.Held text = variables.held("s");
        Variables.Held number = variables.held("o");
        Class<?> anew = wrapper("$JShell$11B", "public static String s; public static Integer o;");
        set(anew, "s", null);
        variables.giveBack("s", text);
        variables.giveBack("o", number);
        assertEquals("kept", get(anew, "s"));
        assertNull(get(anew, "o"));
        assertEquals(Set.of("o"), variables.settle());
        assertNull(variables.held("unknown").field());
    }

    @Test
    void ofOtherSnippetsAndClassesAreLeftAlone() throws ReflectiveOperationException {
        Class<?> first = wrapper("$JShell$1", "public static int n;");
        set(first, "n", 5);
        assertEquals(0, get(wrapper("$JShell$2", "public static int n;"), "n"));
        Class<?> own = wrapper("Own", "public static int n = 3;");
        assertEquals(0, get(wrapper("$JShell$3", "public static int n;"), "n"));
        assertEquals(3, get(own, "n"));
    }
}
