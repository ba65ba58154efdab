package org.carousel.labelling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.paths.CrfPaths;
import org.jspecify.annotations.Nullable;

/**
 * A linear-chain conditional random field on top of a tagger: scores pairs of neighbouring tags, and so whole sequences.
 *
 * <pre>
 * s(a, d) = first[d_1] + Σ_t a_t[d_t] + Σ_t pairs[d_(t-1), d_t] + last[d_T]
 * p(d | a) = exp s(a, d) / Σ_d' exp s(a, d')        L = -ln p(d | a)
 * </pre>
 *
 * <p>The sum over all sequences is made by the forward algorithm, its gradient by forward and backward variables.
 *
 * <p>Sources: Lafferty, McCallum, Pereira: Conditional random fields, ICML 2001; on an LSTM: Huang, Xu, Yu 2015,
 * arXiv:1508.01991; Lample et al. 2016, arXiv:1603.01360.
 *
 * @param pairs [K×K], row before, column after
 * @param first [K]
 * @param last [K]
 * @param constraint what may follow what, or null where everything may
 */
public record Crf(Tensor pairs, Tensor first, Tensor last, @Nullable Constraint constraint) implements Layer {
    /** Which tags may begin a sequence, and which may follow which. */
    public interface Constraint {
        /** Whether a sequence may begin with the tag. */
        boolean begins(int tag);

        /** Whether {@code after} may follow {@code before}. */
        boolean follows(int before, int after);
    }

    /** Checks the shapes. */
    public Crf {
        int tags = first.size();
        if (tags == 0
                || !first.shapeText().equals(last.shapeText())
                || pairs.rank() != 2
                || pairs.size(0) != tags
                || pairs.size(1) != tags) {
            throw new IllegalArgumentException("crf: pairs " + pairs.shapeText() + ", first " + first.shapeText()
                    + " and last " + last.shapeText() + " must be [K×K], [K] and [K]");
        }
        pairs.requiresGradient();
        first.requiresGradient();
        last.requiresGradient();
    }

    /** A field of K tags that begins without preferences. */
    public static Crf of(int tags) {
        return new Crf(Tensor.zeros(tags, tags), Tensor.zeros(tags), Tensor.zeros(tags), null);
    }

    /** With the same scores, for sequences that keep to a constraint; all others get probability 0. */
    public Crf constrained(Constraint rule) {
        return new Crf(pairs, first, last, rule);
    }

    /**
     * The mean of -ln p(d | a) over the batch, in nats for each sequence.
     *
     * @param a emissions [B×T×K], the logits of a tagger
     * @param lengths of the sequences, 0..T; an empty one has loss 0
     * @param tags d, for each sequence at least as many as its length
     * @throws IllegalArgumentException when shapes do not fit, a tag does not exist or breaks the constraint, or an emission
     *     that counts is not finite
     */
    public Tensor loss(Tensor a, int[] lengths, int[][] tags) {
        float[] emissions = require("crf", a, lengths);
        if (tags.length != lengths.length) {
            throw new IllegalArgumentException("crf: " + tags.length + " rows of tags for " + a.shapeText());
        }
        int K = first.size();
        CrfPaths.Scores scores = scores();
        double[] dEmissions = new double[a.size()];
        double[] dPairs = new double[K * K];
        double[] dFirst = new double[K];
        double[] dLast = new double[K];
        double loss = 0;
        for (int b = 0; b < lengths.length; b++) {
            if (lengths[b] > 0) {
                int at = b * a.size(1) * K;
                requireTags(b, lengths[b], tags[b]);
                loss += CrfPaths.logPartition(
                        scores, lengths[b], emissions, Fused.offset(a) + at, dEmissions, at, dPairs, dFirst, dLast);
                for (int t = 0; t < lengths[b]; t++) {
                    int d = tags[b][t];
                    loss -= emissions[Fused.offset(a) + at + t * K + d];
                    dEmissions[at + t * K + d] -= 1;
                    if (t > 0) {
                        loss -= scores.pairs()[tags[b][t - 1] * K + d];
                        dPairs[tags[b][t - 1] * K + d] -= 1;
                    }
                }
                int begin = tags[b][0];
                int end = tags[b][lengths[b] - 1];
                loss -= scores.first()[begin] + scores.last()[end];
                dFirst[begin] -= 1;
                dLast[end] -= 1;
            }
        }
        int batch = Math.max(1, lengths.length);
        return Fused.operation(
                "crf", new float[] {(float) (loss / batch)}, new int[0], List.of(a, pairs, first, last), g -> {
                    add(a, dEmissions, g[0] / batch);
                    add(pairs, dPairs, g[0] / batch);
                    add(first, dFirst, g[0] / batch);
                    add(last, dLast, g[0] / batch);
                });
    }

