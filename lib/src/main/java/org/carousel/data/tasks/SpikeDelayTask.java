package org.carousel.data.tasks;

import java.util.Arrays;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Measuring spike delays: how many steps have passed since the last spike?
 *
 * <p>Tests precise timing: with the delays 49 and 50 a network must tell two intervals apart that differ by one step,
 * without ever seeing a short one. A train starts with a spike; then come n intervals, each of a delay drawn evenly from
 * the set, each ended by a spike:
 *
 * <pre>
 * x       1 0 0 .. 0 1 0 .. 0 1       1 at the steps 0, d₁, d₁ + d₂, ..
 * label   − − − .. − k − .. − k       at the spike that ends an interval, the index of its delay in the set
 * </pre>
 *
 * <p>Elsewhere nothing is asked. With one interval it is a classification of sequences; with more, the network must
 * start to measure anew at each spike.
 *
 * <p>Source: after Gers and Schmidhuber, Recurrent nets that time and count, IJCNN 2000, and Gers, Schraudolph and
 * Schmidhuber, Learning precise timing with LSTM recurrent networks, Journal of Machine Learning Research 3, 2002, who
 * have a network of one output report the delay as a number, in streams that go on; here it is a class, in trains of a
 * given number of intervals.
 */
public final class SpikeDelayTask {
    private final int intervals;
    private final int[] delays;

    private SpikeDelayTask(int intervals, int[] delays) {
        this.intervals = intervals;
        this.delays = delays;
    }

    /**
     * The task.
     *
     * @param intervals n, how many delays a train has, at least 1
     * @param delays the set the delays are from: two or more different ones, each at least 1
     * @throws IllegalArgumentException when there are too few, or one is too small or comes twice
     */
    public static SpikeDelayTask of(int intervals, int... delays) {
        Require.inRange("spike delay", "intervals", intervals, 1, 1 << 20, "delays in one train");
        Require.inRange("spike delay", "number of delays", delays.length, 2, 1 << 10, "such as 49 and 50");
        for (int k = 0; k < delays.length; k++) {
            Require.inRange("spike delay", "delay", delays[k], 1, 1 << 20, "steps from spike to spike");
            for (int other = 0; other < k; other++) {
                if (delays[k] == delays[other]) {
                    throw new IllegalArgumentException("spike delay: delay " + delays[k]
                            + " comes twice; classes are told apart by different delays");
                }
            }
        }
        return new SpikeDelayTask(intervals, delays.clone());
    }

    /** The number of classes: that of the delays. */
    public int classes() {
        return delays.length;
    }

    /**
     * Some trains of spikes.
     *
     * @param batch B, at least 1
     * @return x [B×T×1]; labels [B×T], −1 but at the spikes that end an interval
     * @throws IllegalArgumentException when the batch is empty
     */
    public Labelling batch(RandomStream random, int batch) {
        float[][] trains = new float[Require.batch("batch", batch)][];
        int[][] labels = new int[batch][];
        for (int b = 0; b < batch; b++) {
            int[] classes = new int[intervals];
            int last = 0;
            for (int n = 0; n < intervals; n++) {
                classes[n] = random.nextInt(delays.length);
                last = Math.addExact(last, delays[classes[n]]);
            }
            trains[b] = new float[Math.addExact(last, 1)];
            labels[b] = new int[last + 1];
            Arrays.fill(labels[b], Tensor.IGNORED);
            trains[b][0] = 1;
            int t = 0;
            for (int k : classes) {
                t += delays[k];
                trains[b][t] = 1;
                labels[b][t] = k;
            }
        }
        return new Labelling(Padding.values(trains, 1), Padding.labels(labels), Padding.lengths(labels));
    }
}
