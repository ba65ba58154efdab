package org.carousel.training.learning;

import java.util.Arrays;
import org.carousel.recurrent.Cell;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Elementwise;
import org.carousel.tensor.internal.kernels.Kernels;

/** UORO for any cell, by differentiating its step. */
final class UoroLearner<S> extends StateLearner {
    private final StateVector<S> vector;
    private final WeightVector weights;
    private final StepHistory step;
    private final RandomStream random;
    private Tensor state;
    private float[][] u = {}; // [B][S]
    private float[][] v = {}; // [B][|θ|]

    private UoroLearner(Cell<S> cell, RandomStream random) {
        super("uoro", cell);
        this.random = random;
        vector = new StateVector<>(cell);
        weights = new WeightVector(cell.parameters());
        step = new StepHistory(vector);
        state = vector.initial(1);
    }

    static <S> UoroLearner<S> of(Cell<S> cell, RandomStream random) {
        return new UoroLearner<>(cell, random);
    }

    @Override
    void start(int sequences) {
        state = vector.initial(sequences);
        u = new float[sequences][vector.size()];
        v = new float[sequences][weights.size()];
    }

    @Override
    Tensor step(Tensor x, boolean[] flags) {
        step.clear();
        Tensor before = state;
        state = step.add(x, before, flags);
        int s = vector.size();
        float[][] kept = weights.setAside();
        for (int b = 0; b < flags.length; b++) {
            if (flags[b]) {
                float[] ju = jacobianTimes(x.slice(0, b, b + 1), before.slice(0, b, b + 1), u[b]);
                float[] seed = new float[flags.length * s];
                for (int k = 0; k < s; k++) {
                    seed[b * s + k] = random.nextBoolean() ? 1 : -1;
                }
                step.back(Tensor.wrap(seed, flags.length, s));
                float[] direct = new float[weights.size()];
                weights.take(direct, 0, 1);
                mix(u[b], v[b], ju, Arrays.copyOfRange(seed, b * s, b * s + s), direct);
            }
        }
        weights.putBack(kept);
        step.clear();
        return vector.output(state).detach();
    }

    /** J u, one row of J for each copy of the state. */
    private float[] jacobianTimes(Tensor x, Tensor before, float[] own) {
        int s = vector.size();
        boolean[] all = new boolean[s];
        Arrays.fill(all, true);
        int[] diagonal = new int[s];
        Arrays.setAll(diagonal, k -> k);
        Tensor copies = before.rows(new int[s]).detach().requiresGradient();
        vector.step(x.rows(new int[s]), copies, all).backward(Tensor.oneHot(diagonal, s));
        float[] ju = new float[s];
        if (copies.hasGradient()) {
            Kernels.active().rowDots(s, s, Fused.gradientBuffer(copies), 0, s, own, 0, ju, 0);
        }
        float[] discarded = new float[weights.size()];
        weights.take(discarded, 0, 1);
        return ju;
    }

    /** u ← ρ₀ J u + ρ₁ ν and v ← v / ρ₀ + νᵀM / ρ₁. */
    private static void mix(float[] u, float[] v, float[] ju, float[] nu, float[] direct) {
        float past = ratio(v, ju);
        float fresh = ratio(direct, nu);
        Arrays.fill(u, 0);
        Kernels.active().addScaled(u.length, past, ju, 0, u, 0);
        Kernels.active().addScaled(u.length, fresh, nu, 0, u, 0);
        Elementwise.scale(v.length, 1 / past, v, 0);
        Kernels.active().addScaled(v.length, 1 / fresh, direct, 0, v, 0);
    }

    /** √(‖a‖ / ‖b‖), or 1 when one of them is 0: every choice is unbiased. */
    private static float ratio(float[] a, float[] b) {
        double above = Math.sqrt(Elementwise.sumOfSquares(a.length, a, 0));
        double below = Math.sqrt(Elementwise.sumOfSquares(b.length, b, 0));
        return above == 0 || below == 0 ? 1 : (float) Math.sqrt(above / below);
    }

    @Override
    void correct(Tensor error, boolean[] flags) {
        Tensor delta = vector.error(state, error);
        int s = vector.size();
        float[] dot = new float[1];
        for (int b = 0; b < u.length; b++) {
            Kernels.active().rowDots(1, s, u[b], 0, s, Fused.array(delta), Fused.offset(delta) + b * s, dot, 0);
            float[] part = v[b].clone();
            Elementwise.scale(part.length, dot[0], part, 0);
            weights.add(part);
        }
    }

    @Override
    public void collect() {
        // every error was paid when it was taught
    }

    @Override
    public long kept() {
        return (long) u.length * (2L * vector.size() + weights.size());
    }
}
