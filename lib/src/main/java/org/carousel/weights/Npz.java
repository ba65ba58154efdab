package org.carousel.weights;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.carousel.files.internal.ByteReader;
import org.carousel.files.internal.Failures;
import org.carousel.files.internal.NumpyArray;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Files of NumPy with several arrays, {@code .npz}: a zip archive of {@code name.npy}. Arrays of {@code f2}, {@code f4}
 * and {@code f8}, by rows or by columns, become float32.
 *
 * <p>Memory is taken as bytes arrive, so that a cut or lying file costs an exception, not memory; one array may have 2 GB.
 */
public final class Npz {
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
                String where = file + ": " + Failures.shortened(name);
                if (arrays.put(name, array(where, in)) != null) {
                    throw new IllegalArgumentException("load: " + where + " is there twice");
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
        NumpyArray array = NumpyArray.read(ByteReader.of(where, in, Long.MAX_VALUE));
        return Tensor.wrap(array.values(), array.shape());
    }
}
