package org.carousel.tensor.internal.kernels;

/**
 * What loops cost, in operations of a matrix product: {@link Parallel} shares work among threads from a number of such
 * operations on, which is where handing it over begins to pay.
 *
 * <p>{@link #COPY} and {@link #ADD} were measured beside products on large arrays: what is bound by memory takes as long
 * as many operations that are not. The others are counted: the operations of the loop, 8 or so for each value of a
 * function; too large a number by half costs a few microseconds, once per call.
 */
public final class Costs {
    /** To copy an element of a large array. */
    public static final long COPY = 72;
    /** To add an element of a large array to a sum. */
    public static final long ADD = 36;
    /** An element of softmax with cross-entropy, forward. */
    public static final long CROSS_ENTROPY = 30;
    /** An element of the gradient of cross-entropy. */
    public static final long CROSS_ENTROPY_GRADIENT = 20;
    /** An element of additive attention, tanh and two sums. */
    public static final long ADDITIVE_SCORE = 24;
    /** An element of the update of a pair of vectors in GloVe, with its square roots. */
    public static final long ADAGRAD_PAIR = 40;
    /** An element of the update of a parameter: several large arrays, read and written. */
    public static final long UPDATE = 100;
    /** An element of a normalised row, forward. */
    public static final long NORM = 16;
    /** A pair of points in t-SNE, weights or pulls. */
    public static final long TSNE_PAIR = 10;
    /** An element of a row that replicas join. */
    public static final long JOIN = 10;

    private Costs() {}
}
