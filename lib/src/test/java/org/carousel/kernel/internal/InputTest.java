package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions of cells to the reader that are not answered as they expect. */
class InputTest extends KernelCase {
    @BeforeAll
    void scanner() {
        ok("var in = new Scanner(System.in); String[] got = new String[1];");
    }

    private static JsonObject line(String text) {
        JsonObject content = new JsonObject();
        content.addProperty("value", text);
        return content;
    }

    private void asksAndIsAnswered() {
        String request = kernel.begin("in.nextLine()");
        kernel.answer(kernel.awaitQuestion(), line("a line"));
        assertEquals("a line", kernel.await(request).value());
    }

    /** A scanner that a read throws out of has lost its place. */
    @Test
    void aScannerOfAnEarlierCellOutlivesAnInterrupt() {
        for (String call : new String[] {"in.nextLine()", "in.nextInt()", "in.hasNext()"}) {
            String request = kernel.begin(call);
            kernel.awaitQuestion();
            kernel.interrupt();
            assertEquals(
                    "Interrupted", kernel.await(request).reply().get("ename").getAsString());
            asksAndIsAnswered();
        }
        JsonObject cell = KernelProcess.cell("in.nextLine()");
        cell.addProperty("allow_stdin", false);
        assertTrue(kernel.await(kernel.send("execute_request", cell)).error().contains("cannot ask"));
        asksAndIsAnswered();
    }

    /** However it was made; only those that a library makes are as Java's own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "new Scanner(System.in, \"UTF-8\")",
                "new Scanner(System.in, java.nio.charset.StandardCharsets.UTF_8)",
                "new Scanner(new InputStreamReader(System.in))",
                "((Function<InputStream, Scanner>) Scanner::new).apply(System.in)",
                "((Function<Readable, Scanner>) Scanner::new).apply(new BufferedReader(new InputStreamReader(System.in)))",
                "((BiFunction<InputStream, String, Scanner>) Scanner::new).apply(System.in, \"UTF-8\")",
            })
    void everyScannerOutlivesAnInterrupt(String made) {
        String request = kernel.begin("var other = " + made + "; other.nextLine()");
        kernel.awaitQuestion();
        kernel.interrupt();
        assertEquals("Interrupted", kernel.await(request).reply().get("ename").getAsString());
        request = kernel.begin("other.nextLine()");
        kernel.answer(kernel.awaitQuestion(), line("größer"));
        assertEquals("größer", kernel.await(request).value());
    }

    @Test
    void aScannerRefusesWhatJavasRefuses() {
        for (String encoding : new String[] {"none-such", "not a name"}) {
            KernelProcess.Outcome outcome = kernel.run("new Scanner(System.in, \"" + encoding + "\")");
            assertEquals(
                    "IllegalArgumentException", outcome.reply().get("ename").getAsString());
        }
    }

    @Test
    void aLateAnswerIsNoneToTheNextQuestion() {
        String first = kernel.begin("in.nextLine()");
        String old = kernel.awaitQuestion();
        kernel.interrupt();
        kernel.await(first);
        String second = kernel.begin("in.nextLine()");
        String question = kernel.awaitQuestion();
        kernel.answer(old, line("late"));
        JsonObject none = new JsonObject();
        none.add("value", JsonNull.INSTANCE);
        kernel.answer(question, none);
        kernel.answer(question, line("right"));
        assertEquals("right", kernel.await(second).value());
    }

    /** The front end takes the field away with its cell; who waits for its answer keeps no other cell from asking. */
    @Test
    void aQuestionEndsWithItsCell() {
        ok("Thread asks = new Thread(() -> { try { got[0] = \"\" + System.in.read(); } catch (Throwable e) { got[0] ="
                + " e.getMessage(); } }); asks.start(); while (asks.getState() != Thread.State.RUNNABLE)"
                + " Thread.sleep(10); Thread.sleep(300);");
        kernel.awaitQuestion();
        asksAndIsAnswered();
        assertEquals("System.in: the cell that asked is over", value("asks.join(); got[0]"));
    }

    @Test
    void aCellThatInterruptsItselfDoesNotAsk() {
        assertEquals(
                "Interrupted",
                kernel.run("{ Thread.currentThread().interrupt(); System.in.read(); }")
                        .reply()
                        .get("ename")
                        .getAsString());
        assertEquals("false", value("Thread.currentThread().isInterrupted()"));
    }
}
