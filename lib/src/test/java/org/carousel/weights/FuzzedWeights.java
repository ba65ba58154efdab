package org.carousel.weights;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.carousel.Golden;
import org.carousel.fuzzing.Reader;
import org.carousel.fuzzing.Sealed;
import org.carousel.layers.Parameters;
import org.carousel.tensor.Tensor;

/** Files of tensors. */
public final class FuzzedWeights {
    private FuzzedWeights() {}

    /** safetensors whole and with the length of its header put right; npz whole and with its archive put right. */
    public static List<Reader> readers() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("weight_ih_l0", Tensor.of(1, 2, 3, 4, 5, 6).reshape(2, 3));
        tensors.put("a \"b\" é", Tensor.zeros(0, 4));
        tensors.put("b", Tensor.of(7));
        byte[] safe = Sealed.written(file -> SafeTensors.save(file, tensors));
        byte[] others = withHeader(
                Reader.bytes("{\"__metadata__\":{\"format\":\"pt\"},\"n\":{\"dtype\":\"I64\",\"shape\":[],"
                        + "\"data_offsets\":[0,8]},\"m\":{\"dtype\":\"BOOL\",\"shape\":[2],\"data_offsets\":[8,10]},"
                        + "\"f\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[10,12]}}            "),
                12);
        List<byte[]> words = List.of(
                Reader.bytes("\"dtype\":\"F16\","),
                Reader.bytes("\"shape\":[1,2,3]"),
                Reader.bytes("\"data_offsets\":[0,4]"),
                Reader.bytes("\"__metadata__\":{}"),
                Reader.bytes("null"),
                Reader.bytes("\\ud800"),
                Reader.bytes("[[[[[[[[["));
        byte[] array = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }\n", 8);
        byte[] scalar = npy("{'descr': '>f2', 'fortran_order': False, 'shape': (), }\n", 2);
        List<byte[]> fields = List.of(
                Reader.bytes("'shape': (1, 1)"),
                Reader.bytes("11111111111111111111"),
                Reader.bytes("1, "),
                Reader.bytes("'<f8'"));
        return List.of(
                new Reader(
                        "safetensors",
                        List.of(safe, others),
                        words,
                        FuzzedWeights::sealed,
                        content -> SafeTensors.read(Reader.FILE, content.length, (from, count) -> ByteBuffer.wrap(
                                        content, (int) from, (int) count)
                                .slice())),
                new Reader(
                        "npz",
                        List.of(zip(array)),
                        fields,
                        content -> content,
                        content -> Npz.read(Reader.FILE, new ByteArrayInputStream(content))),
                new Reader(
                        "npz arrays",
                        List.of(array, scalar),
                        fields,
                        content -> content,
                        content -> Npz.read(Reader.FILE, new ByteArrayInputStream(zip(content)))),
                keras("keras", "keras/cells.weights.h5", Reader.FILE),
                keras("keras archive", "keras/relu.keras", Reader.FILE + ".keras"),
                checkpoint(words),
                Reader.of(
                        "safetensors index",
                        List.of(Reader.bytes("{\"metadata\": {\"total_size\": 0}, \"weight_map\": {}}")),
                        List.of("\"weight_map\": {\"a\": \"nowhere\"}", "..", "/", "\"a\":", "null", "{}"),
                        content -> Sealed.in(content, Reader.FILE + ".json", file -> {
                            try {
                                SafeTensors.load(file);
                            } catch (UncheckedIOException e) { // a file that is not there
                                throw Sealed.named(new IllegalArgumentException(e.getMessage(), e));
                            }
                        })));
    }

    /** Into a model, of which nothing changes unless all is right. */
    private static Reader checkpoint(List<byte[]> words) {
        Tensor w = Tensor.zeros(2, 3);
        Tensor b = Tensor.zeros(1);
        Parameters model = Parameters.of("weight_ih_l0", w).and("b", b);
        byte[] sound = Sealed.written(path -> Checkpoint.save(path, model));
        return new Reader("checkpoint", List.of(sound), words, FuzzedWeights::sealed, content -> {
            String before = Arrays.toString(w.toArray()) + Arrays.toString(b.toArray());
            try {
                Sealed.in(content, path -> Checkpoint.load(path, model));
            } catch (IllegalArgumentException e) {
                if (!before.equals(Arrays.toString(w.toArray()) + Arrays.toString(b.toArray()))) {
                    throw new AssertionError("a refused file changed the model", e);
                }
                throw e;
            }
        });
    }

    /** HDF5 as Keras 3 writes it, and every layer taken out of it as one of each kind. */
    private static Reader keras(String name, String sample, String file) {
        List<String> words =
                List.of("\u0089HDF", "TREE", "SNOD", "HEAP", "GCOL", "OHDR", "kernel", "layers/lstm/cell/vars");
        return Reader.of(
                name,
                List.of(golden(sample)),
                words,
                content -> Sealed.in(content, file, path -> {
                    KerasFile read = KerasFile.load(path);
                    for (String layer : read.layers()) {
                        for (Function<String, Object> take : List.<Function<String, Object>>of(
                                read::lstm,
                                read::gru,
                                read::elman,
                                read::affine,
                                read::embedding,
                                read::bidirectionalLstm)) {
                            try {
                                Objects.requireNonNull(take.apply(layer));
                            } catch (IllegalArgumentException e) {
                                continue; // of another kind
                            }
                        }
                    }
                }));
    }

    private static byte[] golden(String name) {
        try {
            return Files.readAllBytes(Golden.file("lstm").resolveSibling(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] withHeader(byte[] header, int data) {
        return ByteBuffer.allocate(8 + header.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    /** With the length of a header that ends with its last brace. */
    private static byte[] sealed(byte[] content) {
        int end = content.length - 1;
        while (end > 8 && content[end] != '}') {
            end--;
        }
        if (end <= 8) {
            return content;
        }
        byte[] right = content.clone();
        ByteBuffer.wrap(right).order(ByteOrder.LITTLE_ENDIAN).putLong(end + 1 - 8);
        return right;
    }

    private static byte[] npy(String header, int data) {
        byte[] text = Reader.bytes(header);
        return ByteBuffer.allocate(10 + text.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) text.length)
                .put(text)
                .array();
    }

    private static byte[] zip(byte[] array) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.setLevel(0);
            out.putNextEntry(new ZipEntry("w.npy"));
            out.write(array);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
