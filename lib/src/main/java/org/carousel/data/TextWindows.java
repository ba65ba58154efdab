package org.carousel.data;

import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.IntStream;

/**
 * Cuts a long sequence of tokens into consecutive windows for truncated backpropagation through time.
 *
 * <p>The sequence is laid out in {@code batch} rows of {@code count·steps} tokens, one after the other, and window k is
 * the k-th stretch of {@code steps} columns:
 *
 * <pre>
 * inputs of window k,  row b, step t = tokens[(b·count + k)·steps + t]   [batch×steps]
 * targets of window k, row b, step t = the token after it                 [batch×steps]
 * count = (tokens - 1) / (batch·steps), rounded down
 * </pre>
 *
 * <p>So row b of window k+1 continues row b of window k, and the state that a network has at the end of one window is
 * the state to start the next with. Each of the first {@code count·batch·steps} tokens is an input exactly once; of the
 * rest, at most {@code batch·steps} tokens, only the first is used, as the last target.
 */
public final class TextWindows implements Iterable<TextWindows.Window> {
    private final int[] tokens;
    private final int batch;
    private final int steps;
    private final int count;

    private TextWindows(int[] tokens, int batch, int steps, int count) {
        this.tokens = tokens;
        this.batch = batch;
        this.steps = steps;
        this.count = count;
    }

    /**
     * The windows of a sequence.
     *
     * @param tokens at least {@code batch·steps + 1} tokens; copied
     * @param batch number of rows, at least 1
     * @param steps tokens of a row in one window, at least 1
     * @throws IllegalArgumentException if batch or steps is not positive, or there are too few tokens for one window
     */
    public static TextWindows of(int[] tokens, int batch, int steps) {
        if (batch < 1 || steps < 1) {
            throw new IllegalArgumentException(
                    "text windows: batch " + batch + " and steps " + steps + " must both be at least 1");
        }
        long needed = (long) batch * steps + 1;
        if (tokens.length < needed) {
            throw new IllegalArgumentException(
                    "text windows: %s, but one window of batch %d × steps %d needs at least %d (each input has the next token as target)"
                            .formatted(
                                    tokens.length == 0 ? "there are no tokens" : "only " + tokens.length + " tokens",
                                    batch,
                                    steps,
                                    needed));
        }
        return new TextWindows(tokens.clone(), batch, steps, (int) ((tokens.length - 1) / (needed - 1)));
    }

    /** The number of rows of a window. */
    public int batch() {
        return batch;
    }

    /** The number of steps of a window. */
    public int steps() {
        return steps;
    }

    /** The number of windows. */
    public int count() {
        return count;
    }

    /**
     * One window.
     *
     * @throws IllegalArgumentException if k is not in 0 to {@link #count()}-1
     */
    public Window window(int k) {
        if (k < 0 || k >= count) {
            throw new IllegalArgumentException("window: " + k + " is not in 0.." + (count - 1));
        }
        return new Window(cut(k, 0), cut(k, 1));
    }

    /** All windows in order. */
    @Override
    public Iterator<Window> iterator() {
        return IntStream.range(0, count).mapToObj(this::window).iterator();
    }

    private int[][] cut(int k, int shift) {
        int[][] window = new int[batch][];
        for (int b = 0; b < batch; b++) {
            int from = (b * count + k) * steps + shift;
            window[b] = Arrays.copyOfRange(tokens, from, from + steps);
        }
        return window;
    }

    /**
     * One window, cut out afresh: the arrays are the caller's own.
     *
     * @param inputs the tokens [batch×steps]
     * @param targets the token that follows each input [batch×steps]
     */
    public record Window(int[][] inputs, int[][] targets) {}
}
