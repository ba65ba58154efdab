package org.carousel.kernel.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/**
 * The text a cell writes, on its way to the front end: gathered and sent in parts, some twenty a second, because a
 * message for each line floods the channel, which then drops lines.
 *
 * <p>The order of both streams is kept, and no character is cut in two.
 */
final class Output {
    /** The streams, under the names that the protocol gives them. */
    enum Stream {
        STDOUT,
        STDERR
    }

    private static final int LARGEST_PART = 1 << 18;
    private static final long PAUSE_MILLIS = 50;
    private static final int MOST_PAUSES = 10;

    /** So much a cell may print whoever reads it. */
    private static final long FREE = 16L << 20;

    /** What a picture or table counts for beside text. */
    private static final int SHOWN = 10_000;

    private final BiConsumer<Stream, String> send;
    private final Runnable pace;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private Stream stream = Stream.STDOUT;
    private boolean waiting;
    private int pauses;
    private long written;
    private volatile boolean full;

    /**
     * An output.
     *
     * @param send sends a part to the front end
     * @param pace called from time to time in the thread of a cell that prints very much, to wait for its readers
     */
    Output(BiConsumer<Stream, String> send, Runnable pace) {
        this.send = send;
        this.pace = pace;
    }

    /** Adds bytes of UTF-8 to a stream; none once its readers were waited for in vain. */
    void write(Stream to, byte[] bytes, int offset, int length) {
        if (!full) {
            count(length);
            add(to, bytes, offset, length);
        }
    }

    /** Whether nothing more is taken. */
    boolean isFull() {
        return full;
    }

    /** Something else than text is shown. */
    void shown() {
        count(SHOWN);
    }

    /** Waits at every 64th of what is free, and not under the lock that sending needs. */
    private void count(int length) {
        long before;
        synchronized (this) {
            before = written;
            written += length;
        }
        if (before > FREE && before / (FREE / 64) != (before + length) / (FREE / 64)) {
            try {
                pace.run();
            } catch (CellError e) {
                full = true;
                throw e;
            }
        }
    }

    private synchronized void add(Stream to, byte[] bytes, int offset, int length) {
        if (to != stream) {
            flush();
            stream = to;
        }
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int part = Math.min(end - at, LARGEST_PART - pending.size());
            pending.write(bytes, at, part);
            at += part;
            if (pending.size() >= LARGEST_PART) {
                sendWhole();
            }
        }
        if (!waiting && pending.size() > 0) {
            waiting = true;
            Flusher.after(PAUSE_MILLIS, this::flushInTime);
        }
    }

    /** Takes the line back that has not ended yet, if it has not been sent: a question that a field for its answer shows. */
    synchronized String takeUnfinishedLine() {
        if (stream != Stream.STDOUT) {
            return "";
        }
        String text = pending.toString(StandardCharsets.UTF_8);
        int begin = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
        byte[] before = text.substring(0, begin).getBytes(StandardCharsets.UTF_8);
        pending.reset();
        pending.write(before, 0, before.length);
        return text.substring(begin);
    }

    /** A line that has not ended may be a question, which is better shown beside the field for its answer; it waits. */
    private synchronized void flushInTime() {
        waiting = false;
        byte[] bytes = pending.toByteArray();
        int lines = bytes.length;
        while (lines > 0 && bytes[lines - 1] != '\n') {
            lines--;
        }
        pauses = lines == bytes.length || lines > 0 ? 0 : pauses + 1;
        send(bytes, pauses < MOST_PAUSES && stream == Stream.STDOUT ? lines : wholeCharacters(bytes));
        if (pending.size() > 0 && pauses < MOST_PAUSES) {
            waiting = true;
            Flusher.after(PAUSE_MILLIS, this::flushInTime);
        }
    }

    /** Sends what is there, also the first bytes of a character whose rest never came. */
    synchronized void flush() {
        sendWhole();
        if (pending.size() > 0) {
            send.accept(stream, pending.toString(StandardCharsets.UTF_8));
            pending.reset();
        }
    }

    /** Sends all whole characters. */
    private void sendWhole() {
        byte[] bytes = pending.toByteArray();
        send(bytes, wholeCharacters(bytes));
    }

    private void send(byte[] bytes, int count) {
        if (count > 0) {
            send.accept(stream, new String(bytes, 0, count, StandardCharsets.UTF_8));
            pending.reset(); // now, because memory for sending may have been lacking
            pending.write(bytes, count, bytes.length - count);
        }
    }

    /** How many bytes are whole characters; at most the last three may belong to one that is not complete. */
    static int wholeCharacters(byte[] utf8) {
        int last = utf8.length - 1;
        while (last > utf8.length - 4 && last > 0 && (utf8[last] & 0xC0) == 0x80) {
            last--;
        }
        if (last < 0) {
            return 0;
        }
        int first = utf8[last] & 0xFF;
        int size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
        return last + size > utf8.length ? last : utf8.length;
    }
}
