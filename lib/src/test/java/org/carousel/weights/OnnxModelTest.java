package org.carousel.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.carousel.Golden;
import org.carousel.attention.transformer.Bert;
import org.carousel.attention.transformer.EncoderLayer;
import org.carousel.attention.transformer.Transformer;
import org.carousel.attention.transformer.TransformerEncoder;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.layers.Layer;
import org.carousel.layers.LayerNorm;
import org.carousel.recurrent.Bidirectional;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Elman;
import org.carousel.recurrent.Gru;
import org.carousel.recurrent.Lstm;
import org.carousel.recurrent.LstmForm;
import org.carousel.recurrent.LstmVariant;
import org.carousel.recurrent.ProjectedLstm;
import org.carousel.recurrent.SLstm;
import org.carousel.recurrent.Sequence;
import org.carousel.recurrent.Stacked;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The files are those that onnx.checker and onnxruntime accepted, to the last bit: golden/onnx.txt in the test resources
 * holds what onnx_check.py found in each of them.
 */
class OnnxModelTest {
    private static final int I = 3;
    private static final int H = 4;
    private static final int[] LENGTHS = {6, 2, 4};
    private static final int[][] TOKENS = {{1, 5, 3, 2, 6, 4}, {2, 2}, {6, 1, 1, 3}};
    private static final int[][] PADDED = {{1, 5, 3, 2, 6, 4}, {2, 2, 0, 0, 0, 0}, {6, 1, 1, 3, 0, 0}};

    @TempDir
    private Path folder;

    /** A model, and what it gives here. */
    private record Case(OnnxModel model, Map<String, Tensor> outputs) {}

