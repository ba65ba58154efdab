package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel as a front end sees it, over its sockets. */
class ProtocolTest extends KernelCase {
    // ------------------------------------------------------------------ interrupts

    @ParameterizedTest
    @ValueSource(
            strings = {
                "long n = 0; System.out.println(\"go\"); while (true) n++;",
                "System.out.println(\"go\"); for (;;) { }",
                "System.out.println(\"go\"); Thread.sleep(100_000);",
                "System.out.println(\"go\"); for (;;) { try { Thread.sleep(10_000); } catch (InterruptedException e) { } }",
                "System.out.println(\"go\"); while (true) { try { int[] a = new int[1]; a[2] = 1; } catch (Exception e) { } }",
                "int deep(int x) { if (x == 0) return 0; for (int i = 0; i < 10; i++) { deep(x - 1); } return x; }\nSystem.out.println(\"go\"); deep(40);",
                "System.out.println(\"go\"); IntStream.generate(() -> 1).forEach(x -> { });",
                "System.out.println(\"go\"); IntStream.range(0, 1 << 30).parallel().forEach(x -> { for (;;) { } });",
                "System.out.println(\"go\"); new Object() { public String toString() { while (true) { } } }",
                "System.out.println(\"go\"); synchronized (String.class) { String.class.wait(); }",
            })
    void endsWhatever(String code) {
        kernel.run("int kept = 42;");
        KernelProcess.Outcome outcome = interrupted(code);
        assertEquals("error", outcome.status());
        assertEquals("Interrupted", outcome.reply().get("ename").getAsString());
        assertEquals("42", kernel.run("kept").value());
        KernelProcess.Outcome threads = kernel.run(
                "Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().startsWith(\"cell-\") && t != Thread.currentThread()).count()");
        assertEquals("0", threads.value());
    }

    @Test
    void endsReading() {
        String request = kernel.begin("int first = System.in.read();");
        kernel.awaitQuestion();
        kernel.interrupt();
        assertEquals("Interrupted", kernel.await(request).reply().get("ename").getAsString());
        String again = kernel.begin("new Scanner(System.in).nextLine()");
        assertEquals("", kernel.answer("a line"));
        assertEquals("a line", kernel.await(again).value());
    }

    @Test
    void keepsWhatATrainingLoopHasLearnt() {
        kernel.run("var weights = org.carousel.layers.Affine.of(1, 1, RandomStream.of(1));");
        String request = kernel.begin(
                """
                var history = Trainer.of(Parameters.of("affine", weights), Optimizer.sgd(1e-9)).train(1_000_000, step -> {
                    if (step == 3) System.out.println("go");
                    return weights.apply(Tensor.ones(1, 1)).squared().mean();
                });
                """);
        kernel.awaitPublished(request, "stream");
        kernel.interrupt();
        assertEquals("ok", kernel.await(request).status());
        assertEquals("true", kernel.run("history.losses().length > 2").value());
    }

    @Test
    void doesNotRunWhatWaitsBehindAnError() {
        String wrong = kernel.begin("int before = 1; throw new IllegalStateException(\"no\");");
        String next = kernel.begin("before = 2;");
        assertEquals("error", kernel.await(wrong).status());
        assertEquals("aborted", kernel.await(next).status());
        assertEquals("1", kernel.run("before").value());
    }

    @Test
    void runsWhatIsSentInAnswerToAnError() {
        for (int k = 0; k < 20; k++) {
            assertEquals(
                    "error", kernel.run("throw new IllegalStateException();").status());
            assertEquals("2", kernel.run("1 + 1").value());
        }
    }

    // ------------------------------------------------------------------ output

    @Test
    void losesNoLine() {
        KernelProcess.Outcome outcome = kernel.run("for (int i = 0; i < 100_000; i++) System.out.println(i);");
        String all = IntStream.range(0, 100_000).mapToObj(i -> i + "\n").collect(Collectors.joining());
        assertEquals(all, outcome.text("stdout"));
        assertTrue(outcome.count("stream") < 1000, "many small messages");
    }

    @Test
    void printsTenMegabytesAtOnce() {
        KernelProcess.Outcome outcome = kernel.run("System.out.print(\"äöü€😀\".repeat(700_000));");
        assertEquals("äöü€😀".repeat(700_000), outcome.text("stdout"));
    }

