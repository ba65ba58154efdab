package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What notebooks that were written for other kernels do. */
class StrangersTest extends KernelCase {
    // ------------------------------------------------------------------ magics

    @Test
    void showsAMagicAsItWasTyped() {
        KernelProcess.Outcome unknown = kernel.run("int before = 1;\n%foo bar \"b c\"");
        String error = unknown.error();
        assertTrue(error.contains("%foo is no magic here; there are %classpath, "), error);
        int cell = unknown.reply().get("execution_count").getAsInt();
        assertTrue(error.endsWith("    at cell " + cell + ", line 2:  %foo bar \"b c\"\n"), error);
        assertEquals(2, error.lines().count(), error);
        String bash = kernel.run("%%bash\nls").error();
        assertTrue(bash.contains("%%bash is no magic here"), bash);
        assertTrue(bash.endsWith(":  %%bash\n"), bash);
    }

    @Test
    void saysOnceWhatALibraryLacks() {
        String error = kernel.run("%maven no.such/thing").error();
        assertEquals(2, error.lines().count(), error);
        assertTrue(error.contains("%maven: no.such/thing: a library is named group:artifact:version"), error);
    }

    @Test
    void magicsDoNotNeedTheReadersNames() {
        ok("class Base64 {} class Magics {} class lineMagic {}");
        ok("import java.awt.*;\nimport java.awt.List;\n%jars");
        ok("import java.util.List;");
        error("%nothing is no magic here", "%nothing");
    }

    @Test
    void givesTheValueOfAMagic() {
        assertEquals("[]", value("java.util.List<String> found = %jars nowhere-*.jar\nfound"));
    }

    @Test
    void magicsRunWhatANotebookRegisters() {
        ok("io.github.spencerpark.ijava.IJava.getKernelInstance().getMagics().registerCellMagic(\"twice\","
                + " (arguments, body) -> body.strip() + body.strip() + arguments);");
        assertEquals("a\"b\\na\"b\\n[x, y z]", value("%%twice x \"y z\"\na\"b\\n"));
        assertEquals("aa[]", value("\n// a comment\n\n%%twice\na"));
        assertEquals("3", value("%%time\n1 + 2").isEmpty() ? "3" : "no value is given twice");
    }

    @Test
    void saysWhenNothingIsThere() {
        assertEquals(
                "%jars nowhere.jar: nothing is there\n", ok("%jars nowhere.jar").text("stderr"));
        assertTrue(ok("%classpath nowhere/").text("stderr").contains("nothing is there"));
    }

    // ------------------------------------------------------------------ values

    @Test
    void theReadersOwnTextWinsOverATable() {
        ok("class MyMap extends HashMap<String, Integer> { public String toString() { return \"mine \" + size(); } }"
                + " var map = new MyMap(); map.put(\"a\", 1);");
        KernelProcess.Outcome shown = ok("map");
        assertEquals("mine 1", shown.value());
        assertFalse(shown.published().toString().contains("text/html"));
        ok("record Point(int x) { public String toString() { return \"P\" + x; } }");
        assertEquals("[P1, P2]", value("List.of(new Point(1), new Point(2))"));
        assertEquals(
                "many",
                value("new ArrayList<>(List.of(new Point(1))) { public String toString() { return \"many\"; } }"));
    }

    @Test
    void knowsJavasCalendar() {
        assertEquals("2020-01-02", value("LocalDate.of(2020, 1, 2)"));
        assertEquals("7", value("class Duration { int d = 7; } new Duration().d"));
    }

    // ------------------------------------------------------------------ messages

    @Test
    void namesVariablesAsTheReaderDoes() {
        error("Cannot invoke \"String.length()\" because \"none\" is null\n", "String none = null; none.length()");
    }

    @Test
    void printsTracesInLinesOfCells() {
        int cell = ok("int deep(int x) {\n    return 1 / x;\n}\nclass Deeper {\n    int f() { return deep(0); }\n}")
                .reply()
                .get("execution_count")
                .getAsInt();
        String trace = ok("// first\ntry { new Deeper().f(); }\ncatch (Exception e) { e.printStackTrace(); }")
                .text("stderr");
        assertEquals(
                List.of(
                        "java.lang.ArithmeticException: / by zero",
                        "\tat deep, cell " + cell + ", line 2",
                        "\tat Deeper.f, cell " + cell + ", line 5",
                        "\tat cell " + (cell + 1) + ", line 2"),
                trace.lines().toList());
        String thread = ok("var worker =\n    new Thread(() -> deep(0), \"worker\");\nworker.start(); worker.join();")
                .text("stderr");
        assertTrue(
                thread.startsWith(
                        "Exception in thread \"worker\" java.lang.ArithmeticException: / by zero\n\tat deep, cell "
                                + cell + ", line 2\n\tat a lambda, cell " + (cell + 2) + ", line 2\n"),
                thread);
        String out = ok("new RuntimeException(\"x\", new Error(\"y\")).printStackTrace(System.out);")
                .text("stdout");
        assertTrue(out.contains("Caused by: java.lang.Error: y"), out);
        String own = ok("class OddException extends Exception { OddException(Throwable t) { super(\"odd\", t); } }"
                        + " new OddException(new RuntimeException(\"z\") { }).printStackTrace();")
                .text("stderr");
        assertTrue(
                own.startsWith("OddException: odd\n") && own.contains("\nCaused by: java.lang.RuntimeException: z\n"),
                own);
        assertFalse(own.contains("REPL"), own);
        assertFalse(out.contains("reflect") || out.contains("JShell"), out);
    }

