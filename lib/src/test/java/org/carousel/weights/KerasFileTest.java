package org.carousel.weights;

import static org.carousel.Golden.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.carousel.Golden;
import org.carousel.recurrent.Gru;
import org.carousel.recurrent.Stacked;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that Keras 3 wrote, and what its layers gave; see golden/keras_files.py in the test resources. */
class KerasFileTest {
    private static final Path FOLDER = Golden.file("keras/outputs").getParent();
    private static final Map<String, Tensor> OUTPUTS = Golden.load("keras/outputs");
    private static final int[][] TOKENS = {{1, 2, 3, 6, 0}, {4, 4, 5, 0, 2}};

    @TempDir
    private Path folder;

    /** Every layer on what Keras's layer below gave. */
    @ParameterizedTest
    @ValueSource(strings = {"model.keras", "model.weights.h5"})
    void everyLayerGivesWhatItGaveInKeras(String name) {
        KerasFile file = KerasFile.load(FOLDER.resolve(name));
        same("words", file.embedding("words").apply(TOKENS));
        same("both", file.bidirectionalLstm("both").run(OUTPUTS.get("words")).h());
        Gru gru = file.gru("gru");
        assertTrue(gru.resetsAfter());
        same("gru", gru.run(OUTPUTS.get("both")).h());
        assertEquals(false, file.gru("gru_1").resetsAfter());
        same("gru_1", file.gru("gru_1").run(OUTPUTS.get("gru")).h());
        same("simple_rnn", file.elman("simple_rnn").run(OUTPUTS.get("gru_1")).h());
        same("lstm_1", file.lstm("lstm_1").run(OUTPUTS.get("simple_rnn")).h());
        same(
                "bidirectional",
                file.bidirectionalGru("bidirectional")
                        .run(OUTPUTS.get("lstm_1"))
                        .h());
        same("upper", file.lstm("upper").run(OUTPUTS.get("bidirectional")).h());
        if (name.endsWith(".keras")) { // ε is in the configuration
            same("layer_normalization", file.layerNorm("layer_normalization").apply(OUTPUTS.get("upper")));
        }
        same("out", file.affine("out").apply(OUTPUTS.get("layer_normalization")));
        assertEquals(
                Set.of(
                        "words",
                        "both",
                        "gru",
                        "gru_1",
                        "simple_rnn",
                        "lstm_1",
                        "bidirectional",
                        "upper",
                        "layer_normalization",
                        "out"),
                file.layers());
        assertArrayEquals(
                file.lstm("upper").parameters().get("weight_hh_l0").toArray(),
                file.lstm("layers/lstm_1").parameters().get("weight_hh_l0").toArray());
    }

    private static void same(String layer, Tensor y) {
        assertClose(layer, Golden.get(OUTPUTS, layer), y);
    }

    @Test
    void cellsOfAStack() {
        KerasFile file = KerasFile.load(FOLDER.resolve("cells.weights.h5"));
        Stacked<Object> stack = Stacked.of(file.lstm("lstm_cell"), file.gru("layers/rnn/cell/cells/gru_cell"));
        Tensor x = Golden.get(OUTPUTS, "cells.x");
        same("cells.y", stack.run(x, stack.initial(2)).h());
    }

    @Test
    void whatIsReadIsTheReaders() {
        KerasFile file = KerasFile.load(FOLDER.resolve("model.weights.h5"));
        file.embedding("words").table().update(v -> Arrays.fill(v, 0));
        same("words", file.embedding("words").apply(TOKENS));
    }

    @Test
    void otherFunctionsAreRefused() {
        KerasFile file = KerasFile.load(FOLDER.resolve("relu.keras"));
        assertTrue(message(() -> file.lstm("a")).contains("a: activation is relu; only tanh is computed here"));
        assertTrue(message(() -> file.gru("b")).contains("b: go_backwards is true; only false"));
        assertTrue(message(() -> file.bidirectionalLstm("c")).contains("recurrent_activation is hard_sigmoid"));
        assertTrue(message(() -> file.bidirectionalLstm("d")).contains("merge_mode is sum; only concat"));
    }

    @Test
    void errorsNameTheLayer() {
        KerasFile file = KerasFile.load(FOLDER.resolve("model.keras"));
        String message = message(() -> file.lstm("lstm_7"));
        assertTrue(message.contains("no layer lstm_7; there are [") && message.contains("words"), message);
        message = message(() -> file.gru("upper"));
        assertTrue(message.contains("upper: KERAS gru") && message.contains("kernel [4×12] is not [4×9]"), message);
        assertTrue(message(() -> file.lstm("out")).contains("kernel [3×2] is not [3×8]"));
        assertTrue(message(() -> file.affine("upper")).contains("kernel is missing"));
    }

    /** The archive says of an entry that it is shorter than it is. */
    @Test
    void anEntryThatIsCutIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry("model.weights.h5"));
            out.write(new byte[1000]);
        }
        ByteBuffer zip = ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        int entry = zip.limit() - 1;
        while (zip.getInt(Math.min(entry, zip.limit() - 4)) != 0x02014b50) {
            entry--;
        }
        zip.putInt(entry + 20, zip.getInt(entry + 20) - 5);
        Path file = Files.write(folder.resolve("cut.keras"), zip.array());
        String message = assertThrows(IllegalArgumentException.class, () -> KerasFile.load(file))
                .getMessage();
        assertTrue(message.startsWith("load: " + file + " is no file of Keras 3: "), message);
        assertFalse(message.endsWith("null"), message);
    }

    /** jHDF makes the rows of an array of 268,435,456 × 0 before it finds that there is nothing to read. */
    @Test
    void anArrayWithoutElementsNeedsNoMemory() throws IOException {
        byte[] content = Files.readAllBytes(FOLDER.resolve("cells.weights.h5"));
        ByteBuffer sizes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int rows = 19512; // of one of its matrices, columns after them
        assertEquals(List.of(2L, 6L), List.of(sizes.getLong(rows), sizes.getLong(rows + 8)));
        sizes.putLong(rows, 1 << 28).putLong(rows + 8, 0);
        Path file = Files.write(folder.resolve("empty.weights.h5"), content);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        KerasFile.load(file);
        long before = threads.getCurrentThreadAllocatedBytes();
        KerasFile.load(file);
        assertTrue(threads.getCurrentThreadAllocatedBytes() - before < 4 << 20);
    }

    @Test
    void cutAndOtherFilesAreRefused() throws IOException {
        for (String name : new String[] {"model.keras", "model.weights.h5"}) {
            byte[] whole = Files.readAllBytes(FOLDER.resolve(name));
            Path file = folder.resolve("cut-" + name);
            for (int size : new int[] {0, 1, 100, 2000, whole.length / 2, whole.length - 1}) {
                Files.write(file, Arrays.copyOf(whole, size));
                assertTrue(message(() -> KerasFile.load(file)).contains("cut-" + name), name + " " + size);
            }
        }
        Path other = Golden.file("keras/outputs");
        assertTrue(message(() -> KerasFile.load(other)).contains("outputs.safetensors"));
        assertThrows(UncheckedIOException.class, () -> KerasFile.load(folder.resolve("missing.keras")));
        assertThrows(UncheckedIOException.class, () -> KerasFile.load(folder.resolve("missing.weights.h5")));
    }

    private static String message(Executable wrong) {
        return assertThrows(IllegalArgumentException.class, wrong).getMessage();
    }
}
