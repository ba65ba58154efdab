package org.carousel.kernel.internal.input;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Objects;
import java.util.Scanner;

/**
 * What a {@link Scanner} of a cell reads, put in the place of its stream or reader by the checks in the
 * classes of cells. Public because these link to it; not for use by hand.
 *
 * <p>A scanner makes its buffer ready for a reader and does not put it back when reading throws. After an interrupt, or
 * where the front end cannot ask, it would take the empty end of the buffer for text, and a scanner in a variable would
 * be of no use any more. Here the buffer is put back as it was.
 */
public final class Scanned implements Readable, Closeable {
    private final Readable reader;

    private Scanned(Readable reader) {
        this.reader = reader;
    }

    /** A stream's text, in the encoding that a scanner takes by itself. */
    public static Readable of(InputStream in) {
        return of(in, Charset.defaultCharset());
    }

    /** A stream's text in an encoding, as {@link Scanner#Scanner(InputStream, String)} takes it. */
    public static Readable of(InputStream in, String encoding) {
        Objects.requireNonNull(in, "source");
        try {
            return of(in, Charset.forName(Objects.requireNonNull(encoding, "charsetName")));
        } catch (UnsupportedCharsetException | IllegalCharsetNameException e) {
            throw new IllegalArgumentException(encoding, e); // as the scanner says it
        }
    }

    /** A stream's text in an encoding, as {@link Scanner#Scanner(InputStream, Charset)} takes it. */
    public static Readable of(InputStream in, Charset encoding) {
        return new Scanned(new InputStreamReader(in, encoding));
    }

    /** What another reader gives, which may in its turn read from the front end. */
    public static Readable of(Readable in) {
        return new Scanned(Objects.requireNonNull(in, "source"));
    }

    /** Takes the place of {@code Scanner::new}. */
    public static Scanner scanner(InputStream in) {
        return new Scanner(of(in));
    }

    /** As {@link #scanner(InputStream)}, in an encoding. */
    public static Scanner scanner(InputStream in, String encoding) {
        return new Scanner(of(in, encoding));
    }

    /** As {@link #scanner(InputStream)}, in an encoding. */
    public static Scanner scanner(InputStream in, Charset encoding) {
        return new Scanner(of(in, encoding));
    }

    /** As {@link #scanner(InputStream)}, of another reader. */
    public static Scanner scanner(Readable in) {
        return new Scanner(of(in));
    }

    /** A scanner that is closed closes what it reads. */
    @Override
    public void close() throws IOException {
        if (reader instanceof Closeable closeable) {
            closeable.close();
        }
    }

    @Override
    public int read(CharBuffer into) throws IOException {
        int end = into.position(); // of the text that the scanner has; it begins at 0, and the limit is the capacity
        try {
            return reader.read(into);
        } catch (Throwable e) {
            into.limit(end).position(0);
            throw e;
        }
    }
}
