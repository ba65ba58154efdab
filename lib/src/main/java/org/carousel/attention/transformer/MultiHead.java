package org.carousel.attention.transformer;

import static org.carousel.tensor.Tensor.linear;

import org.carousel.attention.LinearBias;
import org.carousel.attention.ScaledDotProduct;
import org.carousel.layers.Initializer;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Kernels;

/**
 * Multi-head attention: several small attentions side by side, each over its own projection.
 *
 * <pre>
 * head_n = attention(Q W_nᑫ, K W_nᵏ, V W_nᵛ)        y = [head_1 .. head_N] W° + b°
 * </pre>
 *
 * <p>Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.2.2. Parameters are those of PyTorch's {@code
 * nn.MultiheadAttention}, by name and layout.
 *
 * @param heads N, a divisor of E
 * @param W projections of query, key and value below each other [3E×E], {@code in_proj_weight}
 * @param b their biases [3E], {@code in_proj_bias}
 * @param outW [E×E], {@code out_proj.weight}
 * @param outB [E], {@code out_proj.bias}
 * @param positions {@link Positions#ROTARY} and {@link Positions#ALIBI} work here, the others do not concern attention
 */
public record MultiHead(int heads, Tensor W, Tensor b, Tensor outW, Tensor outB, Positions positions) implements Layer {
    /** Checks that the shapes belong together. */
    public MultiHead {
        int size = outB.size();
        if (heads < 1 || size % heads != 0) {
            throw new IllegalArgumentException(
                    "multi-head: " + heads + " heads do not divide the size " + size + " into equal parts");
        }
        if (W.rank() != 2 || W.size(0) != 3 * size || W.size(1) != size || b.size() != 3 * size) {
            throw new IllegalArgumentException("multi-head: W " + W.shapeText() + " and b " + b.shapeText()
                    + " must be [" + 3 * size + "×" + size + "] and [" + 3 * size + "]");
        }
        if (positions == Positions.ROTARY && size / heads % 2 != 0) {
            throw new IllegalArgumentException("multi-head: heads of size " + size / heads
                    + " cannot be turned; rotary positions need an even size");
        }
        for (Tensor parameter : new Tensor[] {W, b, outW, outB}) {
            parameter.requiresGradient();
        }
    }

    /** Without positions: Glorot weights, biases 0. */
    public static MultiHead of(int size, int heads, RandomStream random) {
        return of(size, heads, Positions.NONE, random);
    }

    /** Glorot weights, biases 0. */
    public static MultiHead of(int size, int heads, Positions positions, RandomStream random) {
        Initializer glorot = Initializer.glorot();
        Tensor[] parts = new Tensor[3];
        for (int k = 0; k < 3; k++) {
            parts[k] = glorot.matrix(size, size, random.split(k));
        }
        return new MultiHead(
                heads,
                Tensor.concat(0, parts),
                Tensor.zeros(3 * size),
                glorot.matrix(size, size, random.split("out")),
                Tensor.zeros(size),
                positions);
    }

    /** Self-attention over x [B×T×E] without padding. */
    public Tensor apply(Tensor x, boolean causal) {
        return apply(x, x, causal, Ragged.full(x));
    }

    /**
     * Queries from x [B×T×E], keys and values from a source [B×U×E].
     *
     * @param causal whether a query sees only steps up to its own
     * @param lengths how many steps of each source are not padding
     * @return [B×T×E]; padding is not read, and never reaches a gradient, whatever it holds; a query that sees nothing
     *     gets zeros from every head, and so the bias of the last map (PyTorch's module gives NaN in some of its modes)
     */
    public Tensor apply(Tensor x, Tensor source, boolean causal, int... lengths) {
        Tensor read = Ragged.mask(source, lengths);
        return applyToMasked(x == source ? read : x, read, causal, lengths);
    }

    /** As {@link #apply(Tensor, Tensor, boolean, int...)} where padding holds numbers. */
    Tensor applyToMasked(Tensor x, Tensor source, boolean causal, int... lengths) {
        if (x != source) {
            return apply(x, projected(source), causal, lengths);
        }
        Tensor qkv = inOne(x);
        Tensor q = positions.turned(qkv.select(0, 0), 0);
        Tensor k = positions.turned(qkv.select(0, 1), 0);
        return joined(ScaledDotProduct.attend(q, k, qkv.select(0, 2), bias(0), causal, lengths));
    }

    /**
     * Queries, keys and values of x, [3×B×N×T×E/N], by one product: W as a whole stays packed from call to call, its parts
     * do not.
     */
    private Tensor inOne(Tensor x) {
        requireRows(x);
        int size = outB.size();
        return linear(x, W, b)
                .reshape(x.size(0), x.size(1), 3, heads, size / heads)
                .permute(2, 0, 3, 1, 4);
    }

