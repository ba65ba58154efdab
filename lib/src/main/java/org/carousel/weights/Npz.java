package org.carousel.weights;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.carousel.files.internal.Failures;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Files of NumPy with several arrays, {@code .npz}: a zip archive of {@code name.npy}. Arrays of {@code f2}, {@code f4}
 * and {@code f8}, row-major, become float32.
 *
 * <p>Memory is taken as bytes arrive, so that a cut or lying file costs an exception, not memory; one array may have 2 GB.
 */
public final class Npz {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern HEADER = Pattern.compile(
            "\\{'descr': '([<>])f([248])', 'fortran_order': (False|True), 'shape': \\(((?:\\d{1,10}, ?){0,64}(?:\\d{1,10})?)\\), *\\}\\s*");
    private static final int LONGEST_HEADER = 1 << 16;

    private Npz() {}

    /**
     * Reads all arrays, in the order of the archive.
     *
     * @throws IllegalArgumentException when the file is cut, damaged or holds something else, naming the array
     * @throws UncheckedIOException when the file cannot be read
     */
    public static Map<String, Tensor> load(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.toString(), in);
        } catch (IOException e) {
            throw new UncheckedIOException("load: " + file + ": " + Failures.describe(e), e);
        }
    }

    static Map<String, Tensor> read(String file, InputStream archive) throws IOException {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(archive)) {
            for (ZipEntry entry = next(file, in); entry != null; entry = next(file, in)) {
                String name = entry.getName().replaceFirst("\\.npy$", "");
                if (arrays.put(name, array(file + ": " + name, in)) != null) {
                    throw new IllegalArgumentException("load: " + file + ": " + name + " is there twice");
                }
            }
        } catch (ZipException | EOFException e) {
            throw new IllegalArgumentException("load: " + file + " is cut or damaged: " + e.getMessage(), e);
        }
        if (arrays.isEmpty()) {
            throw new IllegalArgumentException("load: " + file + " is no .npz file, or an empty one");
        }
        return arrays;
    }

    private static @Nullable ZipEntry next(String file, ZipInputStream in) throws IOException {
        try {
            return in.getNextEntry();
        } catch (IllegalArgumentException e) { // a name that is not UTF-8
            throw new IllegalArgumentException(
                    "load: " + file + " is cut or damaged: a name in it: " + e.getMessage(), e);
        }
    }

    private static Tensor array(String where, InputStream in) throws IOException {
        byte[] begin = exactly(where, in, 8);
        if (!Arrays.equals(begin, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IllegalArgumentException("load: " + where + " does not begin as an array of NumPy");
        }
        byte[] size = exactly(where, in, begin[6] == 1 ? 2 : 4);
        int length = 0;
        for (int i = size.length - 1; i >= 0; i--) {
            length = length << 8 | (size[i] & 0xFF);
        }
        if (begin[6] < 1 || begin[6] > 3 || length < 0 || length > LONGEST_HEADER) {
            throw new IllegalArgumentException("load: " + where + " is of version " + begin[6] + " with a header of "
                    + Integer.toUnsignedString(length) + " bytes; versions 1 to 3 and at most " + LONGEST_HEADER
                    + " are read");
        }
        String header = new String(exactly(where, in, length), StandardCharsets.UTF_8);
        Matcher fields = HEADER.matcher(header);
        if (!fields.matches() || fields.group(3).equals("True")) {
            throw new IllegalArgumentException("load: " + where + ": " + header.strip()
                    + " is no array of f2, f4 or f8 in rows, which is what can be read");
        }
        String[] sizes =
                fields.group(4).isBlank() ? new String[0] : fields.group(4).split(", *");
        int[] shape = new int[sizes.length];
        long count = 1;
        for (int d = 0; d < shape.length; d++) {
            long n = Long.parseLong(sizes[d]);
            count = n > Integer.MAX_VALUE ? Long.MAX_VALUE : count * n;
            if (count > Integer.MAX_VALUE / 8) {
                throw new IllegalArgumentException("load: " + where + ": " + header.strip() + " is too large");
            }
            shape[d] = (int) n;
        }
        int width = Integer.parseInt(fields.group(2));
        ByteBuffer bytes = ByteBuffer.wrap(exactly(where, in, (int) count * width))
                .order(fields.group(1).equals("<") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        float[] values = new float[(int) count];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (width) {
                case 2 -> Elements.half(bytes.getShort());
                case 4 -> bytes.getFloat();
                default -> (float) bytes.getDouble();
            };
        }
        if (in.read() >= 0) {
            throw new IllegalArgumentException("load: " + where + " holds more than its header says");
        }
        return Tensor.wrap(values, shape);
    }

    private static byte[] exactly(String where, InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count); // grows with what arrives
        if (bytes.length < count) {
            throw new IllegalArgumentException(
                    "load: " + where + " ends " + (count - bytes.length) + " bytes too early");
        }
        return bytes;
    }
}
