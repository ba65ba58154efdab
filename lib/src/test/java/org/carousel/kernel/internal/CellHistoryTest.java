package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.jupyter.kernel.history.HistoryEntry;
import io.github.spencerpark.jupyter.kernel.history.HistoryManager.ResultFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CellHistoryTest {
    private final CellHistory history = new CellHistory(HistoryFile.none());

    CellHistoryTest() {
        history.add(1, "int x = 1;", "");
        history.add(2, "x + 1", "2");
        history.add(3, "for (;;) {\n break;\n}", "");
        history.add(4, "x + 1", "2");
    }

    private static List<Integer> numbers(List<HistoryEntry> entries) {
        return entries.stream().map(HistoryEntry::getCellNumber).toList();
    }

    @Test
    void theLastCells() {
        assertEquals(List.of(3, 4), numbers(history.lookupTail(2, Set.of())));
        assertEquals(4, history.lookupTail(99, Set.of()).size());
        assertEquals(List.of(), history.lookupTail(0, Set.of()));
    }

    @Test
    void cellsByNumber() {
        assertEquals(List.of(2, 3), numbers(history.lookupRange(0, 2, 4, Set.of())));
        assertEquals(List.of(), history.lookupRange(-1, 2, 4, Set.of()), "no earlier session is kept");
    }

    @Test
    void cellsByPattern() {
        assertEquals(List.of(2, 4), numbers(history.search("x + ?", 0, Set.of())));
        assertEquals(List.of(4), numbers(history.search("x*", 0, Set.of(ResultFlag.UNIQUE))));
        assertEquals(List.of(3), numbers(history.search("for*}", 5, Set.of())), "over lines");
        assertEquals(List.of(4), numbers(history.search("*", 1, Set.of())));
        assertEquals(List.of(), history.search("x.1", 0, Set.of()), "a dot is a dot");
    }

    @Test
    void outputOnlyWhenAskedFor() {
        assertFalse(history.lookupTail(1, Set.of()).get(0).hasOutput());
        HistoryEntry entry =
                history.lookupTail(1, Set.of(ResultFlag.INCLUDE_OUTPUT)).get(0);
        assertTrue(entry.hasOutput());
        assertEquals("2", entry.getOutput());
    }

    @Test
    void remembersEarlierRuns(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("history");
        CellHistory first = new CellHistory(HistoryFile.of(file));
        first.add(1, "int x = 1;\nint y;", "");
        first.add(2, "x", "1");
        Files.writeString(file, "damaged\n[1]\nnull\n", StandardOpenOption.APPEND);
        CellHistory second = new CellHistory(HistoryFile.of(file));
        second.add(1, "x", "");
        assertEquals(List.of("int x = 1;\nint y;", "x", "x"), inputs(second.lookupTail(10, Set.of())));
        assertEquals(List.of("int x = 1;\nint y;", "x"), inputs(second.lookupRange(-1, 1, 9, Set.of())));
        assertEquals(List.of("x"), inputs(second.lookupRange(0, 1, 9, Set.of())));
    }

    @Test
    void forgetsTheOlderHalf(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("history");
        Files.write(
                file,
                IntStream.range(0, 2500)
                        .mapToObj(k -> "[1," + k + ",\"c" + k + "\",\"\"]")
                        .toList());
        assertEquals(1000, HistoryFile.of(file).read().size());
        assertEquals(1000, Files.readAllLines(file).size());
        assertEquals("c2499", HistoryFile.of(file).read().get(999).getInput());
    }

    private static List<String> inputs(List<HistoryEntry> entries) {
        return entries.stream().map(HistoryEntry::getInput).toList();
    }
}
