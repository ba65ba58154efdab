package org.carousel.kernel.internal.input;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.CharBuffer;
import java.nio.charset.Charset;

/**
 * What a {@link java.util.Scanner} of a cell reads from an input stream, put in the stream's place by the checks in the
 * classes of cells. Public because these link to it; not for use by hand.
 *
 * <p>A scanner makes its buffer ready for a reader and does not put it back when reading throws. After an interrupt, or
 * where the front end cannot ask, it would take the empty end of the buffer for text, and a scanner in a variable would
 * be of no use any more. Here the buffer is put back as it was.
 */
public final class Scanned implements Readable, Closeable {
    private final Reader reader;

    private Scanned(Reader reader) {
        this.reader = reader;
    }

    /** A stream's text, in the encoding that a scanner takes by itself. */
    public static Readable of(InputStream in) {
        return new Scanned(new InputStreamReader(in, Charset.defaultCharset()));
    }

    /** A scanner that is closed closes what it reads. */
    @Override
    public void close() throws IOException {
        reader.close();
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
