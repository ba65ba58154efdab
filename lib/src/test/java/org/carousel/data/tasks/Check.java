package org.carousel.data.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import java.util.zip.CRC32;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.function.Executable;

/** What the tests of all tasks ask. */
final class Check {
    private Check() {}

    /** The action must fail with exactly this message. */
    static void fails(String message, Executable action) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, action).getMessage());
    }

    /** The same seed gives the same parts, those of the given digest on every machine; another seed gives others. */
    static void reproducible(String digest, Function<RandomStream, Object[]> parts) {
        assertEquals(digest, digest(parts.apply(RandomStream.of(7))));
        assertEquals(digest, digest(parts.apply(RandomStream.of(7))));
        assertNotEquals(digest, digest(parts.apply(RandomStream.of(8))));
    }

    static Object[] parts(Regression r) {
        return new Object[] {r.x(), r.target(), r.lengths()};
    }

    static Object[] parts(Classification c) {
        return new Object[] {c.x(), c.labels(), c.lengths()};
    }

    static Object[] parts(Labelling l) {
        return new Object[] {l.x(), l.labels(), l.lengths()};
    }

    static Object[] parts(Prediction p) {
        return new Object[] {p.x(), p.next(), p.legal(), p.lengths()};
    }

    /** The column of the one 1 of a one-hot row, −1 for a row of zeros. */
    static int symbol(Tensor x, int b, int t) {
        int found = -1;
        for (int k = 0; k < x.size(2); k++) {
            float value = x.get(b, t, k);
            if (value != 0) {
                assertEquals(1, value, "one-hot");
                assertEquals(-1, found, "only one");
                found = k;
            }
        }
        return found;
    }

    /** The symbols of a one-hot row of a batch, and that nothing stands behind its end. */
    static int[] symbols(Tensor x, int b, int length) {
        int[] symbols = new int[length];
        for (int t = 0; t < x.size(1); t++) {
            int symbol = symbol(x, b, t);
            if (t < length) {
                symbols[t] = symbol;
                assertNotEquals(-1, symbol);
            } else {
                assertEquals(-1, symbol, "padding");
            }
        }
        return symbols;
    }

    private static String digest(Object... parts) {
        CRC32 sum = new CRC32();
        for (Object part : parts) {
            String text;
            if (part instanceof Tensor t) {
                int[] bits = new int[t.size()];
                float[] values = t.toArray();
                Arrays.setAll(bits, i -> Float.floatToIntBits(values[i]));
                text = t.shapeText() + Arrays.toString(bits);
            } else {
                text = Arrays.deepToString(new Object[] {part});
            }
            sum.update(text.getBytes(StandardCharsets.UTF_8));
        }
        return "%08x".formatted(sum.getValue());
    }
}
