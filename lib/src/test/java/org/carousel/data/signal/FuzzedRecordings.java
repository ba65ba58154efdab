package org.carousel.data.signal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.carousel.data.DatasetException;
import org.carousel.data.FuzzedTexts;
import org.carousel.files.internal.Lines;
import org.carousel.fuzzing.Reader;

/** WAV files. */
public final class FuzzedRecordings {
    private FuzzedRecordings() {}

    /** Strokes of a pen, as text. */
    public static Reader pen() {
        String text = ".SEGMENT DIGIT 0 ? \"8\"\n.COMMENT 8 3 30\n.PEN_DOWN\n 1 2\n -3 444\n.PEN_UP\n.DT 100\n"
                + ".PEN_DOWN\n5 6\n.PEN_UP\n";
        return Reader.of(
                "pen strokes",
                List.of(Reader.bytes(text)),
                List.of(".PEN_UP\n", ".PEN_DOWN\n", " 7 8\n", ".COMMENT 1 2 3\n"),
                content -> FuzzedTexts.told(
                        () -> PenDigits.parse(Lines.of(new String(content, StandardCharsets.UTF_8)), Reader.FILE, 0)));
    }

    /** Sound. */
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
