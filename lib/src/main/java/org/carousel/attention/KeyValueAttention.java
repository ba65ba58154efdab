package org.carousel.attention;

import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.softmax;
import static org.carousel.tensor.Tensor.tanh;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.carousel.layers.Initializer;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Attention of a language model over its own last L outputs, which can share out three roles among parts of the output:
 * what is compared, what is read, and what predicts.
 *
 * <pre>
 * plain                 k_t = v_t = p_t = h_t
 * key-value             h_t = [k_t; v_t], p_t = v_t
 * key-value-predict     h_t = [k_t; v_t; p_t]
 *
 * M_t  = tanh(W_Y [k_{t-L} .. k_{t-1}] + (W_h k_t) 1ᵀ)
 * α_t  = softmax(wᵀ M_t)
 * r_t  = [v_{t-L} .. v_{t-1}] α_tᵀ
 * h*_t = tanh(W_r r_t + W_x p_t)
 * </pre>
 *
 * <p>Only past steps of the same sequence are read, the step t itself is not. Where fewer than L lie behind a step, the
 * softmax is over those; the first step has none: its weights and r are 0.
 *
 * <p>Source: Daniluk, Rocktäschel, Welbl, Riedel: Frustratingly short attention spans in neural language modeling, ICLR
 * 2017, arXiv:1702.04521, section 2.
 *
 * @param roles how h is divided
 * @param window L, at least 1
 * @param WY weights of the past keys [D×D], parameter {@code W_Y}
 * @param Wh weights of the own key [D×D], parameter {@code W_h}
 * @param w [1×D]
 * @param Wr weights of what was read [D×D], parameter {@code W_r}
 * @param Wx weights of the own output [D×D], parameter {@code W_x}
 */
