package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The requests of editors and consoles, in the form and the order in which they send them. */
class FrontEndsTest extends KernelCase {
    private static JsonObject json(String text) {
        return new JsonParser().parse(text.replace('\'', '"')).getAsJsonObject();
    }

    private static JsonObject at(String code, int cursor) {
        JsonObject content = new JsonObject();
        content.addProperty("code", code);
        content.addProperty("cursor_pos", cursor);
        return content;
    }

    /** What is suggested where a {@code |} stands in the code. */
    private List<String> suggestions(String marked) {
        int bar = marked.indexOf('|');
        JsonObject reply =
                kernel.request("complete_request", at(marked.replace("|", ""), marked.codePointCount(0, bar)));
        List<String> matches = new ArrayList<>();
        reply.getAsJsonArray("matches").forEach(m -> matches.add(m.getAsString()));
        return matches;
    }

    private String documentation(String marked, int detail) {
        int bar = marked.indexOf('|');
        JsonObject content = at(marked.replace("|", ""), marked.codePointCount(0, bar));
        content.addProperty("detail_level", detail);
        JsonObject reply = kernel.request("inspect_request", content);
        assertEquals("ok", reply.get("status").getAsString());
        return reply.get("found").getAsBoolean()
                ? reply.getAsJsonObject("data").get("text/plain").getAsString()
                : "";
    }

    // ------------------------------------------------------------------ Visual Studio Code

    @Test
    void startsAsVisualStudioCodeStartsIt() {
        for (JsonObject info : List.of(
                kernel.control("kernel_info_request", new JsonObject()),
                kernel.request("kernel_info_request", new JsonObject()))) {
            assertEquals("ok", info.get("status").getAsString());
            assertTrue(info.get("protocol_version").getAsString().startsWith("5."));
            assertTrue(info.get("banner").getAsString().contains("%help"));
            JsonObject language = info.getAsJsonObject("language_info");
            assertEquals("Java", language.get("name").getAsString());
            assertEquals("text/x-java-source", language.get("mimetype").getAsString());
            assertTrue(language.get("version").getAsString().matches("\\d.*"));
        }
        JsonObject comms = kernel.request("comm_info_request", json("{'target_name': 'jupyter.widget'}"));
        assertEquals("ok", comms.get("status").getAsString());
        assertEquals(0, comms.getAsJsonObject("comms").size());
        assertEquals(
                "ok",
                kernel.request("comm_info_request", new JsonObject())
                        .get("status")
                        .getAsString());
    }

    @Test
    void runsAsVisualStudioCodeDoes() {
        int number =
                kernel.run("int editor = 1;").reply().get("execution_count").getAsInt();
        JsonObject hidden =
                json("{'silent': false, 'stop_on_error': false, 'allow_stdin': true, 'store_history': false}");
        hidden.addProperty("code", "editor + 1");
        KernelProcess.Outcome outcome = kernel.await(kernel.sendAsEditor("execute_request", hidden));
        assertEquals("2", outcome.value());
        JsonObject cell = json("{'silent': false, 'stop_on_error': false, 'allow_stdin': true, 'store_history': true}");
        cell.addProperty("code", "throw new IllegalStateException(\"first\");");
        String wrong = kernel.sendAsEditor("execute_request", cell);
        cell.addProperty("code", "editor = 5;");
        String next = kernel.sendAsEditor("execute_request", cell);
        KernelProcess.Outcome failed = kernel.await(wrong);
        assertEquals("error", failed.status());
        assertEquals(number + 1, failed.reply().get("execution_count").getAsInt());
        assertEquals("ok", kernel.await(next).status(), "the editor did not ask to stop on errors");
        JsonArray last = kernel.request(
                        "history_request", json("{'output': false, 'raw': true, 'hist_access_type': 'tail', 'n': 2}"))
                .getAsJsonArray("history");
        assertEquals(
                "throw new IllegalStateException(\"first\");",
                last.get(0).getAsJsonArray().get(2).getAsString());
        assertEquals("editor = 5;", last.get(1).getAsJsonArray().get(2).getAsString());
    }

