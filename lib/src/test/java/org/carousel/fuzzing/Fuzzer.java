package org.carousel.fuzzing;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.carousel.tensor.RandomStream;
import org.jspecify.annotations.Nullable;

/**
 * Damages sound contents and reads them: whatever comes out must be a value or an IllegalArgumentException that names the
 * file and says what is wrong, within a second and without memory out of proportion to the content.
 *
 * <p>An own generator, not one that follows the coverage of the code: it knows lengths in both byte orders, numbers in
 * text, and the words of each format, and gives the same inputs for the same seed everywhere.
 */
public final class Fuzzer {
    private static final long[] NUMBERS = {
        0,
        1,
        2,
        3,
        7,
        8,
        64,
        127,
        128,
        255,
        256,
        65_535,
        65_536,
        1 << 20,
        100_000_000,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE - 8L,
        1L << 31,
        0xffffffffL,
        1L << 32,
        1L << 40,
        1L << 62,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1,
        -2,
        -8
    };
    private static final List<String> TEXTS = List.of(
            "-1",
            "0",
            "1",
            "2",
            "00",
            "1e9",
            "1e999",
            "-0",
            "NaN",
            "Infinity",
            "0x1p3",
            "2147483647",
            "2147483648",
            "4294967296",
            "9223372036854775807",
            "9223372036854775808",
            "99999999999999999999",
            "\ufeff",
            "\u0085",
            "\u2028",
            "é",
            "\ud83d\ude00",
            "\r\n",
            "\n",
            "\n\n",
            "\t",
            " ",
            "  ",
            "\0",
            "\"",
            "\\",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":");
    private static final int SHORT = 1 << 16;

    private static final int LONGEST_MESSAGE = 2500;

    /** Beside what the content justifies: buffers, messages, stack traces. */
    private static final long SPARE = 1 << 20;

    private static final long PER_BYTE = 64;

    private final int longest;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private long tried;
    private long refused;
    private long slowest;
    private double mostMemory;

    /** Contents of at most 64 KB. */
    public Fuzzer() {
        this(SHORT);
    }

    /**
     * Contents of at most so many bytes. Above 64 KB pieces are often repeated until little room is left: a million lines,
     * a line of a megabyte, brackets in brackets.
     */
    public Fuzzer(int longest) {
        this.longest = longest;
    }

    /** A content that was not read as it should be. */
    public record Find(String reader, String why, byte[] content) {
        @Override
        public String toString() {
            return reader + ": " + why + " with "
                    + HexFormat.of().formatHex(content, 0, Math.min(content.length, 2000));
        }
    }

    /** Reads so many damaged contents; the first find, or null. */
    public @Nullable Find run(Reader reader, int inputs, RandomStream random) {
        for (int n = 0; n < inputs; n++) {
            Find find = read(reader, damaged(reader, random));
            if (find != null) {
                return find;
            }
        }
        return null;
    }

    /** Reads one content. */
    @SuppressWarnings("CatchingUnchecked")
    public @Nullable Find read(Reader reader, byte[] content) {
        tried++;
        long memory = threads.getCurrentThreadAllocatedBytes();
        long began = System.nanoTime();
        String why = null;
        try {
            reader.reads().read(content);
        } catch (IllegalArgumentException e) {
            refused++;
            String message = String.valueOf(e.getMessage());
            if (!message.contains(Reader.FILE) || message.length() < Reader.FILE.length() + 8) {
                why = "a message that does not name the file or the place: " + message;
            } else if (message.length() > LONGEST_MESSAGE) {
                why = "a message of " + message.length() + " characters: " + message.substring(0, 300);
            }
        } catch (Exception | StackOverflowError | OutOfMemoryError | AssertionError e) {
            why = e.toString();
        }
        long nanos = System.nanoTime() - began;
        long used = threads.getCurrentThreadAllocatedBytes() - memory;
        slowest = Math.max(slowest, nanos);
        if (why == null && nanos > 1_000_000_000 && isSlow(reader, content)) {
            why = "more than a second";
        }
        if (why == null && used > mostFor(content) && isLarge(reader, content)) {
            why = used + " bytes of memory for a content of " + content.length;
        }
        if (used <= mostFor(content)) {
            mostMemory = Math.max(mostMemory, (used - SPARE) / Math.max(1.0, content.length));
        }
        return why == null ? null : new Find(reader.name(), why, content);
    }

    /** Once more, by the processor's clock: others may have been at work. */
    private boolean isSlow(Reader reader, byte[] content) {
        long began = threads.getCurrentThreadCpuTime();
        try {
            reader.reads().read(content);
        } catch (Exception e) {
            // known already
        }
        return threads.getCurrentThreadCpuTime() - began > 1_000_000_000;
    }

    /** Long contents may also be a million lines, each with a matcher and a few strings that are garbage after it. */
    private long mostFor(byte[] content) {
        return SPARE + (longest > SHORT ? 8 : 1) * PER_BYTE * content.length;
    }

