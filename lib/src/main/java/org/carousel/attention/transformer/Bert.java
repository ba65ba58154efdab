package org.carousel.attention.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.layers.Initializer;
import org.carousel.layers.Layer;
import org.carousel.layers.LayerNorm;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;

/**
 * BERT: a Transformer encoder that reads a text from both sides at once.
 *
 * <pre>
 * x_t = LN(token_t + position_t + segment_t)      h = layer_L(.. layer_1(x))      pooled = tanh(W h_0 + b)
 * </pre>
 *
 * <p>Every place of h depends on the whole sequence. {@link BertPretraining} learns it from text with holes, {@link
 * BertClassifier} uses it.
 *
 * <p>Sequences are given as they are, of different lengths; inside a batch they are padded, which changes no bit of any
 * of them.
 *
 * <p>Source: Devlin, Chang, Lee, Toutanova 2018, arXiv:1810.04805, section 3. Layers are post-norm with GELU. Differs from
 * the paper in: no dropout; Glorot weights in place of N(0, 0.02²), which is for 768 units (tables do begin with 0.02); ε of
 * the layer norm. Parameters of the layers are those of PyTorch's {@code nn.TransformerEncoder}.
 *
 * @param tokens a vector for each token [V×E]
 * @param positions a vector for each place [longest×E]
 * @param segments a vector for the first and one for the second sentence [2×E]
 * @param norm of the sum of the three
 * @param layers from the first to the last
 * @param pooler makes one vector of a sequence, from its first place
 */