    private static <L extends Layer> L varied(L layer) {
        RandomStream random = RandomStream.of(9);
        for (Tensor p : layer.parameters().tensors()) {
            p.update(values -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] += (float) (0.3 * random.nextGaussian());
                }
            });
        }
        return layer;
    }

    private static RandomStream random(int n) {
        return RandomStream.of(24).split(n);
    }

    private static Tensor x() {
        return Tensor.normal(RandomStream.of(24), 1, LENGTHS.length, LENGTHS[0], I);
    }

    private static <S> Case cell(Cell<S> cell) {
        varied(cell);
        OnnxModel model = OnnxModel.of("cell");
        OnnxModel.Value in = model.input("x", I);
        OnnxModel.Outputs y = model.cell(cell, in, model.lengths("lengths"));
        model.output("h", y.h());
        model.output("last", y.last());
        Sequence<S> own = cell.run(x(), cell.initial(LENGTHS.length), LENGTHS);
        return new Case(model, outputs("h", own.h(), "last", cell.output(own.last())));
    }

    private static Map<String, Tensor> outputs(Object... namesAndTensors) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        for (int k = 0; k < namesAndTensors.length; k += 2) {
            all.put((String) namesAndTensors[k], (Tensor) namesAndTensors[k + 1]);
        }
        return all;
    }

    private static Case bothWays() {
        Bidirectional<Tensor> layer = varied(new Bidirectional<>(Gru.of(I, H, random(1)), Gru.of(I, H, random(2))));
        OnnxModel model = OnnxModel.of("both");
        OnnxModel.Outputs y = model.bidirectional(layer, model.input("x", I), model.lengths("lengths"));
        model.output("h", y.h());
        model.output("last", y.last());
        Bidirectional.Outputs<Tensor> own = layer.run(x(), LENGTHS);
        return new Case(model, outputs("h", own.h(), "last", Tensor.concat(1, own.forward(), own.backward())));
    }

    /** Tokens to probabilities; no lengths, all layers that stand between. */
    private static Case tagger() {
        Embedding words = varied(Embedding.of(7, I, random(1)));
        Stacked<Object> stack = varied(Stacked.of(Lstm.of(I, 5, random(2)), Gru.of(5, H, random(3))));
        LayerNorm norm = varied(LayerNorm.of(H));
        Affine head = varied(Affine.of(H, 2, random(4)));
        OnnxModel model = OnnxModel.of("tagger");
        OnnxModel.Value h = model.cell(stack, model.embedding(words, model.tokens("tokens")))
                .h();
        OnnxModel.Value a = model.affine(head, model.tanh(model.layerNorm(norm, model.sigmoid(model.relu(h)))));
        model.output("p", model.softmax(a));
        Tensor y = Tensor.sigmoid(Tensor.relu(stack.run(words.apply(PADDED)).h()));
        return new Case(model, outputs("p", Tensor.softmax(head.apply(Tensor.tanh(norm.apply(y))))));
    }

    private static Case encoder(boolean preNorm) {
        Transformer.Sizes sizes = new Transformer.Sizes(8, 2, 12, 2, preNorm, 10);
        TransformerEncoder encoder = varied((TransformerEncoder)
                Transformer.of(7, 7, sizes, 1, 2, random(preNorm ? 1 : 2)).encoder());
        OnnxModel model = OnnxModel.of("encoder");
        model.output("h", model.encoder(encoder, model.tokens("tokens"), model.lengths("lengths")));
        return new Case(model, outputs("h", encoder.encode(TOKENS).h()));
    }

    private static Case causal(boolean preNorm) {
        EncoderLayer layer =
                varied(EncoderLayer.of(8, 2, 12, preNorm, EncoderLayer.Activation.GELU, random(preNorm ? 3 : 4)));
        Affine in = varied(Affine.of(I, 8, random(5)));
        OnnxModel model = OnnxModel.of("causal");
        OnnxModel.Value x = model.affine(in, model.input("x", I));
        model.output("h", model.layer(layer, x, model.lengths("lengths"), true));
        return new Case(model, outputs("h", layer.apply(in.apply(x()), true, LENGTHS)));
    }

    private static Case bert(EncoderLayer.Activation activation) {
        List<EncoderLayer> layers = new ArrayList<>();
        for (int n = 0; n < 2; n++) {
            layers.add(EncoderLayer.of(8, 2, 12, false, activation, random(n)));
        }
        Bert bert = varied(new Bert(
                Embedding.of(7, 8, random(3)),
                Embedding.of(9, 8, random(4)),
                Embedding.of(2, 8, random(5)),
                LayerNorm.of(8),
                layers,
                Affine.of(8, 8, random(6))));
        OnnxModel model = OnnxModel.of("bert");
        model.output("h", model.bert(bert, model.tokens("tokens"), model.lengths("lengths")));
        return new Case(model, outputs("h", bert.apply(TOKENS)));
    }

    private static Map<String, Supplier<Case>> cases() {
        Map<String, Supplier<Case>> all = new LinkedHashMap<>();
        all.put("elman", () -> cell(Elman.of(I, H, random(1))));
        all.put("lstm", () -> cell(Lstm.of(I, H, random(1))));
        all.put("lstm-peepholes", () -> cell(LstmVariant.of(LstmForm.vanilla(), I, H, random(1))));
        all.put("lstm-projected", () -> cell(ProjectedLstm.of(I, 6, H, random(1))));
        all.put("causal-post", () -> causal(false));
        all.put("causal-pre", () -> causal(true));
        all.put("gru", () -> cell(Gru.of(I, H, random(1))));
        all.put("gru-reset-before", () -> cell(Gru.of(I, H, false, random(1))));
        all.put(
                "lstm-3",
                () -> cell(new Stacked<>(
                        List.of(Lstm.of(I, 5, random(1)), Lstm.of(5, 6, random(2)), Lstm.of(6, H, random(3))))));
        all.put("gru-both", OnnxModelTest::bothWays);
        all.put("tagger", OnnxModelTest::tagger);
        all.put("encoder-post", () -> encoder(false));
        all.put("encoder-pre", () -> encoder(true));
        all.put("bert", () -> bert(EncoderLayer.Activation.GELU_ERF));
        all.put("bert-tanh", () -> bert(EncoderLayer.Activation.GELU));
        return all;
    }

    static Stream<String> names() {
        return cases().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void isTheFileThatWasChecked(String name) throws IOException {
        Case made = Tensor.withoutGradient(() -> cases().get(name).get());
        Path file = folder.resolve(name + ".onnx");
        made.model.save(file);
        byte[] bytes = Files.readAllBytes(file);
        String to = System.getProperty("carousel.onnx");
        if (to != null) { // for onnx_check.py
            Files.write(Path.of(to, name + ".onnx"), bytes);
            Map<String, Tensor> tensors = new LinkedHashMap<>(made.outputs);
            tensors.put("in.x", x());
            tensors.put("in.tokens", Tensor.wrap(flat(), LENGTHS.length, LENGTHS[0]));
            tensors.put("in.lengths", Tensor.of(6, 2, 4));
            SafeTensors.save(Path.of(to, name + ".safetensors"), tensors);
        }
        assertEquals(golden().get(name), summary(name, bytes));
    }

    private static float[] flat() {
        float[] all = new float[LENGTHS.length * LENGTHS[0]];
        for (int i = 0; i < all.length; i++) {
            all[i] = PADDED[i / LENGTHS[0]][i % LENGTHS[0]];
        }
        return all;
    }

    private static Map<String, String> golden() throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        Path file = Golden.file("lstm").resolveSibling("onnx.txt");
        for (String line : Files.readAllLines(file)) {
            all.put(line.substring(0, line.indexOf(' ')), line);
        }
        return all;
    }

    /** What onnx_check.py writes: name, CRC-32 of the file, inputs, operators, outputs. */
    private static String summary(String name, byte[] bytes) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        Message graph = (Message) field(DynamicMessage.parseFrom(OnnxFormat.type("ModelProto"), bytes), "graph");
        List<String> words = new ArrayList<>(List.of(name, String.format("%08x", crc.getValue())));
        list(graph, "input").forEach(v -> words.add(text(v)));
        words.add(">");
        list(graph, "node").forEach(n -> words.add((String) field(n, "op_type")));
        words.add(">");
        list(graph, "output").forEach(v -> words.add(text(v)));
        return String.join(" ", words);
    }

    private static Object field(Message message, String name) {
        return message.getField(message.getDescriptorForType().findFieldByName(name));
    }

    @SuppressWarnings("unchecked")
    private static List<Message> list(Message message, String name) {
        return (List<Message>) field(message, name);
    }

    private static String text(Message value) {
        Message tensor = (Message) field((Message) field(value, "type"), "tensor_type");
        List<String> sizes = new ArrayList<>();
        for (Message axis : list((Message) field(tensor, "shape"), "dim")) {
            String open = (String) field(axis, "dim_param");
            sizes.add(open.isEmpty() ? field(axis, "dim_value").toString() : open);
        }
        return field(value, "name") + "[" + String.join("×", sizes) + "]";
    }

    @Test
    void whatHasNoOperatorIsRefused() {
        OnnxModel model = OnnxModel.of("m");
        OnnxModel.Value x = model.input("x", I);
        assertTrue(message(() -> model.cell(SLstm.of(I, H, random(1)), x)).contains("no operator for SLstm"));
        assertTrue(message(() -> model.cell(Lstm.of(5, H, random(1)), x)).contains("Lstm reads rows of 5, and x is"));
        assertTrue(message(() -> model.affine(Affine.of(2, 2, random(1)), x)).contains("affine reads rows of 2"));
        assertTrue(message(() -> model.bidirectional(
                        new Bidirectional<>(Gru.of(I, H, random(1)), Gru.of(I, H, false, random(1))), x))
                .contains("of one kind and size"));
        assertTrue(message(() -> model.tokens("x")).contains("x is used twice"));
        assertTrue(message(() -> model.save(folder.resolve("m.onnx"))).contains("without an output"));
        model.output("y", x);
        assertTrue(message(() -> model.output("y", x)).contains("y is used twice"));
    }

    private static String message(Executable wrong) {
        return assertThrows(IllegalArgumentException.class, wrong).getMessage();
    }
}