    @Test
    void interruptsByMessage() {
        String request = kernel.begin("System.out.println(1); while (true) { }");
        kernel.awaitPublished(request, "stream");
        JsonObject reply = kernel.control("interrupt_request", new JsonObject());
        assertEquals("ok", reply.get("status").getAsString());
        assertEquals("Interrupted", kernel.await(request).reply().get("ename").getAsString());
    }

    // ------------------------------------------------------------------ completion and inspection

    @Test
    void completesInEveryStatementOfACell() {
        kernel.run("1");
        assertTrue(suggestions("Tensor.on|").contains("ones("));
        assertTrue(suggestions("String word = \"a\";\nword.isEmp|").contains("isEmpty()"));
        assertTrue(suggestions("import java.net.*;\nMath.flo|").contains("floor("));
        assertTrue(suggestions("int twice(int x) { return 2 * x; }\nMath.flo|").contains("floor("));
        assertTrue(
                suggestions("class Pair { int left; }\nMath.flo|;\nint z = 1;").contains("floor("));
        assertTrue(suggestions("%%time\nMath.flo|").contains("floor("));
        assertTrue(suggestions("// a comment\nMath.flo|").contains("floor("));
        assertTrue(
                suggestions("for (int i = 0; i < 3; i++) {\n    Math.flo|\n}").contains("floor("));
        assertTrue(suggestions("nothing.like.thi|").isEmpty());
        assertTrue(suggestions("|") != null);
    }

    @Test
    void completesNamesOfTheCellItself() {
        kernel.run("1");
        for (String cell : List.of(
                "double alphabet = 0.1;\nalpha|",
                "int f(int alphabet) { return alpha|",
                "for (int alphabet = 0; alphabet < 3; alphabet++) { alpha|",
                "List.of(1).forEach(alphabet -> { int y = alpha|",
                "String s = \"alphabetic\"; // alphabetical\nrecord alphabet(int x) {}\nalpha|")) {
            List<String> found = suggestions(cell);
            assertTrue(found.contains("alphabet") || found.contains("alphabet("), cell + ": " + found);
            assertFalse(found.contains("alphabetic") || found.contains("alphabetical"), cell + ": " + found);
        }
        assertFalse(suggestions("int flower = 1; Math.flo|").contains("flower"));
    }

    @Test
    void completesWhatTypesOfTheCellItselfHave(@TempDir Path folder) throws IOException {
        try (KernelProcess fresh = KernelProcess.start(folder)) {
            for (Map.Entry<String, String> expected : Map.of(
                            "Tensor hidden = Tensor.ones(2, 2);\nhidden.matm", "matmul(",
                            "class Foo { void fooMethod() {} }\nvar foo = new Foo();\nfoo.fooM", "fooMethod()",
                            "public record Pt(int abc) { static int make() { return 1; } }\nPt.ma", "make()",
                            "// a point\npublic record Of(int abc) { static int make() { return 1; } }\nOf.ma",
                                    "make()",
                            "enum Gate { IN, OUT }\nGate g = Gate.O", "OUT",
                            "class Layer { int mine() { return 1; } }\nLayer l = new Layer(); l.mi", "mine()")
                    .entrySet()) {
                JsonObject reply = fresh.request(
                        "complete_request",
                        at(expected.getKey(), expected.getKey().length()));
                assertEquals(
                        "[\"" + expected.getValue() + "\"]",
                        reply.getAsJsonArray("matches").toString(),
                        expected.getKey());
            }
        }
    }

