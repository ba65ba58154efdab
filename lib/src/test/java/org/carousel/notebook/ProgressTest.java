package org.carousel.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.carousel.notebook.internal.Frontend;
import org.junit.jupiter.api.Test;

class ProgressTest {
    /** A front end that writes down what it is told. */
    private static final class Recorder implements Frontend {
        private final List<String> calls = new ArrayList<>();

        @Override
        public void clearOutput() {
            calls.add("clear");
        }

        @Override
        public void display(Map<String, String> data, Map<String, Object> imageSize, String identity) {
            calls.add("display " + data.get("text/plain"));
        }

        @Override
        public void update(Map<String, String> data, String identity) {
            calls.add("update " + data.get("text/plain"));
        }

        @Override
        public void register(Class<?> type) {
            calls.add("register " + type.getSimpleName());
        }
    }

    @Test
    void progressIsDrawnFirstLastAndNotAtEveryStep() {
        Recorder recorder = new Recorder();
        try (Progress progress = new Progress("training", recorder)) {
            for (int step = 1; step <= 10_000; step++) {
                progress.onStep(step, 10_000, 1.0 / step);
            }
        }
        assertTrue(recorder.calls.get(0).startsWith("display training ░"), recorder.calls.get(0));
        assertEquals(
                "update training " + "█".repeat(30) + " 10000/10000 loss 0.000",
                recorder.calls.get(recorder.calls.size() - 1));
        assertTrue(recorder.calls.size() < 100, recorder.calls.size() + " updates");
    }

    @Test
    void progressThatEndsEarlyShowsWhereItStopped() {
        Recorder recorder = new Recorder();
        try (Progress progress = new Progress("training", recorder)) {
            progress.at(1, 4, "");
            progress.at(2, 4, "half");
        }
        assertEquals(
                "update training " + "█".repeat(15) + "░".repeat(15) + " 2/4 half",
                recorder.calls.get(recorder.calls.size() - 1));
    }

    @Test
    void threadsThatCountTogetherLoseNoStep() {
        Recorder recorder = new Recorder();
        try (Progress progress = new Progress("side by side", recorder)) {
            IntStream.range(0, 1000).parallel().forEach(k -> progress.next(1000, "runs"));
        }
        assertEquals(
                "update side by side " + "█".repeat(30) + " 1000/1000 runs",
                recorder.calls.get(recorder.calls.size() - 1));
    }

    @Test
    void progressWithoutAFrontEndIsSilent() {
        try (Progress progress = Notebook.progress("outside Jupyter")) {
            progress.onStep(1, 2, 3);
            assertEquals("outside Jupyter " + "█".repeat(15) + "░".repeat(15) + " 1/2 loss 3.000", progress.text());
        }
    }
}
