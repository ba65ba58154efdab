package org.carousel.data.signal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.carousel.data.DatasetException;
import org.carousel.files.internal.Failures;

/**
 * A recording: one channel of 16-bit samples, as WAV files hold them (RIFF, format PCM).
 *
 * @param sampleRate samples for each second
 * @param samples -32768..32767
 */
public record Wav(int sampleRate, short[] samples) {
    private static final int PCM = 1;
    private static final int EXTENSIBLE = 0xFFFE;

    /** Checks the rate. */
    public Wav {
        if (sampleRate < 1) {
            throw new IllegalArgumentException("wav: sample rate " + sampleRate + " must be 1 or more");
        }
    }

    /**
     * Reads a file.
     *
     * @throws DatasetException when it cannot be read, is not a WAV of 16-bit PCM with one channel, or is cut off; the
     *     message says which
     */
    public static Wav read(Path file) {
        try {
            return of(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new DatasetException(file + " cannot be read: " + Failures.describe(e), e);
        }
    }

    /**
     * Reads the bytes of a file.
     *
     * @param name of the file, for messages
     * @throws DatasetException when they are not a WAV of 16-bit PCM with one channel, or are cut off
     */
    public static Wav of(byte[] bytes, String name) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < 12 || !tag(in, 0).equals("RIFF") || !tag(in, 8).equals("WAVE")) {
            throw new DatasetException(name + " is not a WAV file: it does not begin with RIFF....WAVE", null);
        }
        int rate = 0;
        for (int at = 12; at + 8 <= bytes.length; ) {
            String chunk = tag(in, at);
            long size = Integer.toUnsignedLong(in.getInt(at + 4));
            int from = at + 8;
            if (size > bytes.length - from) {
                throw new DatasetException(
                        "%s is cut off: its part '%s' has %d of %d bytes"
                                .formatted(name, chunk, bytes.length - from, size),
                        null);
            }
            if (chunk.equals("fmt ")) {
                rate = format(in, from, (int) size, name);
            } else if (chunk.equals("data")) {
                return new Wav(requireFormat(rate, name), samples(in, from, (int) size, name));
            }
            at = from + (int) size + (int) (size % 2); // parts begin at even bytes
            if (at < 0) {
                break;
            }
        }
        throw new DatasetException(name + " is cut off or empty: it has no part 'data'", null);
    }

    private static int requireFormat(int rate, String name) {
        if (rate == 0) {
            throw new DatasetException(name + " has no part 'fmt ' before its data", null);
        }
        return rate;
    }

    private static int format(ByteBuffer in, int from, int size, String name) {
        if (size < 16) {
            throw new DatasetException(name + ": its part 'fmt ' has " + size + " of at least 16 bytes", null);
        }
        int kind = Short.toUnsignedInt(in.getShort(from));
        if (kind == EXTENSIBLE && size >= 26) {
            kind = Short.toUnsignedInt(in.getShort(from + 24)); // the first bytes of the sub-format
        }
        int channels = Short.toUnsignedInt(in.getShort(from + 2));
        int rate = in.getInt(from + 4);
        int bits = Short.toUnsignedInt(in.getShort(from + 14));
        if (kind != PCM) {
            throw new DatasetException(
                    name + " is not PCM: its format is " + kind + (kind == 3 ? ", floating point" : "")
                            + "; save it as 16-bit PCM",
                    null);
        }
        if (channels != 1) {
            throw new DatasetException(
                    name + " has " + channels + " channels" + (channels == 2 ? " (stereo)" : "")
                            + "; only one is read, mix them down first",
                    null);
        }
        if (bits != 16) {
            throw new DatasetException(name + " has samples of " + bits + " bits; 16 are read", null);
        }
        if (rate < 1) {
            throw new DatasetException(name + " has the sample rate " + Integer.toUnsignedString(rate), null);
        }
        return rate;
    }

    private static short[] samples(ByteBuffer in, int from, int size, String name) {
        if (size % 2 != 0) {
            throw new DatasetException(
                    name + " is cut off in the middle of a sample: " + size + " bytes of data", null);
        }
        short[] all = new short[size / 2];
        in.slice(from, size).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(all);
        return all;
    }

    private static String tag(ByteBuffer in, int at) {
        byte[] tag = new byte[4];
        in.get(at, tag);
        return new String(tag, StandardCharsets.ISO_8859_1);
    }

    /** The samples as numbers in [-1, 1): divided by 32768. */
    public double[] values() {
        double[] y = new double[samples.length];
        for (int n = 0; n < y.length; n++) {
            y[n] = samples[n] / 32768.0;
        }
        return y;
    }

    /** How long it lasts. */
    public double seconds() {
        return (double) samples.length / sampleRate;
    }
}
