package org.carousel.attention.transformer;

import java.util.Arrays;
import java.util.List;
import org.carousel.layers.Affine;
import org.carousel.layers.Dropout;
import org.carousel.layers.Layer;
import org.carousel.layers.LayerNorm;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Rectifiers;
import org.carousel.tensor.internal.kernels.functions.ErrorFunction;
import org.jspecify.annotations.Nullable;

/**
 * A layer of the Transformer's encoder: self-attention, then two affine maps at every step, each with a way around it.
 *
 * <pre>
 * post-norm (the paper):  x ← LN(x + attention(x))      x ← LN(x + F(x))         F(x) = W₂ f(W₁ x + b₁) + b₂
 * pre-norm:               x ← x + attention(LN(x))      x ← x + F(LN(x))
 * </pre>
 *
 * <p>f is max(0, x) in the paper, GELU in BERT.
 *
 * <p>Sources: Vaswani et al. 2017, arXiv:1706.03762, section 3; pre-norm: Xiong et al. 2020, arXiv:2002.04745.
 * Parameters are those of PyTorch's {@code nn.TransformerEncoderLayer}.
 *
 * @param selfAttention attention of x over itself
 * @param wide W₁ and b₁
 * @param narrow W₂ and b₂
 * @param norm1 around the attention
 * @param norm2 around the affine maps
 * @param preNorm which order
 * @param activation f
 */
public record EncoderLayer(
        MultiHead selfAttention,
        Affine wide,
        Affine narrow,
        LayerNorm norm1,
        LayerNorm norm2,
        boolean preNorm,
        Activation activation)
        implements Layer {
    /** What stands between the two affine maps. */
    public enum Activation {
        /** max(0, x). */
        RELU,
        /** {@link Tensor#gelu}. */
        GELU,
        /** x Φ(x) itself, Φ by the error function, where {@link #GELU} has tanh: what most public BERTs use. */
        GELU_ERF;

        Tensor apply(Tensor a) {
            return switch (this) {
                case RELU -> Tensor.relu(a);
                case GELU -> Tensor.gelu(a);
                case GELU_ERF -> geluErf(a);
            };
        }

        /** f in place, row by row, without making a tensor. Modified: x and room, [2n]. */
        void rows(int rows, int n, float[] x, float[] room) {
            Rectifiers rectifiers = Rectifiers.active();
            for (int at = 0; at < rows * n; at += n) {
                switch (this) {
                    case RELU -> rectifiers.relu(n, x, at, x, at);
                    case GELU -> {
                        System.arraycopy(x, at, room, n, n);
                        rectifiers.gelu(n, room, n, room, room);
                    }
                    case GELU_ERF -> ErrorFunction.gelu(n, x, at, room);
                }
                if (this != RELU) {
                    System.arraycopy(room, 0, x, at, n);
                }
            }
        }

        private static Tensor geluErf(Tensor a) {
            int n = a.size();
            float[] x = Fused.array(a);
            int at = Fused.offset(a);
            float[] y = new float[n];
            ErrorFunction.gelu(n, x, at, y);
            return Fused.operation("gelu", y, a.shape(), List.of(a), g -> {
                float[] to = Fused.gradient(a);
                if (to != null) {
                    ErrorFunction.geluBackward(n, g, x, at, to);
                }
            });
        }
    }

    /** Glorot weights, ReLU. */
    public static EncoderLayer of(int size, int heads, int wideSize, boolean preNorm, RandomStream random) {
        return of(size, heads, wideSize, preNorm, Activation.RELU, random);
    }

    /** Glorot weights. */
    public static EncoderLayer of(
            int size, int heads, int wideSize, boolean preNorm, Activation activation, RandomStream random) {
        return of(new Transformer.Sizes(size, heads, wideSize, 1, preNorm, 1, Positions.NONE), activation, random);
    }

    /** A layer of a stack of such sizes. */
    static EncoderLayer of(Transformer.Sizes sizes, Activation activation, RandomStream random) {
        int size = sizes.size();
        int wideSize = sizes.wide();
        return new EncoderLayer(
                MultiHead.of(size, sizes.heads(), sizes.positions(), random.split("attention")),
                Affine.of(size, wideSize, random.split("wide")),
                Affine.of(wideSize, size, random.split("narrow")),
                LayerNorm.of(size),
                LayerNorm.of(size),
                sizes.preNorm(),
                activation);
    }

    /** x [B×T×E] without padding gives [B×T×E]. */
    public Tensor apply(Tensor x, boolean causal) {
        return apply(x, causal, Ragged.full(x));
    }

    /** Sequences x [B×T×E] of the given lengths; padding is not read, and what stands there afterwards means nothing. */
    public Tensor apply(Tensor x, boolean causal, int... lengths) {
        Tensor read = Ragged.mask(x, lengths); // what padding holds must not reach a gradient either
        if (preNorm) {
            Tensor normal = norm1.apply(read);
            Tensor y = read.plus(selfAttention.applyToMasked(normal, normal, causal, lengths));
            return y.plus(feedForward(norm2.apply(y)));
        }
        Tensor y = norm1.apply(read.plus(selfAttention.applyToMasked(read, read, causal, lengths)));
        return norm2.apply(y.plus(feedForward(y)));
    }

    /** As {@link #apply(Tensor, boolean)} for training: of what both parts add, elements are dropped (section 5.4). */
    Tensor apply(Tensor x, boolean causal, Dropout dropout, RandomStream random) {
        Tensor in = preNorm ? norm1.apply(x) : x;
        Tensor read = selfAttention.apply(in, causal);
        Tensor sum = x.plus(dropout.apply(read, random.split("attention")));
        Tensor y = preNorm ? sum : norm1.apply(sum);
        Tensor wider = feedForward(preNorm ? norm2.apply(y) : y);
        Tensor z = y.plus(dropout.apply(wider, random.split("wide")));
        return preNorm ? z : norm2.apply(z);
    }

    /**
     * One step of a causal layer.
     *
     * @param y its result [B×1×E]
     * @param kept keys and values of the steps so far
     */
    record Stepped(Tensor y, MultiHead.Projected kept) {}

    /** The next step x [B×1×E] of a causal layer: what {@link #apply} gives for it, from what the steps before kept. */
    Stepped step(Tensor x, MultiHead.@Nullable Projected before) {
        int t = before == null ? 0 : before.k().size(2);
        Tensor in = preNorm ? norm1.apply(x) : x;
        MultiHead.Projected now = selfAttention.projected(in, t);
        MultiHead.Projected kept = before == null ? now : before.and(now);
        int[] seen = new int[x.size(0)];
        Arrays.fill(seen, t + 1);
        Tensor sum = x.plus(selfAttention.applyAt(t, in, kept, seen));
        if (preNorm) {
            return new Stepped(sum.plus(feedForward(norm2.apply(sum))), kept);
        }
        Tensor y = norm1.apply(sum);
        return new Stepped(norm2.apply(y.plus(feedForward(y))), kept);
    }

    /** Where every head looks when this layer reads x, for looking at: [B×N×T×T]. */
    public Tensor weights(Tensor x, boolean causal, int... lengths) {
        Tensor read = preNorm ? norm1.apply(x) : x;
        return selfAttention.weights(read, read, causal, lengths);
    }

    private Tensor feedForward(Tensor x) {
        Tensor a = wide.apply(x);
        return narrow.apply(activation.apply(a));
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("self_attn", selfAttention)
                .and("linear1", wide)
                .and("linear2", narrow)
                .and("norm1", norm1)
                .and("norm2", norm2);
    }
}
