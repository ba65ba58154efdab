package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests of one topic share a kernel. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
abstract class KernelCase {
    KernelProcess kernel;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        kernel = KernelProcess.start(folder);
    }

    @AfterAll
    void stop() {
        kernel.close();
    }

    /** Runs a cell that must succeed. */
    KernelProcess.Outcome ok(String code) {
        KernelProcess.Outcome outcome = kernel.run(code);
        assertEquals("ok", outcome.status(), () -> code + "\n" + outcome.error());
        return outcome;
    }

    String value(String code) {
        return ok(code).value();
    }

    /** What becomes of a cell that is interrupted once it has printed something. */
    KernelProcess.Outcome interrupted(String code) {
        String request = kernel.begin(code);
        kernel.awaitPublished(request, "stream");
        kernel.interrupt();
        return kernel.await(request);
    }

    void error(String expected, String code) {
        KernelProcess.Outcome outcome = kernel.run(code);
        assertEquals("error", outcome.status(), code);
        org.junit.jupiter.api.Assertions.assertTrue(outcome.error().contains(expected), outcome.error());
    }
}