    /** As {@link #apply(Tensor, Tensor, boolean, int...)} over a source that was projected before. */
    public Tensor apply(Tensor x, Projected source, boolean causal, int... lengths) {
        return joined(ScaledDotProduct.attend(queries(x, 0), source.k, source.v, bias(0), causal, lengths));
    }

    /**
     * Keys and values of a source, for several queries: what a decoder keeps of the steps behind it.
     *
     * @param k [B×N×U×E/N]
     * @param v [B×N×U×E/N]
     */
    public record Projected(Tensor k, Tensor v) {
        /** These steps and more behind them. */
        public Projected and(Projected more) {
            return new Projected(Tensor.concat(2, k, more.k), Tensor.concat(2, v, more.v));
        }
    }

    /** Keys and values of a source [B×U×E]. */
    public Projected projected(Tensor source) {
        return projected(source, 0);
    }

    /** Keys and values of a part of a source, its first step at a position. */
    Projected projected(Tensor source, int first) {
        return new Projected(positions.turned(split(project(source, 1)), first), split(project(source, 2)));
    }

    /** As {@link #apply(Tensor, Projected, boolean, int...)} where x begins at a position and sees the whole source. */
    Tensor applyAt(int first, Tensor x, Projected source, int... lengths) {
        return joined(ScaledDotProduct.attend(queries(x, first), source.k, source.v, bias(first), false, lengths));
    }

    /** The weights of {@link #applyAt}. */
    Tensor weightsAt(int first, Tensor x, Projected source, int... lengths) {
        return ScaledDotProduct.weights(queries(x, first), source.k, bias(first), false, lengths);
    }

    private Tensor queries(Tensor x, int first) {
        return positions.turned(split(project(x, 0)), first);
    }

    private LinearBias bias(int first) {
        return positions == Positions.ALIBI ? LinearBias.of(heads, first) : LinearBias.NONE;
    }

    /** The weights of every head for the queries of x over a source that was projected before: [B×N×T×U]. */
    public Tensor weights(Tensor x, Projected source, int... lengths) {
        return weightsAt(0, x, source, lengths);
    }

    /** The weights of every head over x, for looking at: [B×N×T×U]. */
    public Tensor weights(Tensor x, Tensor source, boolean causal, int... lengths) {
        Tensor read = Ragged.mask(source, lengths);
        Tensor k = positions.turned(split(project(read, 1)), 0);
        return ScaledDotProduct.weights(queries(x == source ? read : x, 0), k, bias(0), causal, lengths);
    }

    private void requireRows(Tensor x) {
        if (x.rank() != 3 || x.size(2) != outB.size()) {
            throw new IllegalArgumentException(
                    "multi-head: " + x.shapeText() + " must be [batch×steps×" + outB.size() + "]");
        }
    }

    private Tensor project(Tensor x, int part) {
        requireRows(x);
        int size = outB.size();
        int from = part * size;
        return linear(x, W.slice(0, from, from + size), b.slice(0, from, from + size));
    }

    /**
     * Queries, then keys, then values of the rows of x, side by side, without making a tensor, for streams. Modified:
     * {@code y}.
     *
     * @param parts the first so many of the three
     * @param y [B×(parts·E)]
     */
    void projectInto(int parts, float[] x, float[] y) {
        int size = outB.size();
        int n = parts * size;
        Kernels.active()
                .matmulPacked(
                        x.length / size,
                        n,
                        x,
                        0,
                        size,
                        Fused.packed(W, true),
                        Fused.array(b),
                        Fused.offset(b),
                        0,
                        y,
                        0,
                        n);
    }

    /** y of what the heads have read, for streams. Modified: {@code y}. */
    void joinInto(float[] read, float[] y) {
        int size = outB.size();
        Kernels.active()
                .matmulPacked(
                        read.length / size,
                        read,
                        0,
                        size,
                        Fused.packed(outW, true),
                        Fused.array(outB),
                        Fused.offset(outB),
                        0,
                        y,
                        0,
                        size);
    }

    /** [B×T×E] to [B×N×T×E/N]. */
    private Tensor split(Tensor x) {
        return x.reshape(x.size(0), x.size(1), heads, x.size(2) / heads).permute(0, 2, 1, 3);
    }

    private Tensor joined(Tensor y) {
        Tensor rows = y.permute(0, 2, 1, 3).reshape(y.size(0), y.size(2), outB.size());
        return linear(rows, outW, outB);
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("in_proj_weight", W)
                .and("in_proj_bias", b)
                .and("out_proj.weight", outW)
                .and("out_proj.bias", outB);
    }
}
