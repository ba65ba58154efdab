package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JavaTextTest {
    @Test
    void blanksLiteralsAndComments() {
        assertEquals("int a =    ;     ", JavaText.codeOnly("int a = 'x'; // y"));
        assertEquals("f(    ,  1)", JavaText.codeOnly("f(\"\\\"\",  1)"));
        assertEquals("a        \n    b", JavaText.codeOnly("a /* \" ' \n */ b"));
        assertEquals("s =    \n \n   ;", JavaText.codeOnly("s = \"\"\"\n\"\n\"\"\";"));
        for (String text : new String[] {"\"", "'", "/*", "\"\"\"", "\"\\", "a / b", ""}) {
            assertEquals(text.length(), JavaText.codeOnly(text).length(), text);
        }
        assertEquals(
                "    \nint c;", JavaText.codeOnly("\" b;\nint c;"), "a text that is not closed ends with its line");
    }

    @Test
    void masksOnlyWhatIsNoMagic() {
        for (String magic : new String[] {
            "%maven a:b:1", "int a = 1;\n%jars x.jar", "%load it's.jshell\n%help", "x = %load a", "%%time\n\"%\""
        }) {
            assertEquals(magic, JavaText.masked(magic), magic);
        }
        for (String java : new String[] {
            "int m = 10\n  %3;", "s = \"\"\"\n  %d\n\"\"\";", "// a\n/*\n%maven a\n*/", "f(\"x = %d\")"
        }) {
            String masked = JavaText.masked(java);
            assertNotEquals(java, masked, java);
            assertEquals(java, JavaText.unmasked(masked));
        }
        assertEquals("a % b", JavaText.masked("a % b"), "inside a line it never looks like a magic");
    }

    @Test
    void namesWhatIsDeclared() {
        assertEquals(
                Set.of("A", "B", "C", "D", "f", "g", "h"),
                JavaText.declared(
                        """
                        class A { int f(int x) { return x; } }
                        record B(int x) {} interface C {} enum D { X }
                        <T> List<T> g(T[] a) throws IOException { return null; }
                        int[] h() { return null; } // class No { }
                        String s = "class Nor { void nor() { } }"; int k = call(3);
                        """));
    }

    @Test
    void snippetsEndOutsideOfBrackets() {
        String text = "int a = 1; for (int i = 0; i < 2; i++) { a++; } if (a > 1) { a = 0; } else { a = 2; }";
        assertEquals(
                List.of(
                        "int a = 1;",
                        " for (int i = 0; i < 2; i++) { a++; }",
                        " if (a > 1) { a = 0; } else { a = 2; }"),
                parts(text));
        assertEquals(List.of("s = \";}\";"), parts("s = \";}\";"));
        assertEquals(
                List.of("try { f(); } catch (E e) { } finally { }"), parts("try { f(); } catch (E e) { } finally { }"));
    }

    private static List<String> parts(String text) {
        List<String> parts = new java.util.ArrayList<>();
        int from = 0;
        for (int end : JavaText.ends(text)) {
            parts.add(text.substring(from, end));
            from = end;
        }
        return parts;
    }
}
