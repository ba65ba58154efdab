package org.carousel.tensor.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;

class LstmMasksTest {
    /** Large enough to be shared among threads. */
    @Test
    void theSameMaskWithAnyNumberOfThreads() {
        int threads = Parallel.threads();
        try {
            Parallel.threads(1);
            float[] one = LstmMasks.draw(200, 64, 201, 0.3, 1, 0, RandomStream.of(1));
            Parallel.threads(4);
            assertArrayEquals(one, LstmMasks.draw(200, 64, 201, 0.3, 1, 0, RandomStream.of(1)));
        } finally {
            Parallel.threads(threads);
        }
    }

    /** Sequence b of a mask is that of the stream split(b), however many sequences and steps there are. */
    @Test
    void aSequenceKeepsItsMask() {
        float[] large = LstmMasks.draw(9, 3, 7, 0.5, 1, 0, RandomStream.of(2));
        float[] small = LstmMasks.draw(4, 2, 7, 0.5, 1, 0, RandomStream.of(2));
        for (int t = 0; t < 4; t++) {
            assertArrayEquals(
                    Arrays.copyOfRange(small, t * 14, t * 14 + 14), Arrays.copyOfRange(large, t * 21, t * 21 + 14));
        }
    }
}
