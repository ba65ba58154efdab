package org.carousel.weights;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.carousel.files.AsideFile;
import org.carousel.tensor.Tensor;

/**
 * Files of named tensors in the safetensors format, which PyTorch, Keras and others read and write.
 *
 * <pre>
 * 8 bytes   N, the length of the header, little endian
 * N bytes   JSON: {"name": {"dtype": "F32", "shape": [4, 3], "data_offsets": [0, 48]}, ...}
 * the rest  the elements, little endian, row-major, without gaps
 * </pre>
 *
 * <p>A file is believed only after everything in its header was checked against its real length: a hostile or cut file
 * costs an exception, not memory. Files are written aside and renamed, so a failed save leaves the old file as it was.
 *
 * <p>Reads F32, F64, F16 and BF16 (all become float32); writes F32.
 */
public final class SafeTensors {
    private static final long LARGEST_HEADER = 100_000_000; // the format's own limit
    private static final int PIECE = 1 << 16;

    private SafeTensors() {}

    private record Entry(String name, String type, int[] shape, int size, long begin, long end) {}

    /**
     * Writes tensors in the order of the map.
     *
     * @throws UncheckedIOException when the file cannot be written; an older file of this name is then unchanged
     */
    public static void save(Path file, Map<String, Tensor> tensors) {
        byte[] header = header(tensors);
        AsideFile.write(file, out -> {
            out.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .array());
            out.write(header);
            for (Tensor tensor : tensors.values()) {
                writeElements(out, tensor.toArray());
            }
        });
    }

    /**
     * Reads all tensors.
     *
     * @throws IllegalArgumentException when the file is cut, damaged or not of this format, saying what is wrong
     * @throws UncheckedIOException when the file cannot be read
     */
    public static Map<String, Tensor> load(Path file) {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            long length = in.size();
            if (length < 8) {
                throw damaged(file, "only " + length + " bytes; a header needs 8");
            }
            long headerLength = read(in, 8).getLong();
            if (headerLength < 2 || headerLength > LARGEST_HEADER || headerLength > length - 8) {
                throw damaged(
                        file, "declares a header of " + headerLength + " bytes in a file of " + length + " bytes");
            }
            String json =
                    StandardCharsets.UTF_8.decode(read(in, (int) headerLength)).toString();
            List<Entry> entries = entries(file, json, length - 8 - headerLength);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (Entry entry : entries) {
                tensors.put(entry.name, Tensor.wrap(readElements(in, entry), entry.shape));
            }
            return tensors;
        } catch (IOException e) {
            throw new UncheckedIOException("load: " + file + ": " + e.getMessage(), e);
        }
    }

    // ------------------------------------------------------------------ header

    private static byte[] header(Map<String, Tensor> tensors) {
        StringBuilder json = new StringBuilder("{");
        long at = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            long end = at + 4L * tensor.size();
            json.append(json.length() == 1 ? "" : ",")
                    .append(Json.quote(entry.getKey()))
                    .append(":{\"dtype\":\"F32\",\"shape\":")
                    .append(java.util.Arrays.toString(tensor.shape()).replace(" ", ""))
                    .append(",\"data_offsets\":[")
                    .append(at)
                    .append(',')
                    .append(end)
                    .append("]}");
            at = end;
        }
        json.append('}');
        while (json.toString().getBytes(StandardCharsets.UTF_8).length % 8 != 0) {
            json.append(' '); // elements begin at a multiple of 8, as the reference writer does
        }
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static List<Entry> entries(Path file, String json, long dataLength) {
        List<Entry> entries = new ArrayList<>();
        try {
            for (Map.Entry<String, Object> field : Json.object(Json.parse(json)).entrySet()) {
                if (!field.getKey().equals("__metadata__")) {
                    entries.add(entry(field.getKey(), Json.object(field.getValue())));
                }
            }
        } catch (IllegalArgumentException e) {
            throw damaged(file, e.getMessage());
        }
        List<Entry> byPosition = new ArrayList<>(entries);
        byPosition.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long at = 0;
        for (Entry e : byPosition) {
            if (e.begin != at) {
                throw damaged(
                        file,
                        e.name + " begins at byte " + e.begin + " where the tensor before it ends at " + at
                                + (e.begin < at ? "; they overlap" : "; there is a gap"));
            }
            at = e.end;
        }
        if (at != dataLength) {
            throw damaged(file, "declares " + at + " bytes of elements and holds " + dataLength);
        }
        return entries;
    }

    private static Entry entry(String name, Map<String, Object> fields) {
        String type = Json.string(fields.get("dtype"));
        List<Object> sizes = Json.array(fields.get("shape"));
        List<Object> offsets = Json.array(fields.get("data_offsets"));
        if (offsets.size() != 2) {
            throw new IllegalArgumentException(name + " has " + offsets.size() + " data_offsets, not 2");
        }
        long begin = Json.integer(offsets.get(0));
        long end = Json.integer(offsets.get(1));
        int[] shape = new int[sizes.size()];
        long size = 1;
        for (int d = 0; d < shape.length; d++) {
            long n = Json.integer(sizes.get(d));
            if (n < 0 || n > Integer.MAX_VALUE || size * n > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(name + " has the impossible shape " + sizes);
            }
            shape[d] = (int) n;
            size *= n;
        }
        if (begin < 0 || end < begin || end - begin != size * bytes(name, type)) {
            throw new IllegalArgumentException(
                    name + " " + sizes + " of type " + type + " cannot lie in bytes " + begin + " to " + end);
        }
        return new Entry(name, type, shape, (int) size, begin, end);
    }

    private static int bytes(String name, String type) {
        return switch (type) {
            case "F64" -> 8;
            case "F32" -> 4;
            case "F16", "BF16" -> 2;
            default ->
                throw new IllegalArgumentException(
                        name + " is of type " + type + "; F32, F64, F16 and BF16 can be read");
        };
    }

    // ------------------------------------------------------------------ elements

    private static float[] readElements(FileChannel in, Entry entry) throws IOException {
        float[] values = new float[entry.size];
        int width = bytes(entry.name, entry.type);
        for (int at = 0; at < values.length; ) {
            int n = Math.min(PIECE / width, values.length - at);
            ByteBuffer piece = read(in, n * width);
            for (int i = 0; i < n; i++) {
                values[at++] = switch (entry.type) {
                    case "F64" -> (float) piece.getDouble();
                    case "F32" -> piece.getFloat();
                    case "BF16" -> Float.intBitsToFloat(piece.getShort() << 16);
                    default -> half(piece.getShort());
                };
            }
        }
        return values;
    }

    /** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */
    private static float half(short bits) {
        int exponent = (bits >> 10) & 31;
        int fraction = bits & 1023;
        float magnitude =
                switch (exponent) {
                    case 0 -> fraction * 0x1p-24f;
                    case 31 -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
                    default -> Float.intBitsToFloat((exponent + 112) << 23 | fraction << 13);
                };
        return bits < 0 ? -magnitude : magnitude;
    }

    private static void writeElements(OutputStream out, float[] values) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            piece.putFloat(value);
            if (!piece.hasRemaining()) {
                out.write(piece.array());
                piece.clear();
            }
        }
        out.write(piece.array(), 0, piece.position());
    }

    private static ByteBuffer read(FileChannel in, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (in.read(buffer) < 0) {
                throw new IOException("the file ended while it was read");
            }
        }
        return buffer.flip();
    }

    private static IllegalArgumentException damaged(Path file, @org.jspecify.annotations.Nullable String what) {
        return new IllegalArgumentException("load: " + file + " is not a sound safetensors file: " + what);
    }
}