public record KeyValueAttention(Roles roles, int window, Tensor WY, Tensor Wh, Tensor w, Tensor Wr, Tensor Wx)
        implements Layer {

    /** Who plays which part: how h is divided. */
    public enum Roles {
        /** h is key, value and prediction. */
        PLAIN(1),
        /** [k; v]; the value also predicts. */
        KEY_VALUE(2),
        /** [k; v; p]. */
        KEY_VALUE_PREDICT(3);

        private final int parts;

        Roles(int parts) {
            this.parts = parts;
        }

        /** n, into how many equal parts h is cut: it has n·D numbers. */
        public int parts() {
            return parts;
        }
    }

    /** Checks that the shapes belong together. */
    public KeyValueAttention {
        if (window < 1) {
            throw new IllegalArgumentException("key-value attention: window " + window + "; must be at least 1 step");
        }
        int size = Wr.size(0);
        boolean fits = w.rank() == 2 && w.size(0) == 1 && w.size(1) == size;
        for (Tensor matrix : new Tensor[] {WY, Wh, Wr, Wx}) {
            fits &= matrix.rank() == 2 && matrix.size(0) == size && matrix.size(1) == size;
        }
        if (!fits) {
            String shapes = Stream.of(WY, Wh, w, Wr, Wx).map(Tensor::shapeText).collect(Collectors.joining(", "));
            throw new IllegalArgumentException("key-value attention: W_Y, W_h, w, W_r, W_x " + shapes
                    + " must be [D×D], [D×D], [1×D], [D×D], [D×D]");
        }
        for (Tensor parameter : new Tensor[] {WY, Wh, w, Wr, Wx}) {
            parameter.requiresGradient();
        }
    }

    /**
     * Glorot weights.
     *
     * @param size D, the size of each part and of the result; h has D, 2D or 3D numbers
     */
    public static KeyValueAttention of(Roles roles, int size, int window, RandomStream random) {
        Initializer glorot = Initializer.glorot();
        return new KeyValueAttention(
                roles,
                window,
                glorot.matrix(size, size, random.split("W_Y")),
                glorot.matrix(size, size, random.split("W_h")),
                glorot.matrix(1, size, random.split("w")),
                glorot.matrix(size, size, random.split("W_r")),
                glorot.matrix(size, size, random.split("W_x")));
    }

    /**
     * What it makes of outputs.
     *
     * @param h h* [B×T×D], zeros behind the ends
     * @param weights α [B×T×L]: column l is the step t-L+l, so the last column is the step before; 0 where there is no
     *     such step, and behind the ends
     */
    public record Attended(Tensor h, Tensor weights) {}

    /** Outputs h [B×T×nD] without padding. */
    public Attended apply(Tensor h) {
        return apply(h, Ragged.full(h));
    }

    /**
     * All steps of sequences at once.
     *
     * @param h [B×T×nD], n the number of {@link Roles#parts}
     * @param lengths how many steps of each sequence are not padding, 0..T
     */
    public Attended apply(Tensor h, int... lengths) {
        int size = Wr.size(0);
        if (h.rank() != 3 || h.size(2) != roles.parts * size) {
            throw new IllegalArgumentException("key-value attention: " + h.shapeText() + " must be [batch×steps×"
                    + roles.parts * size + "], " + roles.parts + " parts of " + size);
        }
        int batch = h.size(0);
        int steps = h.size(1);
        Tensor clean = Ragged.mask(h, lengths);
        Tensor k = part(clean, 0);
        Tensor v = part(clean, Math.min(1, roles.parts - 1));
        Tensor p = part(clean, roles.parts - 1);
        int[] past = past(steps, lengths);
        Tensor now = linear(k, Wh).reshape(batch, steps, 1, size);
        Tensor M = tanh(windows(linear(k, WY), past).plus(now)); // [B×T×L×D]
        Tensor e = linear(M, w).reshape(batch, steps, window);
        Tensor alpha = softmax(e.plus(where(past, 0, Ragged.NEVER, e))).times(where(past, 1, 0, e));
        Tensor r = alpha.reshape(batch, steps, 1, window).matmul(windows(v, past));
        Tensor y = tanh(linear(r.reshape(batch, steps, size), Wr).plus(linear(p, Wx)));
        return new Attended(Ragged.mask(y, lengths), alpha);
    }

    /** The n-th part of h. */
    private Tensor part(Tensor h, int n) {
        int size = Wr.size(0);
        return roles.parts == 1 ? h : h.slice(2, n * size, (n + 1) * size);
    }

    /** For every step and column the row of [B·T] it looks at, or -1 for none. */
    private int[] past(int steps, int... lengths) {
        int[] rows = new int[lengths.length * steps * window];
        Arrays.fill(rows, -1);
        for (int b = 0; b < lengths.length; b++) {
            for (int t = 0; t < lengths[b]; t++) {
                for (int l = Math.max(0, window - t); l < window; l++) {
                    rows[(b * steps + t) * window + l] = b * steps + t - window + l;
                }
            }
        }
        return rows;
    }

    /** The steps behind every step: [B×T×D] gives [B×T×L×D], zeros where there is none. */
    private Tensor windows(Tensor x, int... past) {
        int all = x.size(0) * x.size(1);
        int size = x.size(2);
        Tensor rows = Tensor.concat(0, x.reshape(all, size), Tensor.zeros(1, size));
        int[] found = Arrays.stream(past).map(row -> row < 0 ? all : row).toArray();
        return rows.rows(found).reshape(x.size(0), x.size(1), window, size);
    }

    /** One number where there is a step to look at, another where there is none, in the shape of e. */
    private static Tensor where(int[] past, float there, float none, Tensor e) {
        float[] values = new float[past.length];
        for (int j = 0; j < past.length; j++) {
            values[j] = past[j] < 0 ? none : there;
        }
        return Tensor.wrap(values, e.shape());
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("W_Y", WY)
                .and("W_h", Wh)
                .and("w", w)
                .and("W_r", Wr)
                .and("W_x", Wx);
    }
}
