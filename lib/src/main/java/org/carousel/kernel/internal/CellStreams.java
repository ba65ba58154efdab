package org.carousel.kernel.internal;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code System.out}, {@code System.err} and {@code System.in} of cells. Threads without a cell use those of the process.
 *
 * <p>A cell may set others, which stay until it sets these again. They do not stay where nothing would be printed any more:
 * none at all, one that is closed or fails, or one that was still set when its cell ended in an error.
 */
final class CellStreams {
    private static final PrintStream PROCESS = System.err;
    private static final PrintStream OUT = printer(Output.Stream.STDOUT, System.out);
    private static final PrintStream ERR = printer(Output.Stream.STDERR, System.err);
    private static final Lines IN = new Lines();

    private CellStreams() {}

    /** From now on what a thread prints goes to its cell. */
    static void install(LineReader lines) {
        IN.source = lines;
        System.setOut(OUT);
        System.setErr(ERR);
        System.setIn(IN);
    }

    /** Where the process writes what is no cell's. */
    static PrintStream process() {
        return PROCESS;
    }

    /** What the kernel itself prints into a cell, wherever the cell has sent its own output. */
    static PrintStream out() {
        return OUT;
    }

    /** As {@link #out}, for what is no result. */
    static PrintStream err() {
        return ERR;
    }

    /** To the errors, wherever the cell has sent them; into the cell when that fails. */
    static void tell(String text) {
        try {
            System.err.print(text);
        } catch (RuntimeException | Error e) {
            ERR.print(text);
        }
    }

    /** The compiler opens the stream of errors even where it has nothing to write, and breaks when there is none. */
    static void replaceMissing() {
        if (System.out == null) {
            System.setOut(OUT);
        }
        if (System.err == null) {
            System.setErr(ERR);
        }
        if (System.in == null) {
            System.setIn(IN);
        }
    }

    /** In the cell's thread, because the shell flushes in its own, where a stream that never ends could not be stopped. */
    static @Nullable Object flushed(@Nullable Object value) {
        replaceMissing();
        if (System.out != OUT) {
            System.out.flush();
        }
        return value;
    }

    /** Whether a cell has set a stream of its own for what it prints. */
    static boolean areOthers() {
        return System.out != OUT || System.err != ERR;
    }

    /**
     * After a cell: streams that print nothing make way for those of the notebook. Asks the streams, which are code of cells.
     *
     * @param failed whether the cell ended in an error, which may have kept it from setting its streams back
     */
    static void restore(boolean failed) {
        replaceMissing();
        String told = "";
        if (System.out != OUT && (failed || isBroken(System.out))) {
            System.setOut(OUT);
            told += "System.out";
        }
        if (System.err != ERR && (failed || isBroken(System.err))) {
            System.setErr(ERR);
            told += told.isEmpty() ? "System.err" : " and System.err";
        }
        if (!told.isEmpty()) {
            ERR.println(told + ": into the notebook again, because "
                    + (failed
                            ? "the cell that set another stream failed"
                            : "the stream that was set is closed or fails"));
        }
    }

    private static boolean isBroken(PrintStream stream) {
        try {
            return stream.checkError();
        } catch (CellInterrupted e) {
            throw e;
        } catch (RuntimeException | Error e) {
            return true;
        }
    }

    /** What a printer still held when its output refused a part of it: nothing of it may reach the cell that comes next. */
    static void drain() {
        OUT.print("");
        ERR.print("");
    }

    private static PrintStream printer(Output.Stream stream, PrintStream process) {
        return new PrintStream(new Routed(stream, process), false, StandardCharsets.UTF_8) {
            /** A writer around it that is closed must not silence the cells to come. */
            @Override
            public void close() {
                flush();
            }
        };
    }

    private static final class Routed extends OutputStream {
        private final Output.Stream stream;
        private final PrintStream process;

        Routed(Output.Stream stream, PrintStream process) {
            this.stream = stream;
            this.process = process;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            Cell cell = Cell.current();
            if (cell == null) {
                process.write(bytes, offset, length);
                process.flush();
            } else {
                cell.output().write(stream, bytes, offset, length);
            }
        }
    }

    /** Asks the reader for a line; the line ends with a line feed. */
    interface LineReader {
        String read();
    }

    private static final class Lines extends InputStream {
        private volatile @Nullable LineReader source;
        private byte[] line = new byte[0];
        private int at;

        @Override
        public synchronized int read() {
            if (at == line.length && !next()) {
                return -1;
            }
            return line[at++] & 0xFF;
        }

        /** At most one line, so that a reader of lines gets its line without a further request. */
        @Override
        public synchronized int read(byte[] into, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, into.length);
            if (length == 0) {
                return 0;
            }
            if (at == line.length && !next()) {
                return -1;
            }
            int count = Math.min(length, available());
            System.arraycopy(line, at, into, offset, count);
            at += count;
            return count;
        }

        private boolean next() {
            LineReader from = source;
            line = from == null ? new byte[0] : from.read().getBytes(StandardCharsets.UTF_8);
            at = 0;
            return line.length > 0;
        }

        @Override
        public synchronized int available() {
            return line.length - at;
        }
    }
}