    private static void add(Tensor x, double[] derivative, double factor) {
        float[] wanted = Fused.gradient(x);
        if (wanted != null) {
            for (int n = 0; n < derivative.length; n++) {
                wanted[n] += (float) (derivative[n] * factor);
            }
        }
    }

    /** The most probable tags of each sequence (Viterbi), as many as its length. */
    public List<int[]> best(Tensor a, int... lengths) {
        float[] emissions = require("crf best", a, lengths);
        CrfPaths.Scores scores = scores();
        List<int[]> all = new ArrayList<>();
        for (int b = 0; b < lengths.length; b++) {
            all.add(CrfPaths.best(scores, lengths[b], emissions, Fused.offset(a) + b * a.size(1) * a.size(2)));
        }
        return all;
    }

    /**
     * How probable each tag is at each step, over all sequences, [B×T×K]; 0 behind an end. Without a gradient.
     *
     * <p>The most probable tags one by one ({@code Labels.best} of these) are right most often; {@link #best} is the one
     * most probable sequence. Where a field is unsure they differ: many sequences with a span somewhere hereabouts may each
     * be less probable than the one without any.
     */
    public Tensor marginals(Tensor a, int... lengths) {
        float[] emissions = require("crf marginals", a, lengths);
        int K = first.size();
        CrfPaths.Scores scores = scores();
        double[] p = new double[a.size()];
        for (int b = 0; b < lengths.length; b++) {
            if (lengths[b] > 0) {
                int at = b * a.size(1) * K;
                CrfPaths.logPartition(
                        scores,
                        lengths[b],
                        emissions,
                        Fused.offset(a) + at,
                        p,
                        at,
                        new double[K * K],
                        new double[K],
                        new double[K]);
            }
        }
        float[] shares = new float[p.length];
        for (int n = 0; n < p.length; n++) {
            shares[n] = (float) p[n];
        }
        return Tensor.wrap(shares, a.shape());
    }

    private CrfPaths.Scores scores() {
        int K = first.size();
        double[] p = pairs.toDoubles();
        double[] f = first.toDoubles();
        if (constraint != null) {
            for (int i = 0; i < K; i++) {
                f[i] = constraint.begins(i) ? f[i] : Double.NEGATIVE_INFINITY;
                for (int j = 0; j < K; j++) {
                    p[i * K + j] = constraint.follows(i, j) ? p[i * K + j] : Double.NEGATIVE_INFINITY;
                }
            }
        }
        return new CrfPaths.Scores(K, p, f, last.toDoubles());
    }

    private float[] require(String operation, Tensor a, int... lengths) {
        Ragged.require(operation, a, lengths);
        if (a.size(2) != first.size()) {
            throw new IllegalArgumentException(
                    operation + ": emissions " + a.shapeText() + " for " + first.size() + " tags");
        }
        float[] values = Fused.array(a);
        int stride = a.size(1) * a.size(2);
        for (int b = 0; b < lengths.length; b++) {
            for (int n = 0; n < lengths[b] * a.size(2); n++) {
                float v = values[Fused.offset(a) + b * stride + n];
                if (!Float.isFinite(v)) {
                    throw new IllegalArgumentException(operation + ": emission " + v + " at step " + n / a.size(2)
                            + " of sequence " + b + "; emissions must be finite numbers");
                }
            }
        }
        return values;
    }

    private void requireTags(int sequence, int length, int... tags) {
        if (tags.length < length) {
            throw new IllegalArgumentException(
                    "crf: " + tags.length + " tags for the " + length + " steps of sequence " + sequence);
        }
        for (int t = 0; t < length; t++) {
            if (tags[t] < 0 || tags[t] >= first.size()) {
                throw new IllegalArgumentException("crf: tag " + tags[t] + " at step " + t + " of sequence " + sequence
                        + " is outside 0.." + (first.size() - 1));
            }
            if (constraint != null
                    && !(t == 0 ? constraint.begins(tags[0]) : constraint.follows(tags[t - 1], tags[t]))) {
                throw new IllegalArgumentException("crf: the constraint forbids the tags "
                        + Arrays.toString(Arrays.copyOf(tags, length)) + " of sequence " + sequence + " at step " + t);
            }
        }
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("pairs", pairs).and("first", first).and("last", last);
    }
}
