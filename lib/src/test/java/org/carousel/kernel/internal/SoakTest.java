package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short session of {@link Soak}; memory is compared, not time, which the machine's other work decides. */
@Timeout(180)
class SoakTest {
    @Test
    void cellsLeaveLittleBehind(@TempDir Path folder) throws IOException {
        try (KernelProcess kernel = KernelProcess.start(folder)) {
            List<Soak.Line> lines = Soak.session(kernel, 60, 20);
            Soak.Line first = lines.get(0);
            Soak.Line last = lines.get(lines.size() - 1);
            assertTrue(last.heapMegabytes() < first.heapMegabytes() + 20, lines.toString());
            assertTrue(last.metaspaceMegabytes() < first.metaspaceMegabytes() + 10, lines.toString());
            assertTrue(last.threads() <= first.threads() + 1, lines.toString());
        }
    }

    @Test
    void oldResultsAreForgottenAndNewOnesKept(@TempDir Path folder) throws IOException {
        try (KernelProcess kernel = KernelProcess.start(folder)) {
            String cell = "new double[1_250_000]; ".repeat(5); // 50 MB of results
            for (int k = 0; k < 7; k++) { // 385 MB in a heap of 300
                Soak.ok(kernel, cell);
            }
            String names = Soak.ok(kernel, "1000 + 1; 2000 + 2").value();
            assertEquals("2002", names);
        }
    }

    @Test
    void restartsLeaveNothing(@TempDir Path folder) throws IOException, InterruptedException {
        assertEquals(List.of(), Soak.restarts(folder, 2));
    }
}
