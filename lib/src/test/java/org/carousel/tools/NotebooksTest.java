package org.carousel.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every stored notebook keeps to. */
class NotebooksTest {
    private static final Path NOTEBOOKS = Path.of("..", "notebooks");
    private static final int LONGEST_CELL = 25;
    private static final long LARGEST_FILE = 1_000_000;

    static Stream<Path> chapters() throws IOException {
        try (Stream<Path> files = Files.walk(NOTEBOOKS)) {
            return files
                    .filter(f -> f.toString().endsWith(".ipynb"))
                    .filter(f -> !f.toString().contains(".ipynb_checkpoints"))
                    .filter(f -> !f.startsWith(NOTEBOOKS.resolve("tests")))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("chapters")
    void keepsTheRules(Path file) throws IOException {
        assertTrue(Files.size(file) <= LARGEST_FILE, file + " is larger than 1 MB");
        JsonObject notebook = VerifyNotebook.read(file);
        JsonObject metadata = notebook.getAsJsonObject("metadata");
        assertEquals("java", metadata.getAsJsonObject("kernelspec").get("name").getAsString());
        int count = 0;
        int number = 0;
        for (JsonElement element : notebook.getAsJsonArray("cells")) {
            JsonObject cell = element.getAsJsonObject();
            String where = file.getFileName() + ", cell " + ++number;
            String source = VerifyNotebook.text(cell.get("source"));
            assertFalse(source.isBlank(), where + " is empty");
            if (cell.get("cell_type").getAsString().equals("code")) {
                assertTrue(source.lines().count() <= LONGEST_CELL, where + " has more than 25 lines");
                assertFalse(source.contains("%maven") || source.contains("/home/"), where + " holds a magic or a path");
                int executed = cell.get("execution_count").getAsInt();
                assertTrue(executed > count, where + " was executed out of order");
                count = executed;
                checkOutputs(where, cell);
            }
        }
        assertTrue(count > 0, file + " holds no code");
    }

    private static void checkOutputs(String where, JsonObject cell) {
        for (JsonElement element : cell.getAsJsonArray("outputs")) {
            JsonObject output = element.getAsJsonObject();
            String type = output.get("output_type").getAsString();
            assertFalse(type.equals("error"), where + " stores an error");
            assertFalse(
                    type.equals("stream") && output.get("name").getAsString().equals("stderr"),
                    where + " stores messages of the error stream");
            if (output.has("data")) {
                assertFalse(output.getAsJsonObject("data").has("application/javascript"), where + " needs JavaScript");
                assertTrue(output.getAsJsonObject("data").has("text/plain"), where + " has no text alternative");
            }
        }
    }
}
