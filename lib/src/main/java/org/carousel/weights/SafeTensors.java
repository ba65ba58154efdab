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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.carousel.files.internal.AsideFile;
import org.carousel.files.internal.Failures;
import org.carousel.files.internal.Json;
import org.carousel.files.internal.Lines;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

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
 * <p>Everything becomes float32: F64, F32, F16, BF16, F8_E4M3, F8_E5M2 and, as long as every number of the tensor is a
 * float exactly, BOOL and whole numbers of 8 to 64 bits. A tensor of another type, or one that a float cannot hold, is no
 * fault of the file: it is left out of what {@link #load} gives, and only who asks for it by name gets an error. Written
 * is F32.
 *
 * <p>A model in several files comes with an index, {@code model.safetensors.index.json}: load that.
 */
public final class SafeTensors {
    private static final long LARGEST_HEADER = 100_000_000; // the format's own limit
    private static final int PIECE = 1 << 16;
    private static final String METADATA = "__metadata__";
    private static final Map<String, Integer> BITS = Map.ofEntries(
            Map.entry("BOOL", 8),
            Map.entry("F4", 4),
            Map.entry("F6_E2M3", 6),
            Map.entry("F6_E3M2", 6),
            Map.entry("U8", 8),
            Map.entry("I8", 8),
            Map.entry("F8_E5M2", 8),
            Map.entry("F8_E4M3", 8),
            Map.entry("F8_E8M0", 8),
            Map.entry("F8_E4M3FNUZ", 8),
            Map.entry("F8_E5M2FNUZ", 8),
            Map.entry("I16", 16),
            Map.entry("U16", 16),
            Map.entry("F16", 16),
            Map.entry("BF16", 16),
            Map.entry("I32", 32),
            Map.entry("U32", 32),
            Map.entry("F32", 32),
            Map.entry("C64", 64),
            Map.entry("F64", 64),
            Map.entry("I64", 64),
            Map.entry("U64", 64));

    private SafeTensors() {}

    private record Entry(String name, String type, int[] shape, int size, long begin, long end) {}

    /**
     * Writes tensors in the order of the map.
     *
     * @throws IllegalArgumentException when a name cannot be read again: {@code __metadata__}, or no valid Unicode
     * @throws UncheckedIOException when the file cannot be written; an older file of this name is then unchanged
     */
    public static void save(Path file, Map<String, Tensor> tensors) {
        for (String name : tensors.keySet()) {
            if (name.equals(METADATA) || !StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
                throw new IllegalArgumentException("save: " + file + ": a tensor cannot have the name '" + name + "', "
                        + (name.equals(METADATA) ? "which the format keeps for itself" : "which is no valid Unicode"));
            }
        }
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
     * Reads all tensors that floats can hold.
     *
     * @param file a safetensors file, or the index of several, whose name ends in {@code .json}
     * @return in the order of the file; {@code get} throws IllegalArgumentException for a tensor that is in the file and
     *     cannot be read, naming its type
     * @throws IllegalArgumentException when the file is cut, damaged or not of this format, saying what is wrong
     * @throws UncheckedIOException when the file cannot be read
     */
    public static Map<String, Tensor> load(Path file) {
        if (String.valueOf(file.getFileName()).endsWith(".json")) {
            return ofShards(file);
        }
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(file.toString(), in.size(), mapped(in));
        } catch (IOException e) {
            throw new UncheckedIOException("load: " + file + ": " + Failures.describe(e), e);
        }
    }

    private static Elements.Bytes mapped(FileChannel in) {
        return (from, count) -> in.map(FileChannel.MapMode.READ_ONLY, from, count);
    }

    /** Reads a file of so many bytes from wherever they are. */
    static Map<String, Tensor> read(String file, long length, Elements.Bytes in) throws IOException {
        Loaded tensors = new Loaded();
        Contents contents = contents(file, length, in);
        for (Entry entry : contents.entries) {
            String unread = Elements.KINDS.contains(entry.type)
                    ? Elements.read(
                            in,
                            contents.begin + entry.begin,
                            entry.type,
                            entry.size,
                            values -> tensors.put(entry.name, Tensor.wrap(values, entry.shape)))
                    : "is of type " + entry.type + ", which is not read; of these types are: " + Elements.KINDS;
            if (unread != null) {
                tensors.unread.put(entry.name, "load: " + file + ": " + entry.name + " " + unread);
            }
        }
        return tensors;
    }

    /** The type of each tensor as the header names it, F32 or I64, without reading any. */
    public static Map<String, String> types(Path file) {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            Map<String, String> types = new LinkedHashMap<>();
            contents(file.toString(), in.size(), mapped(in))
                    .entries
                    .forEach(entry -> types.put(entry.name, entry.type));
            return types;
        } catch (IOException e) {
            throw new UncheckedIOException("load: " + file + ": " + Failures.describe(e), e);
        }
    }

    /** What was read, and for the rest why not. */
    private static final class Loaded extends LinkedHashMap<String, Tensor> {
        final Map<String, String> unread = new LinkedHashMap<>();

        @Override
        public @Nullable Tensor get(@Nullable Object name) {
            String why = unread.get(name);
            if (why != null) {
                throw new IllegalArgumentException(why);
            }
            return super.get(name);
        }
    }

    private static Map<String, Tensor> ofShards(Path index) {
        String json = Lines.text(index);
        Map<String, Object> places;
        Set<String> files = new LinkedHashSet<>();
        try {
            places = Json.object(Json.object(Json.parse(json)).get("weight_map"));
            places.values().forEach(name -> files.add(Json.string(name)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "load: " + index + " is not a sound index: " + Failures.shortened(e.getMessage()), e);
        }
        Loaded all = new Loaded();
        for (String name : files) {
            if (!name.matches("[\\w][\\w.-]*")) {
                throw new IllegalArgumentException(
                        "load: " + index + ": '" + name + "' is no name of a file beside it");
            }
            Loaded part = (Loaded) load(index.resolveSibling(name));
            all.putAll(part);
            all.unread.putAll(part.unread);
        }
        Set<String> missing = new LinkedHashSet<>(places.keySet());
        missing.removeAll(all.keySet());
        missing.removeAll(all.unread.keySet());
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("load: " + index + " names " + missing + ", which no file holds");
        }
        return all;
    }

    // ------------------------------------------------------------------ header

    /** The entries and where their elements begin. */
    private record Contents(List<Entry> entries, long begin) {}

    private static Contents contents(String file, long length, Elements.Bytes in) throws IOException {
        if (length < 8) {
            throw damaged(file, "only " + length + " bytes; a header needs 8");
        }
        long headerLength = in.at(0, 8).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (headerLength < 2 || headerLength > LARGEST_HEADER || headerLength > length - 8) {
            throw damaged(file, "declares a header of " + headerLength + " bytes in a file of " + length + " bytes");
        }
        String json = StandardCharsets.UTF_8.decode(in.at(8, headerLength)).toString();
        return new Contents(entries(file, json, length - 8 - headerLength), 8 + headerLength);
    }

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

    private static List<Entry> entries(String file, String json, long dataLength) {
        List<Entry> entries = new ArrayList<>();
        try {
            Json.forEachField(json, (name, value) -> { // one by one: a header may name hundreds of thousands
                if (!name.equals(METADATA)) {
                    entries.add(entry(name, Json.object(value)));
                }
            });
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
        if (begin < 0 || end < begin || 8 * (end - begin) != size * bits(name, type)) {
            throw new IllegalArgumentException(
                    name + " " + sizes + " of type " + type + " cannot lie in bytes " + begin + " to " + end);
        }
        return new Entry(name, type, shape, (int) size, begin, end);
    }

    private static int bits(String name, String type) {
        Integer bits = BITS.get(type);
        if (bits == null) {
            throw new IllegalArgumentException(name + " is of the unknown type " + type);
        }
        return bits;
    }

    // ------------------------------------------------------------------ elements

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

    private static IllegalArgumentException damaged(String file, @Nullable String what) {
        return new IllegalArgumentException(
                "load: " + file + " is not a sound safetensors file: " + Failures.shortened(what));
    }
}
