package org.carousel.data.signal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.carousel.data.DatasetException;
import org.carousel.fuzzing.Reader;

/** WAV files. */
public final class FuzzedRecordings {
    private FuzzedRecordings() {}

    /** The one reader. */
    public static Reader reader() {
        byte[] wav = ByteBuffer.allocate(60)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(Reader.bytes("RIFF"))
                .putInt(52)
                .put(Reader.bytes("WAVELIST"))
                .putInt(3)
                .putInt(7)
                .put(Reader.bytes("fmt "))
                .putInt(16)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(8000)
                .putInt(16_000)
                .putShort((short) 2)
                .putShort((short) 16)
                .put(Reader.bytes("data"))
                .putInt(4)
                .array();
        return Reader.of("WAV", List.of(wav), List.of("data", "fmt ", "RIFF", "WAVE"), content -> {
            try {
                Wav.of(content, Reader.FILE);
            } catch (DatasetException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        });
    }
}
