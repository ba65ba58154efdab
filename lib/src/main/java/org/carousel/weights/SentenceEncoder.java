package org.carousel.weights;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.carousel.attention.transformer.Bert;
import org.carousel.attention.transformer.EncoderLayer;
import org.carousel.attention.transformer.MultiHead;
import org.carousel.attention.transformer.Positions;
import org.carousel.data.BertTokenizer;
import org.carousel.files.internal.Failures;
import org.carousel.files.internal.Json;
import org.carousel.files.internal.Lines;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.layers.LayerNorm;
import org.carousel.tensor.Tensor;

/**
 * Sentences as vectors, by a BERT that was trained so that sentences of one meaning lie close to each other.
 *
 * <pre>
 * h = BERT(tokens)        v = mean over the tokens of h_t        v ← v / ‖v‖        similarity = v · v'
 * </pre>
 *
 * <p>Reads models of the family all-MiniLM-L6-v2: {@code config.json}, {@code model.safetensors} and {@code vocab.txt} in
 * one folder, uncased. Source: Reimers, Gurevych 2019, arXiv:1908.10084, section 3 (mean of the outputs).
 *
 * @param tokenizer text to tokens
 * @param bert the network
 * @param longest the most tokens of a sentence that are read, [CLS] and [SEP] included
 */
public record SentenceEncoder(BertTokenizer tokenizer, Bert bert, int longest) {
    private static final int LONGEST = 256;
    private static final int BATCH = 32;

    /** Checks that tokenizer and network belong together. */
    public SentenceEncoder {
        int places = bert.positions().table().size(0);
        if (longest < 2 || longest > places) {
            throw new IllegalArgumentException(
                    "sentence encoder: sentences of " + longest + " tokens; 2 to " + places + " have places");
        }
        if (tokenizer.size() != bert.tokens().table().size(0)) {
            throw new IllegalArgumentException("sentence encoder: a vocabulary of " + tokenizer.size()
                    + " tokens and a table " + bert.tokens().table().shapeText());
        }
    }

    /**
     * Reads a model from its folder, sentences of at most {@value #LONGEST} tokens as it was trained.
     *
     * @throws IllegalArgumentException when a file is of another kind, naming what is missing, left over or of another
     *     shape
     * @throws UncheckedIOException when a file cannot be read
     */
    public static SentenceEncoder load(Path folder) {
        String config = Lines.text(folder.resolve("config.json"));
        Bert bert;
        try {
            Map<String, Object> fields = Json.object(Json.parse(config));
            bert = BertWeights.read(fields, SafeTensors.load(folder.resolve("model.safetensors")));
        } catch (IllegalArgumentException e) {
            throw Failures.loading(folder, e);
        }
        BertTokenizer tokenizer = BertTokenizer.load(folder.resolve("vocab.txt"), true);
        return new SentenceEncoder(
                tokenizer, bert, Math.min(LONGEST, bert.positions().table().size(0)));
    }

    /** The tokens of a sentence, [CLS] first and [SEP] last, at most {@link #longest}. */
    public int[] tokens(String sentence) {
        return tokenizer.encode(sentence, longest).ids();
    }

    /**
     * One vector of length 1 for each sentence, [n×E].
     *
     * <p>Sentences are read in batches of {@value #BATCH} of about one length; the order of the result is that of the
     * list.
     */
    public Tensor encode(List<String> sentences) {
        if (sentences.isEmpty()) {
            throw new IllegalArgumentException("sentence encoder: no sentence");
        }
        int[][] tokens = sentences.stream().map(this::tokens).toArray(int[][]::new);
        int[] order = IntStream.range(0, tokens.length)
                .boxed()
                .sorted(Comparator.comparing(i -> tokens[i].length))
                .mapToInt(i -> i)
                .toArray();
        int[] place = new int[order.length];
        List<Tensor> batches = new ArrayList<>();
        for (int from = 0; from < order.length; from += BATCH) {
            int[] some = Arrays.copyOfRange(order, from, Math.min(from + BATCH, order.length));
            for (int k = 0; k < some.length; k++) {
                place[some[k]] = from + k;
            }
            batches.add(
                    encodeTokens(Arrays.stream(some).mapToObj(i -> tokens[i]).toArray(int[][]::new)));
        }
        return Tensor.withoutGradient(
                () -> Tensor.concat(0, batches.toArray(Tensor[]::new)).rows(place));
    }

