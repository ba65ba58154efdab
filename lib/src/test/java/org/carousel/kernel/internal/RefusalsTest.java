package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that are signed, and are none that the kernel can do: who asks waits for an answer. */
class RefusalsTest extends KernelCase {
    private static JsonObject json(String text) {
        return new JsonParser().parse(text.replace('\'', '"')).getAsJsonObject();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "execute_request | {}",
                "execute_request | {'code': null}",
                "execute_request | {'code': []}",
                "execute_request | {'code': '1', 'user_expressions': 5}",
                "execute_request | {'code': '1', 'allow_stdin': 7}",
                "execute_request | {'code': '1', 'stop_on_error': {}}",
                "complete_request | {'cursor_pos': 3}",
                "complete_request | {'code': '1', 'cursor_pos': []}",
                "inspect_request | {'code': null, 'cursor_pos': 0}",
                "inspect_request | {'code': '1', 'cursor_pos': 1, 'detail_level': 'a'}",
                "is_complete_request | {}",
                "history_request | {}",
                "history_request | {'hist_access_type': 'bogus'}",
                "history_request | {'hist_access_type': 'tail', 'n': 'x'}",
                "history_request | {'hist_access_type': 'search'}",
                "connect_request | {}",
                "usage_request | {}",
                "debug_request | {'type': 'request', 'command': 'debugInfo'}",
            })
    void isTold(String type, String content) {
        String request = kernel.send(type, json(content));
        KernelProcess.Outcome outcome = kernel.await(request); // with "idle", and exactly one reply
        assertEquals(type.startsWith("is_complete") ? "unknown" : "error", outcome.status());
        assertFalse(outcome.reply().get("ename").getAsString().isEmpty());
        assertEquals(2, outcome.count("status"));
        assertEquals("42", value("6 * 7"));
    }

    @Test
    void aMessageDeepInItselfIsTold() {
        for (String content : new String[] {
            "{\"code\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}",
            "{\"a\":".repeat(50_000) + "1" + "}".repeat(50_000)
        }) {
            String header = "{\"msg_id\":\"deep" + content.length() + "\",\"msg_type\":\"execute_request\"}";
            kernel.sendRaw(KernelProcess.sign(header, "{}", "{}", content), header, "{}", "{}", content);
            assertEquals(
                    "error",
                    kernel.replyTo("deep" + content.length()).get("status").getAsString());
        }
        assertEquals("42", value("6 * 7"));
    }

    @Test
    void aHeaderNeedsNoMoreThanTypeAndId() {
        String header = "{\"msg_id\":\"bare\",\"msg_type\":\"execute_request\",\"date\":\"yesterday\"}";
        String content = "{\"code\":\"6 * 7\"}";
        kernel.sendRaw(KernelProcess.sign(header, "{}", "{}", content), header, "{}", "{}", content);
        assertEquals("42", kernel.await("bare").value());
    }

    @Test
    void codeTooDeepForTheCompilerIsAnError() {
        error("nested too deeply", "{".repeat(20_000) + "}".repeat(20_000));
        assertEquals("42", value("6 * 7"));
    }

    /** The compiler would keep what is too large, and then write no class any more. */
    @Test
    void codeTooLargeForAClassIsAnErrorOfItsCell() {
        String numbers =
                IntStream.range(40_000, 49_000).mapToObj(String::valueOf).collect(Collectors.joining(","));
        String[][] cells = {
            {"constant string too long", "\"" + "x".repeat(5_000_000) + "\".length()"},
            {"too large", "int[] many = {" + numbers + "};"},
            {"", "int[] all = {" + numbers.repeat(30) + "};"},
        };
        for (String[] cell : cells) {
            error(cell[0], cell[1]);
            assertEquals("42", value("6 * 7"), cell[0]);
        }
        assertEquals("7", value("/* " + "x".repeat(5_000_000) + " */ 7"));
        error("cannot find symbol", "int y = nowhere;");
    }

    @Test
    void ofALongLineAnErrorShowsThePlace() {
        String error = kernel.run(
                        "String s = \"" + "x".repeat(1_000_000) + "\" + nowhere + \"" + "y".repeat(1000) + "\";")
                .error();
        assertTrue(error.length() < 2000, "it has " + error.length() + " characters");
        String[] lines = error.lines().toArray(String[]::new);
        int caret = lines[3].indexOf('^');
        assertEquals("nowhere", lines[2].substring(caret, lines[3].lastIndexOf('^') + 1), error);
    }

    /** Nor is it known how much of it the compiler would take. */
    @Test
    void manyStatementsAreInterruptedBeforeTheyRun() throws InterruptedException {
        String request = kernel.begin("int many = 1;\n".repeat(20_000));
        Thread.sleep(1000);
        kernel.interrupt();
        assertEquals("Interrupted", kernel.await(request).reply().get("ename").getAsString());
        assertEquals("42", value("6 * 7"));
    }

    /** One thread is for what runs code, and the other is to be free for the stop button. */
    @Test
    void controlRunsNoCells() {
        String request = kernel.begin("System.out.println(\"go\"); while (true) { }");
        kernel.awaitPublished(request, "stream");
        JsonObject reply = kernel.control("execute_request", KernelProcess.cell("while (true) { }"));
        assertEquals("error", reply.get("status").getAsString());
        assertTrue(reply.get("evalue").getAsString().contains("it belongs on the channel \"shell\""));
        kernel.interrupt();
        assertEquals("error", kernel.await(request).status());
    }

    // ------------------------------------------------------------------ requests that took for ever

    @Test
    void aSearchOfManyStarsEnds() {
        ok("String many = \"" + "a".repeat(3000) + "\";");
        JsonObject reply = kernel.request(
                "history_request",
                json("{'hist_access_type': 'search', 'n': 3, 'pattern': '" + "*a".repeat(30) + "*z'}"));
        assertEquals(0, reply.getAsJsonArray("history").size());
    }

    @Test
    void patternsAreThoseOfFiles() {
        String[][] match = {
            {"*", ""}, {"", ""}, {"a*b*c", "aXbXbc"}, {"*?22*", "x22"}, {"a?c", "abc"}, {"**a", "aaa"}, {"*\n*", "a\nb"}
        };
        String[][] none = {{"", "a"}, {"?", ""}, {"a*b", "abc"}, {"*?22*", "22"}, {"a.c", "abc"}, {"a", "ab"}};
        for (String[] pair : match) {
            assertTrue(CellHistory.matches(pair[0], pair[1]), String.join(" : ", pair));
        }
        for (String[] pair : none) {
            assertFalse(CellHistory.matches(pair[0], pair[1]), String.join(" : ", pair));
        }
    }

    @Test
    void completionInManyCallsEnds() {
        ok("int inner = 1;");
        String code = "int y = " + "Math.max(".repeat(40) + "2, Math.max(1, Math.abs(Math.flo";
        JsonObject request = new JsonObject();
        request.addProperty("code", code);
        request.addProperty("cursor_pos", code.length());
        JsonObject reply = org.junit.jupiter.api.Assertions.assertTimeout(
                Duration.ofSeconds(50), () -> kernel.request("complete_request", request));
        assertEquals("floor(", reply.getAsJsonArray("matches").get(0).getAsString());
        assertEquals(code.length() - 3, reply.get("cursor_start").getAsInt());
    }

    @Test
    void theInnermostBracketsAreKept() {
        assertEquals(0, CodeHelp.innermost("int y = a(b(c(d("));
        assertEquals("b(c(d(e(".length(), "a(b(c(d(e(".length() - CodeHelp.innermost("a(b(c(d(e("));
        assertEquals("a(b(1),".length(), CodeHelp.innermost("a(b(1), c(d(e(f("));
        assertEquals(0, CodeHelp.innermost("x.map(v -> a(b(c(d(e("), "the parameter is needed");
        assertEquals(0, CodeHelp.innermost("run(a(b(c(d(() -> { int z = f("), "statements are");
        assertEquals(0, CodeHelp.innermost("f(\"((((((((\", "));
    }
}
