package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jdk.jshell.JShell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodeHelpTest {
    private static final CodeHelp HELP = new CodeHelp(JShell.create());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int x = 1;|false",
                "1 + 2|false",
                "int x = |false",
                "class A {|false",
                "record P(int x) {}|false",
                "int f(int n) { return n; }|false",
                "import java.util.List;|false",
                "%help|false",
                "x -> x + 1|false",
                "int 3x = 1;|true",
                ") + 1;|true",
                "int a = 1; int 4b = 2;|true",
                "class 5 { }|true",
            })
    void tellsWhatCanNeverBecomeJava(String code, boolean invalid) {
        assertEquals(invalid, HELP.isInvalid(code), code);
    }

    @Test
    void documentsWhatStandsAtTheCursor() {
        assertTrue(HELP.documentation("Math.max(", 9).contains("int Math.max(int a, int b)"));
        assertTrue(HELP.documentation("String s = String.valueOf(", 26).contains("valueOf("));
        assertEquals("", HELP.documentation("", 0));
        assertEquals("", HELP.documentation("1 + 2", 3));
    }

    @Test
    void writesTypesWithoutTheirPackages() {
        assertEquals("Tensor Tensor.ones(int... shape)", CodeHelp.simple("a.b.Tensor a.b.Tensor.ones(int... shape)"));
        assertEquals(
                "List<String> f(Map.Entry<K,V> e)",
                CodeHelp.simple("java.util.List<java.lang.String> f(java.util.Map.Entry<K,V> e)"));
        assertEquals("word.length()", CodeHelp.simple("word.length()"));
    }
}
