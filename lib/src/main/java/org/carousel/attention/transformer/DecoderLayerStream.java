package org.carousel.attention.transformer;

import java.util.Arrays;
import org.carousel.layers.LayerNorm;
import org.carousel.layers.Ragged;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.KeptAttention;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.Rectifiers;

/** One {@link DecoderLayer} of a {@link TransformerStream}: the bits of {@link DecoderLayer#step}, in arrays. */
final class DecoderLayerStream {
    private static final int ROOM = 16; // for the first keys

    private final DecoderLayer layer;
    private final DecoderLayer.Cache first;
    private final int size;
    private final KeptAttention own;
    private final KeptAttention source;
    private final int[] seen; // how many steps there are, for each sequence
    private final float[] hidden; // 0, or a large negative number behind the end of a source [B×U]
    private final float[] normal; // [B×E]
    private final float[] qkv; // [B×3E]
    private final float[] q; // [B×E]
    private final float[] read; // o of all heads [B×E]
    private final float[] part; // what is added to x [B×E]
    private final float[] wide;

    DecoderLayerStream(DecoderLayer layer, DecoderLayer.Cache first, int longest) {
        this.layer = layer;
        this.first = first;
        Tensor k = first.source().k();
        int batch = k.size(0);
        int steps = k.size(2);
        size = layer.selfAttention().outB().size();
        if (first.lengths().length != batch) {
            throw new IllegalArgumentException("transformer decoder: stream over " + batch + " sources with "
                    + first.lengths().length + " lengths; one for each is needed");
        }
        source = new KeptAttention(batch, k.size(1), k.size(3), steps, steps);
        append(first.source(), source);
        int heads = layer.selfAttention().heads();
        own = new KeptAttention(batch, heads, size / heads, Math.min(ROOM, longest), longest);
        if (first.own() != null) {
            append(first.own(), own);
        }
        seen = new int[batch];
        hidden = new float[batch * steps];
        for (int b = 0; b < batch; b++) {
            Arrays.fill(hidden, b * steps + first.lengths()[b], (b + 1) * steps, Ragged.NEVER);
        }
        normal = new float[batch * size];
        qkv = new float[3 * normal.length];
        q = new float[normal.length];
        read = new float[normal.length];
        part = new float[normal.length];
        wide = new float[batch * layer.wide().b().size()];
    }

    private static void append(MultiHead.Projected from, KeptAttention to) {
        Tensor k = from.k();
        Tensor v = from.v();
        int head = k.size(2) * k.size(3);
        for (int u = 0; u < k.size(2); u++) {
            int at = u * k.size(3);
            to.append(
                    Fused.array(k), Fused.offset(k) + at, Fused.array(v), Fused.offset(v) + at, k.size(1) * head, head);
        }
    }

    /**
     * The next step. Modified: both.
     *
     * @param x what the layer reads, then what it gives [B×E]
     * @param mean where it looked in the source, the mean over the heads [B×U]
     */
    void step(float[] x, float[] mean) {
        layer.selfAttention().projectInto(3, before(layer.norm1(), x), qkv);
        own.append(
                qkv, size, qkv, 2 * size, 3 * size, size / layer.selfAttention().heads());
        own.ask(qkv, 3 * size);
        Arrays.fill(seen, own.keys());
        own.read(seen, read);
        layer.selfAttention().joinInto(read, part);
        add(x, layer.norm1());

        layer.crossAttention().projectInto(1, before(layer.norm2(), x), q);
        source.ask(q, size);
        source.weights(hidden, mean);
        source.read(first.lengths(), read);
        layer.crossAttention().joinInto(read, part);
        add(x, layer.norm2());

        layer.wide().into(before(layer.norm3(), x), wide);
        Rectifiers.active().relu(wide.length, wide, 0, wide, 0);
        layer.narrow().into(wide, part);
        add(x, layer.norm3());
    }

    private float[] before(LayerNorm norm, float[] x) {
        if (!layer.preNorm()) {
            return x;
        }
        norm.into(x, normal);
        return normal;
    }

    private void add(float[] x, LayerNorm norm) {
        Kernels.active().add(x.length, part, 0, x, 0);
        if (!layer.preNorm()) {
            norm.into(x, x);
        }
    }

    /** A copy of what is kept. */
    DecoderLayer.Cache cache() {
        if (own.keys() == 0) {
            return first;
        }
        int heads = layer.selfAttention().heads();
        int[] shape = {seen.length, heads, own.keys(), size / heads};
        var kept =
                new MultiHead.Projected(Tensor.wrap(own.copyOfKeys(), shape), Tensor.wrap(own.copyOfValues(), shape));
        return new DecoderLayer.Cache(kept, first.source(), first.lengths());
    }
}
