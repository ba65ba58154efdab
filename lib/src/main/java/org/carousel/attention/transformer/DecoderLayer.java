package org.carousel.attention.transformer;

import static org.carousel.tensor.Tensor.relu;

import java.util.Arrays;
import org.carousel.layers.Affine;
import org.carousel.layers.Layer;
import org.carousel.layers.LayerNorm;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A layer of the Transformer's decoder: causal self-attention, attention over the source, two affine maps.
 *
 * <pre>
 * post-norm:  x ← LN(x + self(x))       x ← LN(x + cross(x, source))       x ← LN(x + F(x))
 * pre-norm:   x ← x + self(LN(x))       x ← x + cross(LN(x), source)       x ← x + F(LN(x))
 * </pre>
 *
 * <p>Source: Vaswani et al. 2017, arXiv:1706.03762, section 3. Parameters are those of PyTorch's {@code
 * nn.TransformerDecoderLayer}.
 *
 * @param selfAttention over the target's own past
 * @param crossAttention over the source
 * @param wide the first affine map
 * @param narrow the second one
 * @param norm1 around the self-attention
 * @param norm2 around the attention over the source
 * @param norm3 around the affine maps
 * @param preNorm which order
 */
public record DecoderLayer(
        MultiHead selfAttention,
        MultiHead crossAttention,
        Affine wide,
        Affine narrow,
        LayerNorm norm1,
        LayerNorm norm2,
        LayerNorm norm3,
        boolean preNorm)
        implements Layer {
    /** Glorot weights. */
    public static DecoderLayer of(int size, int heads, int wideSize, boolean preNorm, RandomStream random) {
        return of(new Transformer.Sizes(size, heads, wideSize, 1, preNorm, 1, Positions.NONE), random);
    }

    /** A layer of a stack of such sizes. */
    static DecoderLayer of(Transformer.Sizes sizes, RandomStream random) {
        int size = sizes.size();
        int wideSize = sizes.wide();
        return new DecoderLayer(
                MultiHead.of(size, sizes.heads(), sizes.positions(), random.split("self")),
                MultiHead.of(size, sizes.heads(), sizes.positions(), random.split("cross")),
                Affine.of(size, wideSize, random.split("wide")),
                Affine.of(wideSize, size, random.split("narrow")),
                LayerNorm.of(size),
                LayerNorm.of(size),
                LayerNorm.of(size),
                sizes.preNorm());
    }

    /**
     * Targets x [B×T×E] over sources [B×U×E].
     *
     * @param lengths how many steps of each source are not padding
     * @return [B×T×E]
     */
    public Tensor apply(Tensor x, Tensor source, int... lengths) {
        int[] own = Ragged.full(x);
        if (preNorm) {
            Tensor normal = norm1.apply(x);
            Tensor y = x.plus(selfAttention.apply(normal, normal, true, own));
            y = y.plus(crossAttention.apply(norm2.apply(y), source, false, lengths));
            return y.plus(feedForward(norm3.apply(y)));
        }
        Tensor y = norm1.apply(x.plus(selfAttention.apply(x, x, true, own)));
        y = norm2.apply(y.plus(crossAttention.apply(y, source, false, lengths)));
        return norm3.apply(y.plus(feedForward(y)));
    }

    /**
     * What is kept between steps, so that nothing is computed twice.
     *
     * @param own keys and values of the steps so far; null before the first
     * @param source keys and values of the source
     * @param lengths of the sources
     */
    public record Cache(MultiHead.@Nullable Projected own, MultiHead.Projected source, int[] lengths) {}

    /**
     * One step.
     *
     * @param y its result [B×1×E]
     * @param weights where it looked in the source, the mean over the heads [B×U]
     * @param cache for the next step
     */
    public record Stepped(Tensor y, Tensor weights, Cache cache) {}

    /** The cache before the first step over a source [B×U×E]. */
    public Cache cache(Tensor source, int... lengths) {
        return new Cache(null, crossAttention.projected(Ragged.mask(source, lengths)), lengths);
    }

    /** The next step x [B×1×E]: what {@link #apply} gives for it, from the cache of those before. */
    public Stepped step(Tensor x, Cache cache) {
        Tensor in = preNorm ? norm1.apply(x) : x;
        int t = cache.own == null ? 0 : cache.own.k().size(2);
        MultiHead.Projected now = selfAttention.projected(in, t);
        MultiHead.Projected own = cache.own == null ? now : cache.own.and(now);
        int[] seen = new int[x.size(0)];
        Arrays.fill(seen, t + 1);
        Tensor y = x.plus(selfAttention.applyAt(t, in, own, seen));
        Tensor asked = preNorm ? norm2.apply(y) : norm1.apply(y);
        Tensor read = crossAttention.applyAt(t, asked, cache.source, cache.lengths);
        Tensor weights = crossAttention.weightsAt(t, asked, cache.source, cache.lengths);
        Tensor mean = weights.mean(1).reshape(x.size(0), weights.size(3));
        Cache next = new Cache(own, cache.source, cache.lengths);
        if (preNorm) {
            Tensor sum = y.plus(read);
            return new Stepped(sum.plus(feedForward(norm3.apply(sum))), mean, next);
        }
        Tensor normal = norm2.apply(asked.plus(read));
        return new Stepped(norm3.apply(normal.plus(feedForward(normal))), mean, next);
    }

    private Tensor feedForward(Tensor x) {
        return narrow.apply(relu(wide.apply(x)));
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("self_attn", selfAttention)
                .and("multihead_attn", crossAttention)
                .and("linear1", wide)
                .and("linear2", narrow)
                .and("norm1", norm1)
                .and("norm2", norm2)
                .and("norm3", norm3);
    }
}
