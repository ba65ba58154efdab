package org.carousel.data.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MelFramesTest {
    private static final double DECIBELS = 1e-5; // where librosa, in float64, gives the same

    private static double[] sound(int samples, int rate) {
        double[] y = new double[samples];
        for (int n = 0; n < samples; n++) {
            double t = (double) n / rate;
            double v = 0.4 * StrictMath.sin(2 * Math.PI * (200 * t + 900 * t * t))
                    + 0.2 * StrictMath.sin(2 * Math.PI * 1310 * t)
                    + (n == samples / 3 ? 0.35 : 0);
            y[n] = n >= 4 * samples / 5 ? 0 : Math.rint(v * 32767) / 32768;
        }
        return y;
    }

    @Test
    void framesAreThoseOfLibrosa() throws IOException {
        List<String> lines;
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/golden/mel.txt"))) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        double worst = 0;
        int cases = 0;
        for (int at = 1; at < lines.size(); cases++) {
            int[] head = Arrays.stream(lines.get(at++).split(" "))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            MelFrames mel = new MelFrames(head[0], head[1], head[2], head[3], head[4]);
            double[][] frames = mel.logMel(sound(head[5], head[0]));
            double[][] mfcc = mel.mfcc(frames, 13);
            assertEquals(head[6], frames.length);
            for (int t = 0; t < frames.length; t++) {
                double[] wanted = Arrays.stream(lines.get(at++).split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
                for (int k = 0; k < wanted.length; k++) {
                    double mine = k < head[4] ? frames[t][k] : mfcc[t][k - head[4]];
                    worst = Math.max(worst, Math.abs(mine - wanted[k]));
                }
            }
        }
        assertEquals(3, cases);
        assertTrue(worst < DECIBELS, "largest difference " + worst);
    }

    @Test
    void speechHasWindowsOf25Milliseconds() {
        assertEquals(new MelFrames(8000, 256, 200, 80, 40), MelFrames.speech(8000));
        assertEquals(new MelFrames(16000, 512, 400, 160, 40), MelFrames.speech(16000));
    }

    @Test
    void silenceAndNothingGiveTheFloor() {
        for (double[] row : MelFrames.speech(8000).logMel(new double[0])) {
            Arrays.stream(row).forEach(v -> assertEquals(-100, v));
        }
        assertEquals(3, MelFrames.speech(8000).logMel(new double[160]).length);
    }

    @Test
    void badInputIsNamed() {
        MelFrames mel = MelFrames.speech(8000);
        assertFails("mel frames: sample 1 is NaN", () -> mel.logMel(0, Double.NaN));
        assertFails(
                "mel frames: a sound of 16000 Hz for frames of 8000 Hz",
                () -> mel.logMel(new Wav(16000, new short[3])));
        assertFails("the size must be a power of two", () -> new MelFrames(8000, 300, 200, 80, 40));
        assertFails("the window 2..256", () -> new MelFrames(8000, 256, 257, 80, 40));
        assertFails("mel frames: 0 bands", () -> new MelFrames(8000, 256, 200, 80, 0));
        assertFails("mfcc: 41 coefficients of 40 bands", () -> mel.mfcc(new double[1][40], 41));
    }

    private static void assertFails(String message, Runnable call) {
        String said = String.valueOf(
                assertThrows(IllegalArgumentException.class, call::run).getMessage());
        assertTrue(said.contains(message), said);
    }
}
