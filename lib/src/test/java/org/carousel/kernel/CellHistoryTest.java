package org.carousel.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.jupyter.kernel.history.HistoryEntry;
import io.github.spencerpark.jupyter.kernel.history.HistoryManager.ResultFlag;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CellHistoryTest {
    private final CellHistory history = new CellHistory();

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
}
