package org.carousel.weights;

import com.google.protobuf.DynamicMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.carousel.attention.transformer.Bert;
import org.carousel.attention.transformer.EncoderLayer;
import org.carousel.attention.transformer.MultiHead;
import org.carousel.attention.transformer.Positions;
import org.carousel.attention.transformer.TransformerEncoder;
import org.carousel.files.internal.AsideFile;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.layers.LayerNorm;
import org.carousel.recurrent.Bidirectional;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Elman;
import org.carousel.recurrent.Gru;
import org.carousel.recurrent.Lstm;
import org.carousel.recurrent.LstmVariant;
import org.carousel.recurrent.ProjectedLstm;
import org.carousel.recurrent.Stacked;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A trained network as a file of ONNX, for every runtime that reads it: written down once more, layer by layer.
 *
 * <pre>{@code
 * OnnxModel model = OnnxModel.of("tagger");
 * Value tokens = model.tokens("tokens");           // [batch×steps], int64
 * Value lengths = model.lengths("lengths");        // [batch], int32
 * Value x = model.embedding(embedding, tokens);
 * Value h = model.cell(lstm, x, lengths).h();      // [batch×steps×H]
 * model.output("logits", model.affine(head, h));
 * model.save(Path.of("tagger.onnx"));
 * }</pre>
 *
 * <p>Batch and steps are open: they are sizes of the inputs when the model runs. After the end of a sequence recurrent
 * layers give 0, as here. One difference: onnxruntime 1.32 gives a sequence of length 0 zeros as its last state.
 *
 * <p>Operators of opset {@value #OPSET}. Needs protobuf, {@code com.google.protobuf:protobuf-java}, on the class path.
 */
public final class OnnxModel {
    private static final int OPSET = 17;
    private static final int VERSION = 8; // of the format, the one that came with this opset
    private static final int LARGEST = Integer.MAX_VALUE - (1 << 20); // of a message of protobuf
    private static final float NEVER = -1e30f;

    private final String name;
    private final List<DynamicMessage> nodes = new ArrayList<>();
    private final List<DynamicMessage> weights = new ArrayList<>();
    private final List<DynamicMessage> inputs = new ArrayList<>();
    private final List<DynamicMessage> outputs = new ArrayList<>();
    private final Map<String, Value> named = new LinkedHashMap<>();
    private int count;

    private OnnxModel(String name) {
        this.name = name;
    }

    /**
     * What a node of the graph gives.
     *
     * @param name its name in the file
     * @param shape its sizes; "batch" and "steps" where they are open
     */
    public record Value(String name, List<Object> shape) {}

    /**
     * What a recurrent layer gives.
     *
     * @param h the outputs of all steps [batch×steps×H]; 2H where it reads in both directions
     * @param last the outputs after the last step of each sequence [batch×H]
     */
    public record Outputs(Value h, Value last) {}

    /** An empty graph. */
    public static OnnxModel of(String name) {
        try {
            OnnxFormat.type("ModelProto");
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "onnx: writing files of ONNX needs protobuf: add com.google.protobuf:protobuf-java to the class path",
                    e);
        }
        return new OnnxModel(name);
    }

    /** An input of sequences [batch×steps×size]. */
    public Value input(String input, int size) {
        return input(input, OnnxFormat.FLOAT, "batch", "steps", size);
    }

    /** An input of sequences of tokens [batch×steps], int64. */
    public Value tokens(String input) {
        return input(input, OnnxFormat.INT64, "batch", "steps");
    }

    /** An input of lengths [batch], int32. */
    public Value lengths(String input) {
        return input(input, OnnxFormat.INT32, "batch");
    }

    private Value input(String input, int type, Object... shape) {
        Value value = new Value(input, List.of(shape));
        if (named.put(input, value) != null) {
            throw new IllegalArgumentException("onnx: the name " + input + " is used twice");
        }
        inputs.add(OnnxFormat.value(input, type, shape));
        return value;
    }

    /** Names a value as an output of the model. */
    public void output(String output, Value x) {
        if (named.put(output, x) != null) {
            throw new IllegalArgumentException("onnx: the name " + output + " is used twice");
        }
        nodes.add(node("Identity", List.of(x.name), List.of(output), Map.of()));
        outputs.add(OnnxFormat.value(output, OnnxFormat.FLOAT, x.shape.toArray()));
    }

    // ------------------------------------------------------------------ layers

    /** The vectors of tokens [batch×steps]: [batch×steps×E]. */
    public Value embedding(Embedding embedding, Value tokens) {
        return add("Gather", shaped(tokens, embedding.table().size(1)), weight("table", embedding.table()), tokens);
    }

    /** W x + b for every row: [..×in] to [..×out]. */
    public Value affine(Affine affine, Value x) {
        return linear(affine.W(), affine.b(), x);
    }

    private Value linear(Tensor W, Tensor b, Value x) {
        requireSize("affine", W.size(1), x);
        List<Object> shape = new ArrayList<>(x.shape.subList(0, x.shape.size() - 1));
        shape.add(W.size(0));
        Value product = add("MatMul", shape, x, weight("W", W.transpose()));
        return add("Add", shape, product, weight("b", b));
    }

    /** Layer normalisation over the last axis. */
    public Value layerNorm(LayerNorm norm, Value x) {
        requireSize("layer norm", norm.gamma().size(), x);
        return add(
                "LayerNormalization",
                x.shape,
                Map.of("axis", -1, "epsilon", (float) norm.epsilon()),
                x,
                weight("gamma", norm.gamma()),
                weight("beta", norm.beta()));
    }

    /** Softmax over the last axis. */
    public Value softmax(Value x) {
        return add("Softmax", x.shape, Map.of("axis", -1), x);
    }

    /** max(0, x). */
    public Value relu(Value x) {
        return add("Relu", x.shape, x);
    }

    /** tanh(x). */
    public Value tanh(Value x) {
        return add("Tanh", x.shape, x);
    }

    /** σ(x). */
    public Value sigmoid(Value x) {
        return add("Sigmoid", x.shape, x);
    }

    /** A recurrent layer over sequences that fill the batch. */
    public Outputs cell(Cell<?> cell, Value x) {
        return recurrent(cell, null, x, null);
    }

    /**
     * A recurrent layer from the zero state: {@link Lstm}, a vanilla {@link LstmVariant}, {@link ProjectedLstm}, {@link
     * Gru}, {@link Elman}, or a {@link Stacked} of them.
     *
     * @throws IllegalArgumentException when ONNX has no such layer, or x is of another size
     */
    public Outputs cell(Cell<?> cell, Value x, Value lengths) {
        return recurrent(cell, null, x, lengths);
    }

    /** A layer in both directions over sequences that fill the batch. */
    public Outputs bidirectional(Bidirectional<?> layer, Value x) {
        return recurrent(layer.forward(), layer.backward(), x, null);
    }

    /**
     * A layer in both directions; outputs of both side by side.
     *
     * @throws IllegalArgumentException when ONNX has no such layer, or x is of another size
     */
    public Outputs bidirectional(Bidirectional<?> layer, Value x, Value lengths) {
        return recurrent(layer.forward(), layer.backward(), x, lengths);
    }

    private Outputs recurrent(Cell<?> cell, @Nullable Cell<?> backward, Value x, @Nullable Value lengths) {
        if (cell instanceof Stacked<?> stack && backward == null) {
            Outputs y = recurrent(stack.cells().get(0), null, x, lengths);
            for (Cell<?> above : stack.cells().subList(1, stack.cells().size())) {
                y = recurrent(above, null, y.h, lengths);
            }
            return y;
        }
        requireSize(cell.getClass().getSimpleName(), cell.inputSize(), x);
        if (cell instanceof ProjectedLstm projected && backward == null) {
            return projected(projected, x, lengths);
        }
        Operator one = Operator.of(cell);
        Operator both = one;
        if (backward != null) {
            Operator other = Operator.of(backward);
            if (!other.name.equals(one.name)
                    || !other.attributes.equals(one.attributes)
                    || cell.hiddenSize() != backward.hiddenSize()) {
                throw new IllegalArgumentException("onnx: both directions of a layer are of one kind and size");
            }
            Map<String, Tensor> joined = new LinkedHashMap<>();
            for (Map.Entry<String, Tensor> w : one.weights.entrySet()) {
                joined.put(w.getKey(), Tensor.concat(0, w.getValue(), other.weight(w.getKey())));
            }
            both = new Operator(one.name, joined, one.attributes);
        }
        int size = cell.hiddenSize();
        int ways = backward == null ? 1 : 2;
        Map<String, Object> attributes = new LinkedHashMap<>(one.attributes);
        attributes.put("hidden_size", size);
        attributes.put("direction", ways == 1 ? "forward" : "bidirectional");
        List<String> in = new ArrayList<>();
        in.add(add("Transpose", List.of("steps", "batch", cell.inputSize()), Map.of("perm", new int[] {1, 0, 2}), x)
                .name);
        for (String key : List.of("W", "R", "B")) {
            in.add(weight(key, both.weight(key)).name);
        }
        in.add(lengths == null ? "" : lengths.name);
        if (both.weights.containsKey("P")) {
            in.addAll(List.of("", "", weight("P", both.weight("P")).name));
        }
        String y = fresh(one.name);
        String last = y + ".last";
        nodes.add(node(one.name, in, List.of(y, last), attributes));
        Value h = new Value(y, List.of("steps", ways, "batch", size));
        h = add("Transpose", List.of("batch", "steps", ways, size), Map.of("perm", new int[] {2, 0, 1, 3}), h);
        h = add("Reshape", List.of("batch", "steps", ways * size), h, whole(0, 0, ways * size));
        Value end = new Value(last, List.of(ways, "batch", size));
        end = add("Transpose", List.of("batch", ways, size), Map.of("perm", new int[] {1, 0, 2}), end);
        end = add("Reshape", List.of("batch", ways * size), end, whole(0, ways * size));
        return new Outputs(h, end);
    }

    /**
     * ONNX's LSTM has no projection, but R h' = R P m' where m = o ⊙ tanh(c): an LSTM of H units with the recurrent weights
     * R P, and P after it.
     */
    private Outputs projected(ProjectedLstm cell, Value x, @Nullable Value lengths) {
        Lstm whole = Tensor.withoutGradient(() -> new Lstm(cell.W(), cell.R().matmul(cell.P()), cell.b()));
        Outputs m = recurrent(whole, null, x, lengths);
        Value P = weight("projection", Tensor.withoutGradient(() -> cell.P().transpose()));
        int size = cell.hiddenSize();
        return new Outputs(
                add("MatMul", List.of("batch", "steps", size), m.h, P),
                add("MatMul", List.of("batch", size), m.last, P));
    }

    /** An operator of ONNX for a cell. */
    private record Operator(String name, Map<String, Tensor> weights, Map<String, Object> attributes) {
        Tensor weight(String key) {
            return Objects.requireNonNull(weights.get(key), key);
        }

        static Operator of(Cell<?> cell) {
            if (cell instanceof Lstm lstm) {
                return new Operator("LSTM", GateOrder.ONNX.of(lstm), Map.of());
            }
            if (cell instanceof LstmVariant lstm) {
                return new Operator("LSTM", GateOrder.ONNX.of(lstm), Map.of());
            }
            if (cell instanceof Gru gru) {
                int after = gru.resetsAfter() ? 1 : 0;
                return new Operator("GRU", GateOrder.ONNX.of(gru), Map.of("linear_before_reset", after));
            }
            if (cell instanceof Elman elman) {
                return new Operator("RNN", GateOrder.ONNX.of(elman), Map.of());
            }
            throw new IllegalArgumentException("onnx: there is no operator for "
                    + cell.getClass().getSimpleName() + "; Lstm, vanilla LstmVariant, Gru and Elman have one");
        }
    }

    // ------------------------------------------------------------------ attention

    /** The reading half of a Transformer: tokens [batch×steps] to [batch×steps×E]; padding means nothing afterwards. */
    public Value encoder(TransformerEncoder encoder, Value tokens, Value lengths) {
        int size = encoder.places().size(1);
        Value x = embedding(encoder.embedding(), tokens);
        x = add("Mul", x.shape, x, weight("scale", Tensor.scalar((float) StrictMath.sqrt(size))));
        x = add("Add", x.shape, x, places(encoder.places(), tokens));
        Mask mask = mask(tokens, lengths);
        for (EncoderLayer layer : encoder.layers()) {
            x = layer(layer, x, mask);
        }
        return encoder.norm() == null ? x : layerNorm(encoder.norm(), x);
    }

    /** A BERT on tokens of the first segment [batch×steps]: [batch×steps×E], zeros after the end of a sequence. */
    public Value bert(Bert bert, Value tokens, Value lengths) {
        Value x = embedding(bert.tokens(), tokens);
        x = add("Add", x.shape, x, places(bert.positions().table(), tokens));
        x = add("Add", x.shape, x, weight("segment", bert.segments().table().slice(0, 0, 1)));
        x = layerNorm(bert.norm(), x);
        Mask mask = mask(tokens, lengths);
        for (EncoderLayer layer : bert.layers()) {
            x = layer(layer, x, mask);
        }
        return add("Where", x.shape, mask.read, x, weight("zero", Tensor.scalar(0)));
    }

    /**
     * One layer over x [batch×steps×E]: {@link EncoderLayer#apply(Tensor, boolean, int...)}; padding means nothing
     * afterwards.
     *
     * @param causal whether a step sees only itself and those before it, as in a language model
     */
    public Value layer(EncoderLayer layer, Value x, Value lengths, boolean causal) {
        requireSize("encoder layer", layer.selfAttention().outB().size(), x);
        return layer(layer, x, mask(x, lengths, causal));
    }

    /** The first so many rows of a table, as many as there are steps. */
    private Value places(Tensor table, Value tokens) {
        int size = table.size(1);
        Value steps = add("Slice", List.of(1), add("Shape", List.of(2), tokens), whole(1), whole(2));
        return add("Slice", List.of("steps", size), weight("places", table), whole(0), steps, whole(0));
    }

    /**
     * Which steps are no padding.
     *
     * @param hidden [batch×1×1×steps] or, causal, [batch×1×steps×steps]: 0 for a step that is read, else a score below all others
     * @param visible the same shape, 1 and 0
     * @param read [batch×steps×1], true and false
     */
    private record Mask(Value hidden, Value visible, Value read) {}

    private Mask mask(Value tokens, Value lengths) {
        return mask(tokens, lengths, false);
    }

    private Mask mask(Value tokens, Value lengths, boolean causal) {
        Value shape = add("Shape", List.of(2), tokens);
        Value steps = add("Gather", List.of(), shape, whole(new int[0], 1));
        Value places = add("Range", List.of("steps"), whole(new int[0], 0), steps, whole(new int[0], 1));
        Value ends = add("Cast", lengths.shape, Map.of("to", OnnxFormat.INT64), lengths);
        ends = add("Unsqueeze", List.of("batch", 1), ends, whole(1));
        Value read = add("Less", List.of("batch", "steps"), places, ends);
        Value wide = add("Unsqueeze", List.of("batch", 1, 1, "steps"), read, whole(1, 2));
        if (causal) {
            Value keys = add("Unsqueeze", List.of(1, "steps"), places, whole(0));
            Value queries = add("Unsqueeze", List.of("steps", 1), places, whole(1));
            Value before = add("LessOrEqual", List.of("steps", "steps"), keys, queries);
            wide = add("And", List.of("batch", 1, "steps", "steps"), wide, before);
        }
        Value visible = add("Cast", wide.shape, Map.of("to", OnnxFormat.FLOAT), wide);
        Value zero = weight("zero", Tensor.scalar(0));
        Value hidden = add("Where", wide.shape, wide, zero, weight("never", Tensor.scalar(NEVER)));
        return new Mask(hidden, visible, add("Unsqueeze", List.of("batch", "steps", 1), read, whole(2)));
    }

    private Value layer(EncoderLayer layer, Value x, Mask mask) {
        if (layer.preNorm()) {
            Value normal = layerNorm(layer.norm1(), x);
            Value y = add("Add", x.shape, x, attention(layer.selfAttention(), normal, mask));
            return add("Add", x.shape, y, feedForward(layer, layerNorm(layer.norm2(), y)));
        }
        Value y = layerNorm(layer.norm1(), add("Add", x.shape, x, attention(layer.selfAttention(), x, mask)));
        return layerNorm(layer.norm2(), add("Add", x.shape, y, feedForward(layer, y)));
    }

    private Value attention(MultiHead attention, Value x, Mask mask) {
        if (attention.positions() == Positions.ROTARY || attention.positions() == Positions.ALIBI) {
            throw new IllegalArgumentException(
                    "onnx: attention with positions " + attention.positions() + " is not written; NONE, WAVES, LEARNED are");
        }
        int size = attention.outB().size();
        int heads = attention.heads();
        int part = size / heads;
        Value[] qkv = new Value[3];
        for (int k = 0; k < 3; k++) {
            Tensor W = attention.W().slice(0, k * size, (k + 1) * size);
            Value rows = linear(W, attention.b().slice(0, k * size, (k + 1) * size), x);
            Value split = add("Reshape", List.of("batch", "steps", heads, part), rows, whole(0, 0, heads, part));
            int[] order = k == 1 ? new int[] {0, 2, 3, 1} : new int[] {0, 2, 1, 3}; // keys stand upright
            qkv[k] = add("Transpose", List.of("batch", heads, "steps", part), Map.of("perm", order), split);
        }
        List<Object> square = List.of("batch", heads, "steps", "steps");
        Value scores = add("MatMul", square, qkv[0], qkv[1]);
        Value root = weight("root", Tensor.scalar((float) StrictMath.sqrt(part)));
        scores = add("Add", square, add("Div", square, scores, root), mask.hidden);
        Value alpha = add("Mul", square, softmax(scores), mask.visible); // a query that sees nothing reads zeros
        Value read = add("MatMul", List.of("batch", heads, "steps", part), alpha, qkv[2]);
        read = add("Transpose", List.of("batch", "steps", heads, part), Map.of("perm", new int[] {0, 2, 1, 3}), read);
        read = add("Reshape", x.shape, read, whole(0, 0, size));
        return linear(attention.outW(), attention.outB(), read);
    }

    private Value feedForward(EncoderLayer layer, Value x) {
        Value a = affine(layer.wide(), x);
        a = switch (layer.activation()) {
            case RELU -> relu(a);
            case GELU -> gelu(a, false);
            case GELU_ERF -> gelu(a, true);
        };
        return affine(layer.narrow(), a);
    }

    /** x Φ(x), by the error function or by tanh(√(2/π) (x + 0.044715 x³)). */
    private Value gelu(Value x, boolean exact) {
        Value inner;
        if (exact) {
            inner = add("Erf", x.shape, times(x, (float) StrictMath.sqrt(0.5)));
        } else {
            Value cube = times(add("Mul", x.shape, x, add("Mul", x.shape, x, x)), 0.044715f);
            inner = tanh(times(add("Add", x.shape, x, cube), (float) StrictMath.sqrt(2 / StrictMath.PI)));
        }
        Value sum = add("Add", x.shape, inner, weight("one", Tensor.scalar(1)));
        return add("Mul", x.shape, times(x, 0.5f), sum);
    }

    private Value times(Value x, float factor) {
        return add("Mul", x.shape, x, weight("factor", Tensor.scalar(factor)));
    }

    // ------------------------------------------------------------------ the graph

    private static List<Object> shaped(Value tokens, int size) {
        List<Object> shape = new ArrayList<>(tokens.shape);
        shape.add(size);
        return shape;
    }

    private static void requireSize(String operation, int size, Value x) {
        if (x.shape.isEmpty() || !Integer.valueOf(size).equals(x.shape.get(x.shape.size() - 1))) {
            throw new IllegalArgumentException(
                    "onnx: " + operation + " reads rows of " + size + ", and " + x.name + " is " + x.shape);
        }
    }

    private String fresh(String what) {
        return what + "_" + ++count;
    }

    private Value weight(String what, Tensor values) {
        String own = fresh(what);
        weights.add(OnnxFormat.floats(own, values));
        return new Value(own, List.of());
    }

    /** A constant list of whole numbers. */
    private Value whole(int... values) {
        return whole(
                new int[] {values.length}, Arrays.stream(values).asLongStream().toArray());
    }

    private Value whole(int[] shape, long... values) {
        String own = fresh("sizes");
        weights.add(OnnxFormat.whole(own, shape, values));
        return new Value(own, List.of());
    }

    private Value add(String operator, List<Object> shape, Value... in) {
        return add(operator, shape, Map.of(), in);
    }

    private Value add(String operator, List<Object> shape, Map<String, Object> attributes, Value... in) {
        String own = fresh(operator);
        List<String> names = Arrays.stream(in).map(Value::name).toList();
        nodes.add(node(operator, names, List.of(own), attributes));
        return new Value(own, List.copyOf(shape));
    }

    private static DynamicMessage node(
            String operator, List<String> in, List<String> out, Map<String, Object> attributes) {
        List<DynamicMessage> all = new ArrayList<>();
        new TreeMap<>(attributes).forEach((key, value) -> all.add(OnnxFormat.attribute(key, value)));
        return OnnxFormat.message(
                "NodeProto", "input", in, "output", out, "name", out.get(0), "op_type", operator, "attribute", all);
    }

    /** The whole file. */
    DynamicMessage message() {
        if (outputs.isEmpty()) {
            throw new IllegalArgumentException("onnx: a model without an output; name one by output(name, value)");
        }
        DynamicMessage graph = OnnxFormat.message(
                "GraphProto", "name", name, "node", nodes, "initializer", weights, "input", inputs, "output", outputs);
        DynamicMessage opset = OnnxFormat.message("OperatorSetIdProto", "domain", "", "version", (long) OPSET);
        return OnnxFormat.message(
                "ModelProto",
                "ir_version",
                (long) VERSION,
                "producer_name",
                "carousel",
                "graph",
                graph,
                "opset_import",
                List.of(opset));
    }

    /**
     * Writes the file; it is complete or, on failure, as it was before.
     *
     * @throws IllegalArgumentException when there is no output, or the weights are more than the 2 GB of one file
     */
    public void save(Path file) {
        long bytes = 0;
        for (DynamicMessage weight : weights) {
            bytes += weight.getSerializedSize();
        }
        if (bytes > LARGEST) {
            throw new IllegalArgumentException("onnx: weights of " + bytes + " bytes; one file holds " + LARGEST);
        }
        DynamicMessage all = message();
        AsideFile.write(file, out -> write(all, out));
    }

    private static void write(DynamicMessage all, OutputStream out) throws IOException {
        all.writeTo(out);
    }
}
