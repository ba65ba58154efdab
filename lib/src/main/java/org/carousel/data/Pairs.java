package org.carousel.data;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.carousel.tensor.RandomStream;

/**
 * Sources and their targets as token numbers, of any lengths.
 *
 * @param sources what is read
 * @param targets what is to be written, one for every source
 */
public record Pairs(int[][] sources, int[][] targets) {
    /** Checks that every source has a target. */
    public Pairs {
        if (sources.length != targets.length) {
            throw new IllegalArgumentException(
                    "pairs: " + sources.length + " sources and " + targets.length + " targets; one for each is needed");
        }
    }

    /** How many pairs. */
    public int size() {
        return sources.length;
    }

    /** The pairs of these numbers. */
    public Pairs select(int... numbers) {
        IntFunction<int[]> source = n -> sources[n];
        IntFunction<int[]> target = n -> targets[n];
        return new Pairs(
                Arrays.stream(numbers).mapToObj(source).toArray(int[][]::new),
                Arrays.stream(numbers).mapToObj(target).toArray(int[][]::new));
    }

    /** A batch of pairs drawn evenly, each anew. */
    public Pairs sample(RandomStream random, int batch) {
        int[] numbers = new int[batch];
        Arrays.setAll(numbers, b -> random.nextInt(size()));
        return select(numbers);
    }

    /** Pairs {@code from} to {@code to}, without the last. */
    public Pairs range(int from, int to) {
        return new Pairs(Arrays.copyOfRange(sources, from, to), Arrays.copyOfRange(targets, from, to));
    }
}
