package org.carousel.files.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What is read past the buffer is what stands there. */
class ByteReaderTest {
    /** A stream that never gives more than some bytes at once. */
    private static ByteReader in(byte[] content, long length) {
        return ByteReader.of(
                "x",
                new FilterInputStream(new ByteArrayInputStream(content)) {
                    @Override
                    public int read(byte[] to, int from, int count) throws IOException {
                        return super.read(to, from, Math.min(count, 1000));
                    }
                },
                length);
    }

    @Test
    void manyBytesAtOnceKeepTheirPlace() throws IOException {
        byte[] content = new byte[50_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i % 251);
        }
        ByteReader in = in(content, content.length);
        assertEquals(0, in.read());
        assertArrayEquals(Arrays.copyOfRange(content, 1, 30_001), in.exactly(30_000, "some"));
        assertEquals(30_001, in.position());
        assertEquals(30_001 % 251, in.read());
        assertArrayEquals(Arrays.copyOfRange(content, 30_002, 30_010), in.exactly(8, "a few"));
        assertArrayEquals(Arrays.copyOfRange(content, 30_010, 50_000), in.exactly(19_990, "the rest"));
        assertEquals(50_000, in.position());
        assertEquals(-1, in.read());
        assertArrayEquals(new byte[0], in.exactly(0, "nothing"));
    }

    @Test
    void aFileThatIsShorterThanItClaimsIsFoundOut() {
        for (int claimed : new int[] {20_000, 30_000}) {
            ByteReader in = in(new byte[20_000], claimed);
            String message = assertThrows(IllegalArgumentException.class, () -> in.exactly(25_000, "the matrix"))
                    .getMessage();
            assertEquals("load: x: byte 0: the matrix needs 25000 bytes and the file ends after 20000", message);
        }
    }
}
