package org.carousel.files.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays that NumPy wrote: {@code golden/numpy_arrays.py}. */
class NumpyArrayTest {
    private static byte[] golden(String name) throws IOException {
        try (InputStream in = NumpyArrayTest.class.getResourceAsStream("/golden/numpy/" + name + ".npy")) {
            return in.readAllBytes();
        }
    }

    private static NumpyArray read(byte[] content, long length) throws IOException {
        return NumpyArray.read(ByteReader.of("x.npy", new ByteArrayInputStream(content), length));
    }

    private static NumpyArray read(String name) throws IOException {
        byte[] content = golden(name);
        NumpyArray array = read(content, content.length);
        NumpyArray unknown = read(content, Long.MAX_VALUE); // as from an archive
        assertArrayEquals(array.shape(), unknown.shape());
        assertArrayEquals(array.values(), unknown.values());
        return array;
    }

    @ParameterizedTest
    @ValueSource(strings = {"littlef2", "bigf2", "littlef4", "bigf4", "littlef8", "bigf8"})
    void everyTypeAndOrderGivesTheSameNumbers(String name) throws IOException {
        float[] expected = new float[24];
        for (int i = 0; i < 24; i++) {
            expected[i] = i / 4f - 2;
        }
        for (String order : new String[] {"", "-columns"}) {
            NumpyArray array = read(name + order);
            assertArrayEquals(new int[] {2, 3, 4}, array.shape());
            assertArrayEquals(expected, array.values());
        }
        assertArrayEquals(expected, read("version2").values());
    }

    @Test
    void halvesAreWhatNumpyMakesOfThem() throws IOException {
        assertArrayEquals(read("halves-as-floats").values(), read("halves").values());
    }

    @Test
    void oneNumberAndNoNumber() throws IOException {
        assertEquals(0, read("single").shape().length);
        assertArrayEquals(new float[] {7.5f}, read("single").values());
        assertArrayEquals(new int[] {3, 0}, read("empty").shape());
        assertEquals(0, read("empty").values().length);
    }

    @Test
    void everyCutAndEveryByteTooManyIsRefused() throws IOException {
        byte[] whole = golden("littlef2");
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(IllegalArgumentException.class, () -> read(cut, cut.length));
            assertThrows(IllegalArgumentException.class, () -> read(cut, Long.MAX_VALUE));
        }
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        String message = assertThrows(IllegalArgumentException.class, () -> read(longer, longer.length))
                .getMessage();
        assertTrue(message.contains("[2, 3, 4] of 2 bytes per number does not fill the 49 bytes"), message);
        message = assertThrows(IllegalArgumentException.class, () -> read(longer, Long.MAX_VALUE))
                .getMessage();
        assertTrue(message.contains("byte 176: more bytes than the header says"), message);
    }
}