public record Bert(
        Embedding tokens,
        Embedding positions,
        Embedding segments,
        LayerNorm norm,
        List<EncoderLayer> layers,
        Affine pooler)
        implements Layer {
    private static final double TABLES = 0.02;

    /** Copies the list and checks that the tables belong together. */
    public Bert {
        layers = List.copyOf(layers);
        int size = tokens.table().size(1);
        for (Embedding table : List.of(positions, segments)) {
            if (table.table().size(1) != size) {
                throw new IllegalArgumentException(
                        "bert: tables " + tokens.table().shapeText() + " and "
                                + table.table().shapeText() + " must have columns of one number");
            }
        }
    }

    /**
     * First weights; the wide part of each layer has 4E units.
     *
     * @param vocabularySize V
     * @param longest the most tokens that a sequence may have
     * @param size E
     * @param heads of each layer, a divisor of E
     * @param layers how many, at least 1
     */
    public static Bert of(int vocabularySize, int longest, int size, int heads, int layers, RandomStream random) {
        if (vocabularySize < 1 || longest < 1 || size < 1 || layers < 1) {
            throw new IllegalArgumentException("bert: " + vocabularySize + " tokens, " + longest + " places, size "
                    + size + " and " + layers + " layers must all be at least 1");
        }
        Initializer table = Initializer.normal(TABLES);
        List<EncoderLayer> stack = new ArrayList<>();
        for (int n = 0; n < layers; n++) {
            RandomStream own = random.split("layer").split(n);
            stack.add(EncoderLayer.of(size, heads, 4 * size, false, EncoderLayer.Activation.GELU, own));
        }
        return new Bert(
                new Embedding(table.matrix(vocabularySize, size, random.split("tokens"))),
                new Embedding(table.matrix(longest, size, random.split("positions"))),
                new Embedding(table.matrix(2, size, random.split("segments"))),
                LayerNorm.of(size),
                stack,
                Affine.of(size, size, random.split("pooler")));
    }

    /** Sequences of one segment; see {@link #apply(int[][], int[][])}. */
    public Tensor apply(int[][] tokens) {
        return apply(tokens, firstSegment(tokens));
    }

    /**
     * Reads sequences.
     *
     * @param tokens [B][..], each 0..V-1; sequences may differ in length, none is empty
     * @param segments 0 or 1 for each of the tokens
     * @return h [B×T×E], T the longest length; zeros behind the end of a sequence
     * @throws IllegalArgumentException when a sequence is empty or longer than the table of positions, or a token or
     *     segment is not in its table
     */
    public Tensor apply(int[][] tokens, int[][] segments) {
        int[] lengths = check(tokens, segments);
        List<Tensor> learned = new ArrayList<>();
        parameters().tensors().forEach(learned::add);
        if (!Fused.remembers(learned) && EncoderRows.handles(layers)) {
            return read(tokens, segments, lengths);
        }
        Tensor x = embedded(tokens, segments);
        for (EncoderLayer layer : layers) {
            x = layer.apply(x, false, lengths);
        }
        return Ragged.mask(x, lengths);
    }

    /** The same to the last bit, without padding: the tokens of all sequences as rows below each other. */
    private Tensor read(int[][] sequences, int[][] segment, int... lengths) {
        int size = tokens.table().size(1);
        int[] flat = Arrays.stream(sequences).flatMapToInt(Arrays::stream).toArray();
        int[] places =
                Arrays.stream(lengths).flatMap(n -> IntStream.range(0, n)).toArray();
        Tensor sum = tokens.apply(flat).plus(positions.apply(places));
        Tensor x = norm.apply(sum.plus(segments.apply(
                Arrays.stream(segment).flatMapToInt(Arrays::stream).toArray())));
        float[] rows = x.toArray();
        EncoderRows.apply(layers, rows, size, lengths);
        int steps = Arrays.stream(lengths).max().orElseThrow();
        float[] h = new float[Math.multiplyExact(lengths.length * steps, size)];
        for (int b = 0, from = 0; b < lengths.length; from += lengths[b++] * size) {
            System.arraycopy(rows, from, h, b * steps * size, lengths[b] * size);
        }
        return Tensor.wrap(h, lengths.length, steps, size);
    }

    /** One vector for each sequence, of h [B×T×E]: tanh(W h_0 + b), [B×E]. */
    public Tensor pooled(Tensor h) {
        return Tensor.tanh(pooler.apply(h.select(1, 0)));
    }

    /** Where every head of every layer looks, for looking at: layer by layer [B×N×T×T]; padding is not looked at. */
    public List<Tensor> attention(int[][] tokens, int[][] segments) {
        int[] lengths = check(tokens, segments);
        return Tensor.withoutGradient(() -> {
            List<Tensor> all = new ArrayList<>();
            Tensor x = embedded(tokens, segments);
            for (EncoderLayer layer : layers) {
                all.add(layer.weights(x, false, lengths));
                x = layer.apply(x, false, lengths);
            }
            return all;
        });
    }

    /** Zeros in the shape of some sequences: all of the first segment. */
    public static int[][] firstSegment(int[][] tokens) {
        return Arrays.stream(tokens).map(row -> new int[row.length]).toArray(int[][]::new);
    }

    /** LN(token + position + segment), [B×T×E]. */
    private Tensor embedded(int[][] sequences, int[][] segment) {
        int steps = Arrays.stream(sequences).mapToInt(row -> row.length).max().orElseThrow();
        int[] places = new int[steps];
        Arrays.setAll(places, t -> t);
        Tensor sum = tokens.apply(padded(sequences, steps)).plus(positions.apply(places));
        return norm.apply(sum.plus(segments.apply(padded(segment, steps))));
    }

    private static int[][] padded(int[][] rows, int steps) {
        return Arrays.stream(rows).map(row -> Arrays.copyOf(row, steps)).toArray(int[][]::new);
    }

    /** The lengths of sequences that can be read. */
    private int[] check(int[][] sequences, int[][] segment) {
        if (sequences.length == 0 || sequences.length != segment.length) {
            throw new IllegalArgumentException("bert: " + sequences.length + " sequences of tokens and "
                    + segment.length + " of segments; at least one of each, and as many");
        }
        int longest = positions.table().size(0);
        int[] lengths = new int[sequences.length];
        for (int b = 0; b < lengths.length; b++) {
            lengths[b] = sequences[b].length;
            if (lengths[b] == 0 || lengths[b] > longest) {
                throw new IllegalArgumentException("bert: sequence " + b + " has " + lengths[b]
                        + " tokens; between 1 and " + longest + ", the places of the table, can be read");
            }
            if (segment[b].length != lengths[b]) {
                throw new IllegalArgumentException("bert: sequence " + b + " has " + lengths[b] + " tokens and "
                        + segment[b].length + " segments");
            }
            inside("token", b, tokens.table().size(0), sequences[b]);
            inside("segment", b, segments.table().size(0), segment[b]);
        }
        return lengths;
    }

    private static void inside(String what, int sequence, int size, int... values) {
        for (int t = 0; t < values.length; t++) {
            if (values[t] < 0 || values[t] >= size) {
                throw new IllegalArgumentException("bert: " + what + " " + values[t] + " at place " + t
                        + " of sequence " + sequence + " is outside 0.." + (size - 1));
            }
        }
    }

    @Override
    public Parameters parameters() {
        Parameters all = Parameters.of("embeddings.tokens", tokens)
                .and("embeddings.positions", positions)
                .and("embeddings.segments", segments)
                .and("embeddings.norm", norm);
        for (int n = 0; n < layers.size(); n++) {
            all = all.and("encoder.layers." + n, layers.get(n));
        }
        return all.and("pooler", pooler);
    }
}
