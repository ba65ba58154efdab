package org.carousel.data.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;

/** Measuring and generating spikes. */
class SpikeTaskTest {
    @Test
    void labelsAreTheMeasuredDelays() {
        int[] delays = {49, 50, 7};
        SpikeDelayTask task = SpikeDelayTask.of(3, delays);
        assertEquals(3, task.classes());
        Labelling l = task.batch(RandomStream.of(1), 400);
        int[] seen = new int[3];
        for (int b = 0; b < 400; b++) {
            List<Integer> spikes = new ArrayList<>();
            for (int t = 0; t < l.x().size(1); t++) {
                float x = l.x().get(b, t, 0);
                assertTrue(x == 0 || x == 1);
                if (x == 0 || spikes.isEmpty()) {
                    assertEquals(-1, l.labels()[b][t]);
                } else {
                    int delay = t - spikes.get(spikes.size() - 1);
                    assertEquals(delay, delays[l.labels()[b][t]]);
                    seen[l.labels()[b][t]]++;
                }
                if (x == 1) {
                    spikes.add(t);
                }
            }
            assertEquals(4, spikes.size());
            assertEquals(0, spikes.get(0));
            assertEquals(l.lengths()[b] - 1, spikes.get(3), "a train ends with its last spike");
        }
        for (int count : seen) {
            assertEquals(400, count, 85);
        }
        delays[0] = 3;
        Labelling again = task.batch(RandomStream.of(1), 400);
        assertEquals(Arrays.toString(l.lengths()), Arrays.toString(again.lengths()), "nobody can change the task");
    }

    @Test
    void generatedSpikesComeEveryPeriod() {
        Regression r = SpikeGenerationTask.every(5).batch(RandomStream.of(2), 300, 23);
        assertEquals("[300×23×1]", r.x().shapeText());
        int[] starts = new int[5];
        for (int b = 0; b < 300; b++) {
            int start = -1;
            for (int t = 0; t < 23; t++) {
                if (r.x().get(b, t, 0) != 0) {
                    assertEquals(-1, start, "one start signal");
                    assertEquals(1, r.x().get(b, t, 0));
                    start = t;
                }
                boolean spike = start >= 0 && t > start && (t - start) % 5 == 0;
                assertEquals(spike ? 1 : 0, r.target().get(b, t, 0));
            }
            starts[start]++;
            assertEquals(23, r.lengths()[b]);
        }
        for (int count : starts) {
            assertEquals(60, count, 36);
        }
    }

    @Test
    void seedsAreReproducible() {
        Check.reproducible(
                "9a73d8d3", random -> Check.parts(SpikeDelayTask.of(2, 9, 10).batch(random, 16)));
        Check.reproducible(
                "f3bff122", random -> Check.parts(SpikeGenerationTask.every(10).batch(random, 8, 35)));
    }

    @Test
    void badArgumentsAreNamed() {
        Check.fails(
                "spike delay: intervals 0 must be in 1..1048576 (delays in one train)",
                () -> SpikeDelayTask.of(0, 1, 2));
        Check.fails(
                "spike delay: number of delays 1 must be in 2..1024 (such as 49 and 50)",
                () -> SpikeDelayTask.of(1, 50));
        Check.fails(
                "spike delay: delay 0 must be in 1..1048576 (steps from spike to spike)",
                () -> SpikeDelayTask.of(1, 50, 0));
        Check.fails(
                "spike delay: delay 50 comes twice; classes are told apart by different delays",
                () -> SpikeDelayTask.of(1, 50, 49, 50));
        Check.fails(
                "spike generation: period 1 must be in 2..1048576 (steps from spike to spike)",
                () -> SpikeGenerationTask.every(1));
        Check.fails(
                "batch: steps 9 must be at least 10 (two periods, so that each sequence has a spike)",
                () -> SpikeGenerationTask.every(5).batch(RandomStream.of(1), 2, 9));
        Check.fails("batch: batch 0 must be at least 1 (the number of sequences)", () -> SpikeDelayTask.of(1, 2, 3)
                .batch(RandomStream.of(1), 0));
    }
}
