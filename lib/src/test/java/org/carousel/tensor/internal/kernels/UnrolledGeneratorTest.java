package org.carousel.tensor.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class UnrolledGeneratorTest {
    /** But for white space, which the formatter decides. */
    @Test
    void theFileIsWhatTheGeneratorMakes() throws IOException {
        String file = Files.readString(Path.of("src/main/java", UnrolledGenerator.FILE));
        assertEquals(UnrolledGenerator.text().replaceAll("\\s+", ""), file.replaceAll("\\s+", ""));
    }
}