    @Test
    void printsLive() {
        String request = kernel.begin("System.out.print(\"first\"); Thread.sleep(60_000);");
        assertEquals("first", kernel.awaitText(request));
        kernel.interrupt();
        kernel.await(request);
    }

    @Test
    void keepsStreamsApartAndInOrder() {
        KernelProcess.Outcome outcome =
                kernel.run("System.out.println(1); System.err.println(2); System.out.println(3); show(4); say(\"5\");");
        List<String> order = outcome.published().stream()
                .filter(m -> m.type().equals("stream") || m.type().equals("display_data"))
                .map(m -> m.type().equals("stream")
                        ? m.content().get("name").getAsString() + " "
                                + m.content().get("text").getAsString().strip()
                        : "display "
                                + m.content()
                                        .getAsJsonObject("data")
                                        .get("text/plain")
                                        .getAsString())
                .toList();
        assertEquals(List.of("stdout 1", "stderr 2", "stdout 3", "display 4", "stdout 5"), order);
    }

    @Test
    void sendsLateOutputOfAThreadToTheCellThatRuns() {
        ok(
                kernel.run(
                        "var go = new CountDownLatch(1); var late = new Thread(() -> { try { go.await(); } catch (InterruptedException e) { } System.out.println(\"late\"); }); late.start();"));
        assertEquals("late\n", kernel.run("go.countDown(); late.join();").text("stdout"));
    }

    private static void ok(KernelProcess.Outcome outcome) {
        assertEquals("ok", outcome.status(), outcome.error());
    }

    // ------------------------------------------------------------------ errors

    @Test
    void survivesExitAndExhaustion() {
        kernel.run("int here = 7;");
        assertTrue(kernel.run("System.exit(3);").error().contains("would end the kernel"));
        assertTrue(kernel.run("Runtime.getRuntime().halt(3);").error().contains("would end the kernel"));
        assertTrue(kernel.run("Runnable out = () -> System.exit(1); out.run();")
                .error()
                .contains("would end the kernel"));
        assertTrue(kernel.run("var hog = new ArrayList<long[]>(); while (true) hog.add(new long[10_000_000]);")
                .error()
                .contains("OutOfMemoryError"));
        assertTrue(kernel.run("hog.clear(); int down(int x) { return down(x + 1); } down(0);")
                .error()
                .contains("StackOverflowError"));
        assertEquals("7", kernel.run("here").value());
        assertTrue(kernel.isAlive());
    }

    @Test
    void namesLinesOfCells() {
        kernel.run("int half(int x) {\n    int none = 0;\n    return x / none;\n}");
        KernelProcess.Outcome outcome = kernel.run("// a comment\n\nint y = 1;\nint z = half(\n    4);");
        String error = outcome.error();
        assertTrue(error.startsWith("ArithmeticException: / by zero\n"), error);
        int cell = outcome.reply().get("execution_count").getAsInt();
        assertTrue(error.contains("at half, cell " + (cell - 1) + ", line 3:  return x / none;"), error);
        assertTrue(error.contains("at cell " + cell + ", line 4:  int z = half("), error);
        assertEquals("ArithmeticException", outcome.reply().get("ename").getAsString());
        assertEquals(3, error.lines().count(), error);
    }

    @Test
    void tellsCausesAndTheLibraryThatThrew() {
        String error = kernel.run(
                        "try { List.of(1).get(5); } catch (RuntimeException e) {\n throw new IllegalStateException(\"outer\", e);\n}")
                .error();
        assertTrue(error.startsWith("IllegalStateException: outer\n"), error);
        assertTrue(error.contains("Caused by "), error);
        assertTrue(error.contains("thrown in java.util."), error);
    }

    @Test
    void marksWhatDoesNotCompile() {
        String error = kernel.run("int a = 1;\nint b = \"text\" + a;\n").error();
        assertTrue(error.startsWith("CompilationError: incompatible types"), error);
        assertTrue(error.contains("line 2\n    int b = \"text\" + a;\n            ^^^^^^^^^^\n"), error);
    }

    @Test
    void suggestsTheImport() {
        kernel.run("1");
        String error = kernel.run("BigDecimalx unknown;").error();
        assertTrue(error.startsWith("CompilationError"), error);
        assertFalse(error.contains("import"), error);
        String hint = kernel.run("Object o = new HttpCookie(\"a\", \"b\").toString() + AtomicIntegerArray.class;")
                .error();
        assertTrue(hint.contains("import java.util.concurrent.atomic.AtomicIntegerArray;"), hint);
    }

