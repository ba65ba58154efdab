package org.carousel.weights;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.carousel.files.internal.Failures;
import org.carousel.files.internal.Json;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.layers.LayerNorm;
import org.carousel.recurrent.Bidirectional;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Elman;
import org.carousel.recurrent.Gru;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What Keras 3 saves, {@code model.keras} or {@code model.weights.h5}, layer by layer.
 *
 * <pre>{@code
 * KerasFile file = KerasFile.load(Path.of("model.keras"));
 * file.layers(); // embedding, lstm, dense ..
 * Embedding words = file.embedding("embedding");
 * Lstm lstm = file.lstm("lstm");
 * Affine head = file.affine("dense");
 * }</pre>
 *
 * <p>A layer is found by the name it has in Keras, or by its path in the file, {@code layers/lstm_1}, which counts the
 * layers of a kind. Gates change their order as {@link GateOrder#KERAS} says. What a layer does beside its weights is in a
 * {@code .keras} file and is checked there: tanh and sigmoid, both directions side by side, not backwards. A {@code
 * .weights.h5} does not say it.
 *
 * <p>Needs jHDF, {@code io.jhdf:jhdf}, on the class path; the file is read as a whole.
 */
public final class KerasFile {
    private static final String ZIPPED = "model.weights.h5";
    private static final int MOST = Integer.MAX_VALUE - 16;
    /** What the equations here compute, by the field of the configuration. */
    private static final Map<String, Object> COMPUTED = Map.of(
            "activation", "tanh",
            "recurrent_activation", "sigmoid",
            "merge_mode", "concat",
            "go_backwards", false);

    /** The fields that are checked, by the class of layer; nobody looks at a dense layer's activation. */
    private static final Map<String, List<String>> CHECKED = Map.of(
            "LSTM", List.of("activation", "recurrent_activation", "go_backwards"),
            "GRU", List.of("activation", "recurrent_activation", "go_backwards"),
            "SimpleRNN", List.of("activation", "go_backwards"),
            "Bidirectional", List.of("merge_mode"));

    private static final Map<Integer, String> RECURRENT = Map.of(0, "kernel", 1, "recurrent_kernel", 2, "bias");

    private final String file;
    private final Map<String, Tensor> arrays;
    private final Map<String, List<String>> paths = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> configurations = new LinkedHashMap<>();

    private KerasFile(String file, Hdf5 weights, @Nullable String configuration) {
        this.file = file;
        this.arrays = weights.arrays();
        weights.names().forEach((path, name) -> {
            if (path.endsWith("/vars")) {
                String layer = path.substring(0, path.length() - "/vars".length());
                paths.computeIfAbsent(name, n -> new ArrayList<>()).add(layer);
                paths.put(layer, List.of(layer));
            }
        });
        if (configuration != null) {
            configure(Json.parse(configuration));
        }
    }

    /** Collects the configurations of all layers, those inside others too, by name. */
    private void configure(@Nullable Object json) {
        if (json instanceof List<?> list) {
            list.forEach(this::configure);
        } else if (json instanceof Map<?, ?> map) {
            if (map.get("class_name") instanceof String kind
                    && map.get("config") instanceof Map<?, ?> config
                    && config.get("name") instanceof String name) {
                Map<String, Object> own = new LinkedHashMap<>(Json.object(config));
                own.put("class_name", kind);
                configurations.put(name, own);
            }
            map.values().forEach(this::configure);
        }
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException when it is cut, damaged or of another kind
     * @throws IllegalStateException when jHDF is not on the class path
     * @throws UncheckedIOException when the file cannot be read
     */
    public static KerasFile load(Path file) {
        try {
            boolean zipped = String.valueOf(file.getFileName()).endsWith(".keras");
            return zipped ? zipped(file) : new KerasFile(file.toString(), Hdf5.read(Files.readAllBytes(file)), null);
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "load: reading files of Keras needs jHDF: add io.jhdf:jhdf to the class path", e);
        } catch (ZipException | EOFException e) {
            throw new IllegalArgumentException("load: " + file + " is no file of Keras 3: " + Failures.describe(e), e);
        } catch (IOException e) {
            throw new UncheckedIOException("load: " + file + ": " + Failures.shortened(e.getMessage()), e);
        } catch (RuntimeException e) { // jHDF throws many kinds
            throw new IllegalArgumentException(
                    "load: " + file + " is cut, damaged or no HDF5 file: " + Failures.shortened(e.getMessage()), e);
        }
    }

    private static KerasFile zipped(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            byte[] weights = entry(zip, ZIPPED);
            String configuration = new String(entry(zip, "config.json"), StandardCharsets.UTF_8);
            return new KerasFile(file.toString(), Hdf5.read(weights), configuration);
        }
    }

    private static byte[] entry(ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null || entry.getSize() > MOST) {
            throw new ZipException(name + (entry == null ? " is missing" : " is larger than 2 GB"));
        }
        return zip.getInputStream(entry).readNBytes(MOST); // grows with what arrives
    }

    /** The names of all layers, in the order of the file. */
    public Set<String> layers() {
        Map<String, String> named = new TreeMap<>();
        paths.forEach((name, at) -> at.forEach(path -> named.merge(path, name, (a, b) -> a.contains("/") ? b : a)));
        Set<String> all = new LinkedHashSet<>();
        named.forEach((path, name) -> {
            boolean inner = named.keySet().stream().anyMatch(outer -> path.startsWith(outer + "/"));
            if (!inner && arrays.keySet().stream().anyMatch(array -> array.startsWith(path + "/"))) {
                all.add(name);
            }
        });
        return Collections.unmodifiableSet(all);
    }

    /** Every array by its path, as Keras has it. */
    public Map<String, Tensor> arrays() {
        return Collections.unmodifiableMap(arrays);
    }

    /**
     * {@code keras.layers.LSTM} or {@code LSTMCell}.
     *
     * @throws IllegalArgumentException when there is no such layer, or it computes something else
     */
    public Lstm lstm(String layer) {
        return read(layer, path -> lstmAt(path));
    }

    /**
     * {@code keras.layers.GRU} or {@code GRUCell}; {@code reset_after} is seen by the shape of the bias, without a bias it
     * is true.
     *
     * @throws IllegalArgumentException when there is no such layer, or it computes something else
     */
    public Gru gru(String layer) {
        return read(layer, path -> gruAt(path));
    }

    /**
     * {@code keras.layers.SimpleRNN} or {@code SimpleRNNCell}.
     *
     * @throws IllegalArgumentException when there is no such layer, or it computes something else
     */
    public Elman elman(String layer) {
        return read(layer, path -> GateOrder.KERAS.elman(variables(inCell(path), RECURRENT)));
    }

    /**
     * {@code keras.layers.Bidirectional} around an LSTM.
     *
     * @throws IllegalArgumentException when there is no such layer, or it computes something else
     */
    public Bidirectional<Lstm.State> bidirectionalLstm(String layer) {
        return read(layer, path -> bothWays(path, this::lstmAt));
    }

    /**
     * {@code keras.layers.Bidirectional} around a GRU.
     *
     * @throws IllegalArgumentException when there is no such layer, or it computes something else
     */
    public Bidirectional<Tensor> bidirectionalGru(String layer) {
        return read(layer, path -> bothWays(path, this::gruAt));
    }

    /**
     * {@code keras.layers.Dense}; what follows the affine map, its activation, is not in the weights.
     *
     * @throws IllegalArgumentException when there is no such layer
     */
    public Affine affine(String layer) {
        return read(layer, path -> {
            NamedTensors given = named(path, Map.of(0, "kernel", 1, "bias"), "kernel [I×H], bias [H]");
            int in = given.size("kernel", 0);
            int out = given.size("kernel", 1);
            Affine affine =
                    new Affine(copy(given.take("kernel", in, out).transpose()), copy(given.takeOrZeros("bias", out)));
            given.requireNoneLeft();
            return affine;
        });
    }

    /**
     * {@code keras.layers.Embedding}.
     *
     * @throws IllegalArgumentException when there is no such layer
     */
    public Embedding embedding(String layer) {
        return read(layer, path -> {
            NamedTensors given = named(path, Map.of(0, "embeddings"), "embeddings [V×E]");
            Embedding table = new Embedding(
                    copy(given.take("embeddings", given.size("embeddings", 0), given.size("embeddings", 1))));
            given.requireNoneLeft();
            return table;
        });
    }

    /**
     * {@code keras.layers.LayerNormalization} over the last axis; ε of a {@code .keras} file, otherwise Keras's 1e-3.
     *
     * @throws IllegalArgumentException when there is no such layer
     */
    public LayerNorm layerNorm(String layer) {
        return read(layer, path -> {
            NamedTensors given = named(path, Map.of(0, "gamma", 1, "beta"), "gamma [H], beta [H]");
            int size = given.size("gamma", 0);
            Object epsilon = configuration(layer).getOrDefault("epsilon", 1e-3);
            LayerNorm norm = new LayerNorm(
                    copy(given.take("gamma", size)),
                    copy(given.take("beta", size)),
                    epsilon instanceof Number e ? e.doubleValue() : 1e-3);
            given.requireNoneLeft();
            return norm;
        });
    }

    private Lstm lstmAt(String path) {
        return GateOrder.KERAS.lstm(variables(inCell(path), RECURRENT));
    }

    private Gru gruAt(String path) {
        Map<String, Tensor> weights = variables(inCell(path), RECURRENT);
        Tensor bias = weights.get("bias");
        return GateOrder.KERAS.gru(weights, bias == null || bias.rank() == 2);
    }

    private static <S> Bidirectional<S> bothWays(String path, Function<String, ? extends Cell<S>> cell) {
        return new Bidirectional<>(cell.apply(path + "/forward_layer"), cell.apply(path + "/backward_layer"));
    }

    private static Tensor copy(Tensor x) {
        return Tensor.wrap(x.toArray(), x.shape());
    }

    /** A layer keeps its cell's weights one group deeper. */
    private String inCell(String path) {
        return arrays.containsKey(path + "/cell/vars/0") ? path + "/cell" : path;
    }

    private Map<String, Tensor> variables(String path, Map<Integer, String> names) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        for (int k = 0; arrays.containsKey(path + "/vars/" + k); k++) {
            all.put(names.getOrDefault(k, "vars/" + k), Objects.requireNonNull(arrays.get(path + "/vars/" + k)));
        }
        return all;
    }

    private NamedTensors named(String path, Map<Integer, String> names, String layout) {
        return new NamedTensors("keras", layout, variables(path, names));
    }

    private Map<String, Object> configuration(String layer) {
        return configurations.getOrDefault(layer, Map.of());
    }

    private <L> L read(String layer, Function<String, L> at) {
        List<String> found = paths.getOrDefault(layer, List.of());
        if (found.size() != 1) {
            throw new IllegalArgumentException("keras: " + file + " has "
                    + (found.isEmpty()
                            ? "no layer " + layer + "; there are " + layers()
                            : layer + " at " + found + "; ask by the path"));
        }
        check(layer);
        try {
            return Tensor.withoutGradient(() -> at.apply(found.get(0)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "keras: " + file + ": " + layer + ": " + Failures.shortened(e.getMessage()), e);
        }
    }

    private void check(String layer) {
        Map<String, Object> own = configuration(layer);
        Map<String, Object> inner = own.get("layer") instanceof Map<?, ?> wrapped
                ? Json.object(Json.object(wrapped).getOrDefault("config", Map.of()))
                : Map.of();
        check(layer, String.valueOf(own.get("class_name")), own);
        if (!inner.isEmpty()) {
            check(layer, String.valueOf(Json.object(own.get("layer")).get("class_name")), inner);
        }
    }

    private void check(String layer, String kind, Map<String, Object> configuration) {
        for (String field : CHECKED.getOrDefault(kind, List.of())) {
            Object expected = COMPUTED.get(field);
            Object value = configuration.getOrDefault(field, expected);
            if (!String.valueOf(expected).equals(String.valueOf(value))) {
                throw new IllegalArgumentException("keras: " + file + ": " + layer + ": " + field + " is " + value
                        + "; only " + expected + " is computed here");
            }
        }
    }
}