    /** The vectors of sentences that are tokens already, in one batch: [n×E]. */
    public Tensor encodeTokens(int[][] tokens) {
        return Tensor.withoutGradient(() -> {
            Tensor sum = bert.apply(tokens).sum(1); // what lies after the end of a sentence is 0
            float[] n = new float[tokens.length];
            for (int k = 0; k < n.length; k++) {
                n[k] = tokens[k].length;
            }
            Tensor mean = sum.dividedBy(Tensor.wrap(n, n.length, 1));
            Tensor length = Tensor.sqrt(mean.squared().sum(1).plus(1e-24)).reshape(n.length, 1);
            return mean.dividedBy(length);
        });
    }

    /** The weights of a BERT under the names of Hugging Face's {@code BertModel}. */
    static final class BertWeights {
        private BertWeights() {}

        static Bert read(Map<String, Object> config, Map<String, Tensor> weights) {
            require(config, "model_type", "bert");
            require(config, "hidden_act", "gelu");
            require(config, "position_embedding_type", "absolute");
            int size = whole(config, "hidden_size");
            int wide = whole(config, "intermediate_size");
            int heads = whole(config, "num_attention_heads");
            int count = whole(config, "num_hidden_layers");
            Object eps = config.get("layer_norm_eps");
            if (!(eps instanceof Number epsilon)) {
                throw new IllegalArgumentException("config: layer_norm_eps is " + eps + ", no number");
            }
            NamedTensors given = new NamedTensors("bert", "those of BertModel", weights).renamed(NameTable.BERT);
            return Tensor.withoutGradient(() -> {
                Reader in = new Reader(given, epsilon.doubleValue());
                List<EncoderLayer> layers = new ArrayList<>();
                for (int n = 0; n < count; n++) {
                    layers.add(in.layer("layer." + n + ".", size, wide, heads));
                }
                Bert bert = new Bert(
                        in.table("tokens", whole(config, "vocab_size"), size),
                        in.table("positions", whole(config, "max_position_embeddings"), size),
                        in.table("segments", whole(config, "type_vocab_size"), size),
                        in.norm("norm", size),
                        layers,
                        in.affine("pooler", size, size));
                given.drop("position numbers"); // 0, 1, 2 .. and no weight
                given.requireNoneLeft();
                return bert;
            });
        }

        private static void require(Map<String, Object> config, String field, String value) {
            if (!value.equals(config.getOrDefault(field, value))) {
                throw new IllegalArgumentException(
                        "config: " + field + " is " + config.get(field) + "; only " + value + " is read here");
            }
        }

        private static int whole(Map<String, Object> config, String field) {
            Object value = config.get(field);
            if (value instanceof Long n && n > 0 && n < 1 << 24) {
                return n.intValue();
            }
            throw new IllegalArgumentException("config: " + field + " is " + value + ", no number of things");
        }
    }

    private record Reader(NamedTensors weights, double epsilon) {
        Embedding table(String what, int rows, int size) {
            return new Embedding(weights.take(what + ".weight", rows, size));
        }

        LayerNorm norm(String name, int size) {
            return new LayerNorm(weights.take(name + ".weight", size), weights.take(name + ".bias", size), epsilon);
        }

        Affine affine(String name, int in, int out) {
            return new Affine(weights.take(name + ".weight", out, in), weights.take(name + ".bias", out));
        }

        EncoderLayer layer(String at, int size, int wide, int heads) {
            Tensor[] W = new Tensor[3];
            Tensor[] b = new Tensor[3];
            String[] parts = {"query", "key", "value"};
            for (int k = 0; k < 3; k++) {
                W[k] = weights.take(at + parts[k] + ".weight", size, size);
                b[k] = weights.take(at + parts[k] + ".bias", size);
            }
            return new EncoderLayer(
                    new MultiHead(
                            heads,
                            Tensor.concat(0, W),
                            Tensor.concat(0, b),
                            weights.take(at + "out.weight", size, size),
                            weights.take(at + "out.bias", size),
                            Positions.NONE),
                    affine(at + "wide", size, wide),
                    affine(at + "narrow", wide, size),
                    norm(at + "norm1", size),
                    norm(at + "norm2", size),
                    false,
                    EncoderLayer.Activation.GELU_ERF);
        }
    }
}