    // ------------------------------------------------------------------ magics and values

    @Test
    void timesACell() {
        KernelProcess.Outcome outcome = kernel.run("%%time\nThread.sleep(20);\n6 * 7");
        assertEquals(1, outcome.count("display_data"));
        assertTrue(outcome.text("stdout").matches("\\d+\\.\\d{3} s\n"), outcome.text("stdout"));
        String error = kernel.run("%%time\nthrow new IllegalStateException(\"inner\");")
                .error();
        assertTrue(error.startsWith("IllegalStateException: inner\n"), error);
    }

    @Test
    void loadsAFileAndTellsItsErrors(@TempDir Path folder) throws IOException {
        Path file = java.nio.file.Files.writeString(
                folder.resolve("some.jsh"), "int loaded = 5;\nint twice = loaded * 2;\n");
        assertEquals("ok", kernel.run("%load " + file).status());
        assertEquals("10", kernel.run("twice").value());
        java.nio.file.Files.writeString(file, "int bad = \"x\";\n");
        String error = kernel.run("%load " + file).error();
        assertTrue(error.startsWith("CompilationError: incompatible types"), error);
        assertTrue(kernel.run("%load nowhere.jsh").status().equals("error"));
    }

    @Test
    void showsRecordsFormulasAndText() {
        kernel.run("record Point(int x, String name) {}");
        String table = html(kernel.run("List.of(new Point(1, \"a<b\"), new Point(2, \"c\"))"), "text/html");
        assertTrue(table.contains("<th>x</th><th>name</th>"), table);
        assertTrue(table.contains("a&lt;b"), table);
        assertTrue(html(kernel.run("new TreeMap<>(Map.of(\"k\", 3))"), "text/html")
                .contains("<td style=\"text-align:left\">k</td>"));
        assertEquals("$$c^2$$", html(kernel.run("new org.carousel.notebook.Latex(\"c^2\")"), "text/latex"));
        assertEquals("*x*", html(kernel.run("new org.carousel.notebook.Markdown(\"*x*\")"), "text/markdown"));
    }

    @Test
    void findsTheRenderersOfAJar(@TempDir Path folder) throws IOException {
        kernel.run(
                """
                record Temperature(double celsius) {}
                org.carousel.notebook.Notebook.add(new org.carousel.notebook.Renderer() {
                    public Class<?> type() { return Temperature.class; }
                    public Map<String, String> render(Object value) { return Map.of("text/html", "<b>" + ((Temperature) value).celsius() + "</b>"); }
                });
                """);
        assertEquals("<b>21.5</b>", html(kernel.run("new Temperature(21.5)"), "text/html"));
        Path services = java.nio.file.Files.createDirectories(folder.resolve("META-INF/services"));
        java.nio.file.Files.writeString(
                services.resolve("org.carousel.notebook.Renderer"), "java.lang.Object # is none\n");
        String error = kernel.run("%classpath " + folder).error();
        assertTrue(error.contains("its renderer java.lang.Object cannot be made"), error);
    }

    private static String html(KernelProcess.Outcome outcome, String type) {
        return outcome.published().stream()
                .filter(m -> m.type().equals("execute_result"))
                .map(m -> m.content().getAsJsonObject("data").get(type).getAsString())
                .findFirst()
                .orElse("");
    }

    // ------------------------------------------------------------------ messages

    @Test
    void dropsMessagesThatAreNone() throws IOException {
        String header = "{\"msg_id\":\"x\",\"msg_type\":\"execute_request\",\"session\":\"s\",\"username\":\"u\"}";
        String cell = KernelProcess.cell("System.out.println(\"never\");").toString();
        kernel.sendRaw("wrong signature", header, "{}", "{}", cell);
        kernel.sendRaw(KernelProcess.sign(header, "{}"), header, "{}");
        kernel.sendRaw(KernelProcess.sign());
        kernel.sendRaw(KernelProcess.sign("{", "{}", "{}", "{}"), "{", "{}", "{}", "{}");
        kernel.sendRaw(KernelProcess.sign("[]", "7", "null", "\"\""), "[]", "7", "null", "\"\"");
        kernel.sendRaw(KernelProcess.sign("{}", "{}", "{}", "{}"), "{}", "{}", "{}", "{}");
        kernel.sendRaw(KernelProcess.sign(header, "{}", "{}", "[1]"), header, "{}", "{}", "[1]");
        kernel.send("a_type_that_nobody_knows", new JsonObject());
        KernelProcess.Outcome outcome = kernel.run("6 * 7");
        assertEquals("42", outcome.value());
        assertTrue(kernel.log().contains("its signature is wrong"), kernel.log());
        assertFalse(kernel.log().contains("never"));
    }