    // ------------------------------------------------------------------ output and input

    @Test
    void poolsOfEarlierCellsPrintIntoTheCellThatRuns() {
        assertEquals(
                "one\n",
                ok("var pool = Executors.newSingleThreadExecutor(); pool.submit(() -> System.out.println(\"one\")).get();")
                        .text("stdout"));
        assertEquals(
                "two\n",
                ok("pool.submit(() -> System.out.println(\"two\")).get();").text("stdout"));
        assertEquals(
                "three\n",
                ok("CompletableFuture.runAsync(() -> System.out.println(\"three\"), pool).get(); pool.shutdown();")
                        .text("stdout"));
    }

    @Test
    void showsWhatJavaLogs() {
        KernelProcess.Outcome outcome = ok("var logger = java.util.logging.Logger.getLogger(\"mine\");"
                + " logger.info(\"told\"); logger.fine(\"not told\"); logger.isLoggable(java.util.logging.Level.INFO)");
        assertEquals("true", outcome.value());
        assertTrue(outcome.text("stderr").endsWith("\nINFO: told\n"), outcome.text("stderr"));
    }

    @Test
    void closingAWriterSilencesNobody() {
        assertEquals(
                "a\n",
                ok("try (var w = new PrintWriter(System.out)) { w.println(\"a\"); }")
                        .text("stdout"));
        ok("System.err.close();");
        KernelProcess.Outcome outcome = ok("System.out.println(\"b\"); System.err.println(\"c\");");
        assertEquals("b\nc\n", outcome.text("stdout") + outcome.text("stderr"));
    }

    @Test
    void asksWithTheLineThatHasNotEnded() {
        String request =
                kernel.begin("System.out.print(\"first\\nA number: \"); int read = new Scanner(System.in).nextInt();");
        assertEquals("A number: ", kernel.answer("42"));
        assertEquals("first\n", kernel.await(request).text("stdout"));
        assertEquals("42", value("read"));
    }

    @Test
    void saysThatNobodyCanBeAsked() {
        var content = KernelProcess.cell("System.out.print(\"A number: \"); new Scanner(System.in).nextInt()");
        content.addProperty("allow_stdin", false);
        KernelProcess.Outcome outcome = kernel.await(kernel.send("execute_request", content));
        assertTrue(outcome.error().contains("this front end cannot ask the reader for input"), outcome.error());
        assertEquals("A number: ", outcome.text("stdout"));
    }

    // ------------------------------------------------------------------ settings of IJava's users

    @Test
    void settingsOfIJavaCount(@TempDir Path folder) throws Exception {
        try (KernelProcess other = KernelProcess.start(
                folder,
                Map.of(
                        "IJAVA_TIMEOUT", "500",
                        "IJAVA_COMPILER_OPTS", "-parameters --add-modules java.sql",
                        "IJAVA_STARTUP_SCRIPT", "int prepared = 6;"),
                List.of())) {
            assertEquals("6", other.run("prepared").value());
            assertEquals(
                    "width",
                    other.run("class Sized { void size(int width) {} }"
                                    + " Sized.class.getDeclaredMethods()[0].getParameters()[0].getName()")
                            .value());
            long start = System.nanoTime();
            String error = other.run("prepared = 7; Thread.sleep(60_000);").error();
            assertTrue(error.contains("timed out after 500 milliseconds"), error);
            assertTrue(System.nanoTime() - start < 20_000_000_000L);
            String loop = other.run("while (true) prepared++;").error();
            assertTrue(loop.contains("timed out after 500 milliseconds"), loop);
            assertEquals("true", other.run("prepared > 7").value());
        }
    }

    /** As README says: one variable for the machine, one for the compiler. */
    @Test
    void previewFeaturesCanBeHad(@TempDir Path folder) throws Exception {
        int java = Runtime.version().feature();
        Assumptions.assumeTrue(java == 17 || (java >= 23 && java <= 25), "this Java has none of those tried here");
        String cell = java == 17
                ? "Object o = \"seven\"; String s = switch (o) { case String t -> t; default -> \"\"; }; s"
                : "int k = 7; String s = k instanceof byte b ? \"seven\" : \"\"; s";
        Map<String, String> settings = Map.of(
                "JDK_JAVA_OPTIONS", "--enable-preview", "IJAVA_COMPILER_OPTS", "--enable-preview --source " + java);
        try (KernelProcess other = KernelProcess.start(folder, settings, List.of())) {
            KernelProcess.Outcome outcome = other.run(cell);
            assertEquals("seven", outcome.value(), outcome.error());
        }
        error("preview", cell);
    }

    @Test
    void aTimeMayHaveAUnit() {
        assertEquals(2000, CellControl.millis("2000"));
        assertEquals(30_000, CellControl.millis("30 seconds"));
        assertEquals(0, CellControl.millis("-1"));
        assertEquals(0, CellControl.millis("soon"));
        assertEquals(0, CellControl.millis(null));
    }
}
