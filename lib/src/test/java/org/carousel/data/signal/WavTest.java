package org.carousel.data.signal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.carousel.data.DatasetException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WavTest {
    private static final short[] SAMPLES = {0, 1, -1, 32767, -32768};

    private static byte[] chunk(String name, byte... content) {
        ByteBuffer out =
                ByteBuffer.allocate(8 + content.length + content.length % 2).order(ByteOrder.LITTLE_ENDIAN);
        out.put(name.getBytes(StandardCharsets.ISO_8859_1))
                .putInt(content.length)
                .put(content);
        return out.array();
    }

    private static byte[] format(int kind, int channels, int rate, int bits) {
        int frame = channels * bits / 8;
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) kind)
                .putShort((short) channels)
                .putInt(rate)
                .putInt(rate * frame)
                .putShort((short) frame)
                .putShort((short) bits)
                .array();
    }

    private static byte[] data(short... samples) {
        ByteBuffer out = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        for (short s : samples) {
            out.putShort(s);
        }
        return out.array();
    }

    static byte[] wav(byte[]... chunks) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] chunk : chunks) {
            all.writeBytes(chunk);
        }
        byte[] head = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(4 + all.size())
                .put("WAVE".getBytes(StandardCharsets.ISO_8859_1))
                .array();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(head);
        file.writeBytes(all.toByteArray());
        return file.toByteArray();
    }

    private static final byte[] GOOD =
            wav(chunk("fmt ", format(1, 1, 8000, 16)), chunk("LIST", (byte) 7), chunk("data", data(SAMPLES)));

    @Test
    void samplesComeBackOverAnOddPartBetween(@TempDir Path folder) throws IOException {
        Wav read = Wav.read(Files.write(folder.resolve("a.wav"), GOOD));
        assertEquals(8000, read.sampleRate());
        assertArrayEquals(SAMPLES, read.samples());
        assertArrayEquals(new double[] {0, 1 / 32768.0, -1 / 32768.0, 32767 / 32768.0, -1}, read.values());
        assertEquals(5 / 8000.0, read.seconds());
    }

    @Test
    void theExtensibleFormatOfPcmIsPcm() {
        byte[] long26 = Arrays.copyOf(format(0xFFFE, 1, 8000, 16), 40);
        long26[24] = 1;
        assertArrayEquals(
                SAMPLES,
                Wav.of(wav(chunk("fmt ", long26), chunk("data", data(SAMPLES))), "a")
                        .samples());
        long26[24] = 3;
        assertFails("is not PCM: its format is 3", wav(chunk("fmt ", long26), chunk("data", data(SAMPLES))));
    }

    @Test
    void whatIsNotReadIsSaid() {
        assertFails("a.wav is not PCM: its format is 3, floating point", with(format(3, 1, 8000, 32)));
        assertFails("a.wav is not PCM: its format is 7; save it as 16-bit PCM", with(format(7, 1, 8000, 8)));
        assertFails("a.wav has 2 channels (stereo); only one is read", with(format(1, 2, 8000, 16)));
        assertFails("a.wav has samples of 8 bits; 16 are read", with(format(1, 1, 8000, 8)));
        assertFails("a.wav has the sample rate 0", with(format(1, 1, 0, 16)));
        assertFails("a.wav: its part 'fmt ' has 4 of at least 16 bytes", with(new byte[4]));
        assertFails("a.wav has no part 'fmt ' before its data", wav(chunk("data", data(SAMPLES))));
        assertFails("a.wav is cut off or empty: it has no part 'data'", wav(chunk("fmt ", format(1, 1, 8000, 16))));
        assertFails(
                "a.wav is cut off in the middle of a sample: 3 bytes of data",
                wav(chunk("fmt ", format(1, 1, 8000, 16)), chunk("data", new byte[3])));
        assertFails("a.wav is not a WAV file", "ID3 this is something else".getBytes(StandardCharsets.UTF_8));
        assertFails("a.wav is not a WAV file", new byte[0]);
        assertFails("cannot be read: ", () -> Wav.read(Path.of("no-such.wav")));
    }

    /** Cut anywhere: an error each time, never fewer samples. */
    @Test
    void aFileThatIsCutOffIsRefusedWhereverItIsCut() {
        for (int n = 0; n < GOOD.length; n++) {
            byte[] cut = Arrays.copyOf(GOOD, n);
            assertThrows(DatasetException.class, () -> Wav.of(cut, "a.wav"), "cut after " + n);
        }
        assertFails("a.wav is cut off: its part 'data' has 9 of 10 bytes", Arrays.copyOf(GOOD, GOOD.length - 1));
        byte[] huge = GOOD.clone();
        Arrays.fill(huge, huge.length - 14, huge.length - 10, (byte) 0xFF); // a length of 4 GiB
        assertFails("has 10 of 4294967295 bytes", huge);
    }

    private static byte[] with(byte... format) {
        return wav(chunk("fmt ", format), chunk("data", data(SAMPLES)));
    }

    private static void assertFails(String message, byte... bytes) {
        assertFails(message, () -> Wav.of(bytes, "a.wav"));
    }

    private static void assertFails(String message, Runnable read) {
        String said =
                String.valueOf(assertThrows(DatasetException.class, read::run).getMessage());
        assertTrue(said.contains(message), said);
    }
}
