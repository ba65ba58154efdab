package org.carousel.attention;

import static org.carousel.tensor.Tensor.linear;

import java.util.List;
import org.carousel.layers.Initializer;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.AdditiveScores;
import org.carousel.tensor.internal.kernels.Kernels;

/**
 * Additive attention.
 *
 * <pre>
 * e_j = vᵀ tanh(W s + U h_j)
 * </pre>
 *
 * <p>In the paper s is the state of the decoder <em>before</em> the step that reads. U h is computed once per source.
 *
 * <p>Source: Bahdanau, Cho, Bengio: Neural machine translation by jointly learning to align and translate, ICLR 2015,
 * arXiv:1409.0473, appendix A.1.2.
 *
 * @param W weights of the query [A×S]
 * @param U weights of the source [A×H]
 * @param v [1×A]
 */
public record Additive(Tensor W, Tensor U, Tensor v) implements Attention {
    /** Checks that the shapes belong together. */
    public Additive {
        if (W.rank() != 2 || U.rank() != 2 || v.rank() != 2 || W.size(0) != U.size(0) || v.size(1) != W.size(0)) {
            throw new IllegalArgumentException("additive attention: W " + W.shapeText() + ", U " + U.shapeText()
                    + ", v " + v.shapeText() + " must be [A×S], [A×H] and [1×A]");
        }
        W.requiresGradient();
        U.requiresGradient();
        v.requiresGradient();
    }

    /** Glorot weights. */
    public static Additive of(int querySize, int sourceSize, int size, RandomStream random) {
        Initializer glorot = Initializer.glorot();
        return new Additive(
                glorot.matrix(size, querySize, random.split("W")),
                glorot.matrix(size, sourceSize, random.split("U")),
                glorot.matrix(1, size, random.split("v")));
    }

    @Override
    public Tensor keys(Tensor source) {
        return linear(source, U);
    }

    /** The equation as one operation that keeps nothing but its operands; tests hold it equal to tanh(W s + U h) v in single operations. */
    @Override
    public Tensor scores(Tensor query, Memory memory) {
        Tensor k = memory.keys();
        Tensor s = linear(query, W);
        var core = new AdditiveScores(k.size(0), k.size(1), k.size(2));
        var in = new AdditiveScores.Operands(
                Fused.array(k), Fused.offset(k), Fused.array(s), Fused.offset(s), Fused.array(v), Fused.offset(v));
        float[] e = new float[k.size(0) * k.size(1)];
        core.forward(in, e);
        return Fused.operation(
                "additive scores",
                e,
                new int[] {k.size(0), k.size(1)},
                List.of(k, s, v),
                g -> core.backward(in, g, Fused.gradient(k), Fused.gradient(s), Fused.gradient(v)));
    }

    /** {@link #scores} of one query after the other. */
    Scorer scorer(Memory memory) {
        Tensor k = memory.keys();
        int batch = k.size(0);
        int size = k.size(2);
        float[] s = new float[batch * size];
        var core = new AdditiveScores(batch, k.size(1), size);
        var in = new AdditiveScores.Operands(Fused.array(k), Fused.offset(k), s, 0, Fused.array(v), Fused.offset(v));
        return (query, e) -> {
            Kernels.active().matmulPacked(batch, query, 0, W.size(1), Fused.packed(W, true), s, 0, size);
            core.forward(in, e);
        };
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("W", W).and("U", U).and("v", v);
    }
}
