package org.carousel.attention;

import static org.carousel.tensor.Tensor.linear;

import org.carousel.layers.Initializer;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.Normal;
import org.carousel.tensor.internal.kernels.PackedMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Multiplicative attention: the query and a step of the source fit when their product is large.
 *
 * <pre>
 * dot:      e_j = s · h_j                general:  e_j = s · W h_j
 * scaled:   e_j = s · h_j / √H           cosine:   e_j = β s · h_j / (‖s‖ ‖h_j‖)
 * </pre>
 *
 * <p>Products grow with the size of the vectors, not with the length of the source: for large H the softmax of the plain
 * dot product saturates, which the scaled one mends. In Luong et al. s is the state of the decoder <em>after</em> its
 * step.
 *
 * <p>Sources: Luong, Pham, Manning: Effective approaches to attention-based neural machine translation, EMNLP 2015,
 * arXiv:1508.04025, eq. (8); the scale: Vaswani et al. 2017, arXiv:1706.03762, section 3.2.1; cosine with a sharpness β:
 * Graves, Wayne, Danihelka: Neural Turing machines, 2014, arXiv:1410.5401, eqs. (5)-(6).
 *
 * @param kind which product
 * @param W [S×H] of the general kind, β [1] of the cosine, else null
 */
public record Multiplicative(Kind kind, @Nullable Tensor W) implements Attention {
    private static final double EPSILON = 1e-12;

    /** Which product. */
    public enum Kind {
        /** s · h. */
        DOT,
        /** s · h / √H. */
        SCALED,
        /** s · W h. */
        GENERAL,
        /** β times the cosine of the angle between s and h. */
        COSINE
    }

    /** Marks the parameter. */
    public Multiplicative {
        if (W != null) {
            W.requiresGradient();
        }
    }

    /** s · h, for states of one size. */
    public static Multiplicative dot() {
        return new Multiplicative(Kind.DOT, null);
    }

    /** s · h / √H, for states of one size. */
    public static Multiplicative scaled() {
        return new Multiplicative(Kind.SCALED, null);
    }

    /** s · W h with Glorot weights. */
    public static Multiplicative general(int querySize, int sourceSize, RandomStream random) {
        return new Multiplicative(Kind.GENERAL, Initializer.glorot().matrix(querySize, sourceSize, random));
    }

    /** β cos(s, h) with a learned β that begins at {@code sharpness}. */
    public static Multiplicative cosine(double sharpness) {
        return new Multiplicative(Kind.COSINE, Tensor.full(sharpness, 1));
    }

    @Override
    public Tensor keys(Tensor source) {
        return switch (kind) {
            case DOT -> source;
            case SCALED -> source.dividedBy(StrictMath.sqrt(source.size(2)));
            case GENERAL -> linear(source, java.util.Objects.requireNonNull(W));
            case COSINE -> unit(source).times(java.util.Objects.requireNonNull(W));
        };
    }

    private static Tensor unit(Tensor x) {
        int[] column = x.shape();
        column[column.length - 1] = 1;
        return x.dividedBy(Tensor.sqrt(x.squared().sum(-1).plus(EPSILON)).reshape(column));
    }

    @Override
    public Tensor scores(Tensor query, Memory memory) {
        int batch = query.size(0);
        if (query.size(1) != memory.keys().size(2)) {
            throw new IllegalArgumentException("multiplicative attention: query " + query.shapeText() + " and keys "
                    + memory.keys().shapeText() + " differ in size; general attention takes different ones");
        }
        Tensor s = kind == Kind.COSINE ? unit(query) : query;
        return memory.keys()
                .matmul(s.reshape(batch, s.size(1), 1))
                .reshape(batch, memory.keys().size(1));
    }

    /** {@link #scores} of one query after the other. */
    Scorer scorer(Memory memory) {
        PackedMatrix[] k = Fused.packedEach(memory.keys(), true);
        int size = memory.keys().size(2);
        int steps = memory.keys().size(1);
        if (kind != Kind.COSINE) {
            return (query, e) -> Kernels.active().matmulEach(query, 0, size, k, e, 0, steps);
        }
        float[] s = new float[k.length * size];
        return (query, e) -> {
            Normal.unit(k.length, size, (float) EPSILON, query, s);
            Kernels.active().matmulEach(s, 0, size, k, e, 0, steps);
        };
    }

    @Override
    public Parameters parameters() {
        return W == null ? Parameters.none() : Parameters.of(kind == Kind.COSINE ? "beta" : "W", W);
    }
}