    /** Once more: what is made at the first use of a class is not the content's. */
    private boolean isLarge(Reader reader, byte[] content) {
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            reader.reads().read(content);
        } catch (Exception e) {
            // known already
        }
        return threads.getCurrentThreadAllocatedBytes() - before > mostFor(content);
    }

    private byte[] damaged(Reader reader, RandomStream random) {
        byte[] content = one(reader, random).clone();
        for (int changes = 1 + random.nextInt(4) * random.nextInt(3); changes > 0; changes--) {
            content = change(content, reader, random);
        }
        return random.nextInt(8) == 0 ? content : reader.seal().apply(content);
    }

    private static byte[] one(Reader reader, RandomStream random) {
        return reader.samples().get(random.nextInt(reader.samples().size()));
    }

    private byte[] change(byte[] content, Reader reader, RandomStream random) {
        int n = content.length;
        int at = random.nextInt(n + 1);
        int to = Math.min(n, at + 1 + random.nextInt(1 << random.nextInt(8)));
        switch (random.nextInt(11)) {
            case 0:
                return replaced(content, 0, at, new byte[0]); // without a beginning
            case 1:
                return replaced(content, at, n, new byte[0]); // without an end
            case 2:
                return replaced(content, at, to, new byte[0]);
            case 3:
                return replaced(content, at, at, repeated(java.util.Arrays.copyOfRange(content, at, to), n, random));
            case 4:
                return replaced(content, at, random.nextBoolean() ? to : at, text(reader, random));
            case 5:
                return withNumber(content, random);
            case 6:
                byte[] other = one(reader, random);
                int from = random.nextInt(other.length + 1);
                return replaced(content, at, n, java.util.Arrays.copyOfRange(other, from, other.length));
            case 7:
            case 8:
                return overwritten(content, at, random);
            default:
                byte[] flipped = content.clone();
                if (at < n) {
                    flipped[at] ^= (byte) (random.nextBoolean() ? 1 << random.nextInt(8) : random.nextInt(256));
                }
                return flipped;
        }
    }

    private byte[] text(Reader reader, RandomStream random) {
        int words = reader.words().size();
        int k = random.nextInt(words + TEXTS.size());
        byte[] text = k < words ? reader.words().get(k) : Reader.bytes(TEXTS.get(k - words));
        if (longest > SHORT && random.nextInt(4) == 0) {
            return repeated(text, 0, random);
        }
        int times = random.nextInt(16) == 0 ? 1 << random.nextInt(10) : 1;
        return times(text, times);
    }

    /** Once; where contents may be long, often so many times that they are. */
    private byte[] repeated(byte[] piece, int beside, RandomStream random) {
        if (longest == SHORT || piece.length == 0 || random.nextInt(3) == 0) {
            return piece;
        }
        int most = (longest - beside) / piece.length;
        return times(piece, most < 2 ? 1 : most - random.nextInt(most / 2));
    }

    private static byte[] times(byte[] piece, int times) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(piece.length * times);
        for (int n = 0; n < times; n++) {
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }

    /** Another number in the place of one in text. */
    private byte[] withNumber(byte[] content, RandomStream random) {
        int at = random.nextInt(content.length + 1);
        while (at < content.length && !isDigit(content[at])) {
            at++;
        }
        int to = at;
        while (to < content.length && isDigit(content[to])) {
            to++;
        }
        String number = random.nextBoolean()
                ? TEXTS.get(random.nextInt(17))
                : Long.toString(NUMBERS[random.nextInt(NUMBERS.length)]);
        return replaced(content, at, to, Reader.bytes(number));
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** A length or number of 1 to 8 bytes, in either order. */
    private static byte[] overwritten(byte[] content, int at, RandomStream random) {
        byte[] changed = content.clone();
        int width = 1 << random.nextInt(4);
        long number = NUMBERS[random.nextInt(NUMBERS.length)] + (random.nextInt(4) == 0 ? content.length : 0);
        boolean little = random.nextBoolean();
        for (int k = 0; k < width && at + k < changed.length; k++) {
            changed[at + k] = (byte) (number >> 8 * (little ? k : width - 1 - k));
        }
        return changed;
    }

    private byte[] replaced(byte[] content, int from, int to, byte[] by) {
        if (content.length - (to - from) + by.length > longest) {
            return content;
        }
        byte[] result = new byte[content.length - (to - from) + by.length];
        System.arraycopy(content, 0, result, 0, from);
        System.arraycopy(by, 0, result, from, by.length);
        System.arraycopy(content, to, result, from + by.length, content.length - to);
        return result;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,d contents, %.1f %% refused; slowest %.0f ms; memory at most 1 MB and %.1f bytes per byte",
                tried,
                100.0 * refused / Math.max(1, tried),
                slowest / 1e6,
                Math.max(0, mostMemory));
    }
}