    @Test
    void survivesNoise() {
        RandomBytes noise = new RandomBytes(1);
        for (int k = 0; k < 300; k++) {
            String[] parts = new String[noise.next(7)];
            for (int i = 0; i < parts.length; i++) {
                parts[i] = noise.text();
            }
            kernel.sendRaw(k % 2 == 0 ? KernelProcess.sign(parts) : noise.text(), parts);
        }
        assertEquals("2", kernel.run("1 + 1").value());
    }

    private static final class RandomBytes {
        private final org.carousel.tensor.RandomStream random;

        RandomBytes(long seed) {
            random = org.carousel.tensor.RandomStream.of(seed);
        }

        int next(int bound) {
            return random.nextInt(bound);
        }

        String text() {
            String letters = "{}[]\":,0aé\u0000\n\\msg_type";
            StringBuilder text = new StringBuilder();
            for (int k = next(30); k > 0; k--) {
                text.append(letters.charAt(next(letters.length())));
            }
            return text.toString();
        }
    }

    // ------------------------------------------------------------------ other requests

    @Test
    void isSilentWhenAsked() {
        JsonObject content = KernelProcess.cell("int quiet = 5; quiet");
        content.addProperty("silent", true);
        int before = kernel.run("1").reply().get("execution_count").getAsInt();
        KernelProcess.Outcome outcome = kernel.await(kernel.send("execute_request", content));
        assertEquals("ok", outcome.status());
        assertEquals(0, outcome.count("execute_input") + outcome.count("execute_result"));
        assertEquals(
                before + 1, kernel.run("quiet").reply().get("execution_count").getAsInt());
    }

    @Test
    void evaluatesUserExpressions() {
        JsonObject content = KernelProcess.cell("int mine = 20;");
        JsonObject expressions = new JsonObject();
        expressions.addProperty("twice", "mine * 2");
        expressions.addProperty("wrong", "mine / 0");
        content.add("user_expressions", expressions);
        JsonObject values =
                kernel.await(kernel.send("execute_request", content)).reply().getAsJsonObject("user_expressions");
        assertEquals(
                "40",
                values.getAsJsonObject("twice")
                        .getAsJsonObject("data")
                        .get("text/plain")
                        .getAsString());
        assertEquals(
                "ArithmeticException",
                values.getAsJsonObject("wrong").get("ename").getAsString());
    }

    @Test
    void saysWhatSuggestionsAre() {
        kernel.run("1");
        JsonObject content = new JsonObject();
        content.addProperty("code", "Math.fl");
        content.addProperty("cursor_pos", 7);
        JsonObject reply = kernel.request("complete_request", content);
        JsonObject first = reply.getAsJsonObject("metadata")
                .getAsJsonArray("_jupyter_types_experimental")
                .get(0)
                .getAsJsonObject();
        assertEquals("function", first.get("type").getAsString());
        assertEquals(5, first.get("start").getAsInt());
        assertTrue(first.get("signature").getAsString().contains("Math.floor("), first.toString());
    }

    @Test
    void documentsThisLibrary() {
        kernel.run("1");
        JsonObject content = new JsonObject();
        content.addProperty("code", "LstmForm.vanilla(");
        content.addProperty("cursor_pos", 17);
        content.addProperty("detail_level", 0);
        String text = kernel.request("inspect_request", content)
                .getAsJsonObject("data")
                .get("text/plain")
                .getAsString();
        assertTrue(text.contains("LstmForm.vanilla()\nGreff's vanilla LSTM"), text);
    }

    @Test
    void endsWhenAsked(@TempDir Path folder) throws Exception {
        try (KernelProcess other = KernelProcess.start(folder)) {
            other.begin("while (true) { }");
            assertEquals(0, other.shutDown());
        }
    }
}
