package org.carousel.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KilledTrainingTest {
    @TempDir
    Path folder;

    /** The whole proof, with 30 kills of each, is {@link KilledTraining#main}. */
    @ParameterizedTest
    @EnumSource
    void killedTwiceItEndsWithTheSameBits(KilledTraining.Kind kind) throws IOException, InterruptedException {
        RandomStream random = RandomStream.of(kind.ordinal());
        KilledTraining.Outcome outcome = KilledTraining.kill(kind, 2, 1, folder, (process, lines) -> {
            for (int n = 1 + random.nextInt(12); n > 0 && lines.readLine() != null; n--) {
                // a line is some steps
            }
            Thread.sleep(random.nextInt(30));
        });
        assertEquals(2, outcome.kills());
        assertEquals(outcome.finished(), outcome.sameBits(), outcome.toString());
    }
}
