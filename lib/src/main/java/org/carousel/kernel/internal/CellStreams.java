package org.carousel.kernel.internal;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** {@code System.out}, {@code System.err} and {@code System.in} of cells. Threads without a cell use those of the process. */
final class CellStreams {
    private CellStreams() {}

    /** From now on what a thread prints goes to its cell. */
    static void install(LineReader lines) {
        System.setOut(printer(Output.Stream.STDOUT, System.out));
        System.setErr(printer(Output.Stream.STDERR, System.err));
        System.setIn(new Lines(lines));
    }

    /** What a printer still held when its output refused a part of it: nothing of it may reach the cell that comes next. */
    static void drain() {
        System.out.print("");
        System.err.print("");
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
        private final LineReader source;
        private byte[] line = new byte[0];
        private int at;

        Lines(LineReader source) {
            this.source = source;
        }

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
            line = source.read().getBytes(StandardCharsets.UTF_8);
            at = 0;
            return line.length > 0;
        }

        @Override
        public synchronized int available() {
            return line.length - at;
        }
    }
}