    @Test
    void completesWithImportsOfTheCellItself() {
        for (Map.Entry<String, String> expected : Map.of(
                        "import java.util.zip.CRC32;\nCRC32 sum = new CRC32();\nsum.getV", "getValue()",
                        "import java.util.zip.*;\nint a = 1;\nAdler32 sum = new Adler32();\nsum.getV", "getValue()",
                        "import java.util.zip.*;\nDeflater.BEST_S", "BEST_SPEED",
                        "// one\nimport java.util.zip.Deflater; // \"\nDeflater.BEST_S", "BEST_SPEED",
                        "import java.util.zip.*;\nclass Deflater { static int mine; }\nDeflater.mi", "mine",
                        "import static java.lang.Math.*;\nimport java.util.zip.*;\nString s = \"CRC32\"; s.toUpp",
                                "toUpperCase(")
                .entrySet()) {
            String code = expected.getKey();
            JsonObject reply = kernel.request("complete_request", at(code, code.length()));
            assertEquals(
                    "[\"" + expected.getValue() + "\"]",
                    reply.getAsJsonArray("matches").toString(),
                    code);
            assertEquals(code.length(), reply.get("cursor_end").getAsInt(), code);
            assertEquals(
                    code.length() - code.replaceFirst("(?s).*\\.", "").length(),
                    reply.get("cursor_start").getAsInt(),
                    code);
        }
        String code = "import java.util.zip.*;\nnew Deflater().setLevel(1)";
        assertTrue(
                kernel.request("inspect_request", at(code, code.indexOf("setL") + 2))
                        .toString()
                        .contains("Deflater.setLevel(int level)"),
                "and Shift+Tab knows them");
        assertTrue(
                kernel.request("inspect_request", at(code, code.indexOf("Defl") + 2))
                        .toString()
                        .contains("\"found\":true"),
                "types, too");
    }

    @Test
    void countsCharactersAsTheProtocolDoes() {
        kernel.run("1");
        String code = "String s = \"😀😀\"; Math.flo";
        JsonObject reply = kernel.request("complete_request", at(code, code.codePointCount(0, code.length())));
        String matches = reply.getAsJsonArray("matches").toString();
        assertTrue(matches.startsWith("[\"floor(\",\"floorDiv(\""), matches);
        assertEquals(
                code.codePointCount(0, code.indexOf("flo")),
                reply.get("cursor_start").getAsInt());
        assertEquals(
                code.codePointCount(0, code.length()), reply.get("cursor_end").getAsInt());
        assertTrue(documentation("String s = \"😀😀\"; Math.floor(|", 0).contains("Math.floor(double"));
        assertEquals(
                "ok",
                kernel.request("complete_request", at("Math", 99)).get("status").getAsString());
    }

    @Test
    void documentsInBothDetails() {
        kernel.run("int counted = 3;");
        for (int detail = 0; detail < 2; detail++) {
            for (String marked : List.of("Math.max(|", "Math.m|ax(1, 2)", "Math.max(1, 2|)")) {
                String text = documentation(marked, detail);
                assertTrue(text.contains("Math.max(int"), marked + ": " + text);
            }
            assertEquals(
                    "Tensor Tensor.ones(int... shape)\nAll elements 1.",
                    documentation("int y = 1;\nTensor.ones(|2, 3)", detail));
            assertTrue(documentation("import java.net.*;\nTensor.ones(|2, 3)", detail)
                    .contains("Tensor.ones("));
            assertTrue(documentation("%%time\nTensor.ones(|2, 3)", detail).contains("Tensor.ones("));
            assertTrue(documentation("count|ed", detail).contains("counted"));
            assertEquals("", documentation("|", detail));
        }
    }

    // ------------------------------------------------------------------ consoles

    @Test
    void tellsAConsoleWhetherCodeIsComplete() {
        assertEquals("complete", completeness("int x = 1;"));
        assertEquals("complete", completeness("%help"));
        assertEquals("incomplete", completeness("for (int i = 0; i < 3; i++) {"));
        assertEquals("incomplete", completeness("%%time\nfor (int i = 0; i < 3; i++) {"));
        assertEquals("invalid", completeness(") + 1;"));
        JsonObject open = kernel.request("is_complete_request", json("{'code': 'if (true) {'}"));
        assertEquals("  ", open.get("indent").getAsString());
    }

    private String completeness(String code) {
        JsonObject content = new JsonObject();
        content.addProperty("code", code);
        return kernel.request("is_complete_request", content).get("status").getAsString();
    }

    @Test
    void leavesWidgetsAlone() {
        kernel.send("comm_open", json("{'comm_id': 'c', 'target_name': 'jupyter.widget', 'data': {}}"));
        kernel.send("comm_msg", json("{'comm_id': 'c', 'data': {'method': 'update'}}"));
        kernel.send("comm_close", json("{'comm_id': 'c', 'data': {}}"));
        assertEquals("2", kernel.run("1 + 1").value());
        assertFalse(kernel.run("int afterwards = 1;").status().equals("error"));
    }
}
