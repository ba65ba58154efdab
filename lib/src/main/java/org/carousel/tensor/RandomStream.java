package org.carousel.tensor;

import java.nio.charset.StandardCharsets;

/**
 * The one source of random numbers: SplitMix64, the same numbers on every machine and every JDK.
 *
 * <p>The state advances by the golden-ratio increment and is mixed by Stafford's variant 13 of the MurmurHash3
 * finaliser:
 *
 * <pre>
 * s ← s + 0x9e3779b97f4a7c15
 * r = mix(s),  mix(z): z ^= z >>> 30; z *= 0xbf58476d1ce4e5b9; z ^= z >>> 27; z *= 0x94d049bb133111eb; z ^= z >>> 31
 * </pre>
 *
 * <p>{@link #split} makes a stream that depends only on this stream's seed and the name, not on how many numbers were
 * drawn: adding a draw in one place leaves every other stream as it was.
 *
 * <p>Source: Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014, doi:10.1145/2660193.2660195.
 */
public final class RandomStream {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private final long seed;
    private long state;
    private double spareGaussian = Double.NaN;

    private RandomStream(long seed) {
        this.seed = seed;
        this.state = seed;
    }

    /** The stream of a seed. Every seed is allowed. */
    public static RandomStream of(long seed) {
        return new RandomStream(seed);
    }

    /**
     * Where a stream is, so that a program that was stopped can go on with the next number.
     *
     * @param seed what the stream and its parts come from
     * @param state s in the equation above
     * @param spare the second of a pair of normal numbers, NaN when there is none waiting
     */
    public record State(long seed, long state, double spare) {}

    /** Where this stream is now. */
    public State state() {
        return new State(seed, state, spareGaussian);
    }

    /**
     * Goes on where {@link #state} was taken: the next number is the one that came next then.
     *
     * @throws IllegalArgumentException when it is the state of a stream of another seed
     */
    public void restore(State then) {
        if (then.seed != seed) {
            throw new IllegalArgumentException(
                    "restore: this stream has the seed " + seed + ", the state is one of seed " + then.seed);
        }
        state = then.state;
        spareGaussian = then.spare;
    }

    /** An independent stream for the part of the program called {@code name}. */
    public RandomStream split(String name) {
        long hash = 0;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = mix(hash + GOLDEN_GAMMA + b);
        }
        return split(hash);
    }

    /** An independent stream for the {@code index}-th of several equal parts. */
    public RandomStream split(long index) {
        return new RandomStream(mix(mix(seed) ^ mix(index + GOLDEN_GAMMA)));
    }

    /** 64 random bits. */
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /**
     * An integer in [0, bound), without bias.
     *
     * @throws IllegalArgumentException when {@code bound} is not positive
     */
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("nextInt: bound " + bound + " must be at least 1");
        }
        // Of 2^31 values the last incomplete round is thrown away: a remainder alone would favour small results.
        int limit = Integer.MAX_VALUE - (int) ((1L << 31) % bound);
        int bits = (int) (nextLong() >>> 33);
        while (bits > limit) {
            bits = (int) (nextLong() >>> 33);
        }
        return bits % bound;
    }

    /** An integer in [from, to). */
    public int nextInt(int from, int to) {
        if (from >= to) {
            throw new IllegalArgumentException("nextInt: range [" + from + ", " + to + ") is empty");
        }
        return from + nextInt(Math.subtractExact(to, from));
    }

    /** A number in [0, 1) with 53 random bits. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** A number in [0, 1) with 24 random bits. */
    public float nextFloat() {
        return (nextLong() >>> 40) * 0x1.0p-24f;
    }

    /** True with probability one half. */
    public boolean nextBoolean() {
        return nextLong() < 0;
    }

    /** A number from the normal distribution of mean 0 and standard deviation 1 (Box-Muller, with StrictMath). */
    public double nextGaussian() {
        if (!Double.isNaN(spareGaussian)) {
            double result = spareGaussian;
            spareGaussian = Double.NaN;
            return result;
        }
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
        double angle = 2 * Math.PI * nextDouble();
        spareGaussian = radius * StrictMath.sin(angle);
        return radius * StrictMath.cos(angle);
    }

    /** The numbers 0 .. n-1 in random order. */
    public int[] permutation(int n) {
        int[] result = new int[n];
        for (int i = 0; i < n; i++) {
            int j = nextInt(i + 1);
            result[i] = result[j];
            result[j] = i;
        }
        return result;
    }

    /**
     * An index drawn with the given weights.
     *
     * @param weights not negative, at least one positive; they need not sum to 1
     */
    public int choose(float... weights) {
        double total = 0;
        for (float w : weights) {
            if (!(w >= 0)) {
                throw new IllegalArgumentException("choose: weight " + w + " is not a number of 0 or more");
            }
            total += w;
        }
        if (!(total > 0) || Double.isInfinite(total)) {
            throw new IllegalArgumentException("choose: weights sum to " + total + "; at least one must be positive");
        }
        double left = nextDouble() * total;
        int last = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                last = i;
                left -= weights[i];
                if (left < 0) {
                    return i;
                }
            }
        }
        return last; // rounding can leave a crumb of the last weight
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
