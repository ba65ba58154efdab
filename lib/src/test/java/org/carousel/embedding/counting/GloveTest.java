package org.carousel.embedding.counting;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.carousel.Refusals;
import org.carousel.embedding.counting.CountMatrices.Distance;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loss by hand, its gradient against differences, and what training makes of small counts. */
class GloveTest {
    private static final int V = 40;
    private static final int D = 19;

    private static SparseMatrix counts() {
        RandomStream random = RandomStream.of(5);
        List<int[]> sentences = IntStream.range(0, 200)
                .mapToObj(s -> IntStream.range(0, 9)
                        .map(i -> (int) (V * random.nextDouble() * random.nextDouble()))
                        .toArray())
                .toList();
        return CountMatrices.cooccurrence(sentences, V, 4, Distance.HARMONIC);
    }

    /** J in double, with one number of w, c, b or d moved. */
    private static double loss(Glove glove, SparseMatrix counts, int kind, int at, double shift) {
        double[][] parameters = {
            glove.wordMatrix().toDoubles(),
            glove.contextMatrix().toDoubles(),
            Tensor.of(glove.wordBiases()).toDoubles(),
            Tensor.of(glove.contextBiases()).toDoubles()
        };
        parameters[kind][at] += shift;
        double[] sum = new double[1];
        counts.forEach((i, j, x) -> {
            double e = parameters[2][i] + parameters[3][j] - Math.log(x);
            for (int k = 0; k < D; k++) {
                e += parameters[0][i * D + k] * parameters[1][j * D + k];
            }
            sum[0] += 0.5 * Math.min(1, Math.pow(x / 10, 0.75)) * e * e;
        });
        return sum[0];
    }

    @Test
    void theLossIsThatOfThePaper() {
        SparseMatrix counts = counts();
        Glove glove = Glove.of(counts, D, 10, 0.05, RandomStream.of(1));
        assertEquals(loss(glove, counts, 0, 0, 0) / counts.nonZeros(), glove.loss(), 1e-6);
        glove.epoch();
        assertEquals(loss(glove, counts, 0, 0, 0) / counts.nonZeros(), glove.loss(), 1e-6);
        assertEquals(1, glove.epochs());
    }

    @Test
    void trainsOnWithItsFileAndNoFurtherThanAsked(@TempDir Path folder) throws IOException {
        SparseMatrix counts = counts();
        Path file = folder.resolve("glove");
        Glove whole = Glove.of(counts, D, 10, 0.05, RandomStream.of(1));
        Glove.of(counts, D, 10, 0.05, RandomStream.of(1)).train(2, file, Duration.ofDays(1));
        Glove rest = Glove.of(counts, D, 10, 0.05, RandomStream.of(1));
        rest.train(3, file, Duration.ZERO);
        assertEquals(List.of(whole.epoch(), whole.epoch(), whole.epoch()), rest.losses());
        assertArrayEquals(whole.wordMatrix().toArray(), rest.wordMatrix().toArray());
        byte[] saved = Files.readAllBytes(file);
        rest.train(3, file, Duration.ZERO);
        assertEquals(3, rest.epochs(), "all is done");
        assertArrayEquals(saved, Files.readAllBytes(file));
        Refusals.assertMessage("3 epochs are done, and 2 are asked for", () -> rest.train(2, file, Duration.ZERO));
    }

    @Test
    void goesOnAfterSavingWithTheSameBits(@TempDir Path folder) throws IOException {
        SparseMatrix counts = counts();
        Glove whole = Glove.of(counts, D, 10, 0.05, RandomStream.of(1));
        whole.epoch();
        Path file = folder.resolve("glove");
        whole.save(file);
        double second = whole.epoch();
        Glove resumed = Glove.of(counts, D, 10, 0.05, RandomStream.of(1));
        resumed.resume(file);
        assertEquals(1, resumed.epochs());
        assertEquals(second, resumed.epoch());
        assertArrayEquals(whole.wordMatrix().toArray(), resumed.wordMatrix().toArray());
        assertArrayEquals(whole.contextBiases(), resumed.contextBiases());

        Glove other = Glove.of(counts, D, 10, 0.05, RandomStream.of(2));
        assertThrows(IllegalArgumentException.class, () -> other.resume(file), "other random numbers");
        Glove faster = Glove.of(counts, D, 10, 0.06, RandomStream.of(1));
        assertThrows(IllegalArgumentException.class, () -> faster.resume(file), "another learning rate");
        byte[] bytes = Files.readAllBytes(file);
        float[] before = resumed.wordBiases();
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 9));
        assertThrows(IllegalArgumentException.class, () -> resumed.resume(file), "cut off");
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        assertThrows(IllegalArgumentException.class, () -> resumed.resume(file), "a changed bit");
        assertArrayEquals(before, resumed.wordBiases(), "bad files change nothing");
    }

    @Test
    void theFirstStepIsTheGradientTimesTheLearningRate() {
        // one count only, so that one epoch is one step; AdaGrad divides the first by 1
        int i = 3;
        int j = 5;
        SparseMatrix one = SparseMatrix.of(Tensor.zeros(7, 7)
                .plus(Tensor.oneHot(new int[] {i}, 7)
                        .transpose()
                        .matmul(Tensor.oneHot(new int[] {j}, 7))
                        .times(4)));
        assertEquals(1, one.nonZeros());
        Glove before = Glove.of(one, D, 10, 0.25, RandomStream.of(2));
        Glove after = Glove.of(one, D, 10, 0.25, RandomStream.of(2));
        after.epoch();
        List<ToDoubleFunction<Glove>> moved = List.of(
                g -> g.wordMatrix().get(i, 4),
                g -> g.contextMatrix().get(j, 4),
                g -> g.wordBiases()[i],
                g -> g.contextBiases()[j]);
        int[] places = {i * D + 4, j * D + 4, i, j};
        for (int kind = 0; kind < 4; kind++) {
            double numeric =
                    (loss(before, one, kind, places[kind], 1e-4) - loss(before, one, kind, places[kind], -1e-4)) / 2e-4;
            double step =
                    moved.get(kind).applyAsDouble(before) - moved.get(kind).applyAsDouble(after);
            assertEquals(0.25 * numeric, step, 1e-6, "kind " + kind);
            assertTrue(Math.abs(numeric) > 1e-3, "kind " + kind + " has a gradient of " + numeric);
        }
        assertArrayEquals(
                before.wordMatrix().select(0, 2).toArray(),
                after.wordMatrix().select(0, 2).toArray());
    }

    @Test
    void laterStepsAreDividedByTheRootOfTheSquares() {
        SparseMatrix one = SparseMatrix.of(Tensor.of(3f).reshape(1, 1));
        Glove glove = Glove.of(one, 1, 100, 0.5, RandomStream.of(2));
        double w = glove.wordMatrix().item();
        double c = glove.contextMatrix().item();
        double b = glove.wordBiases()[0];
        double d = glove.contextBiases()[0];
        double p = 1;
        double q = 1;
        double r = 1;
        double s = 1;
        double f = Math.pow(0.03, 0.75);
        for (int step = 0; step < 5; step++) {
            double e = 0.5 * f * (w * c + b + d - Math.log(3));
            double wStep = e * c;
            double cStep = e * w;
            w -= wStep / Math.sqrt(p);
            c -= cStep / Math.sqrt(q);
            b -= e / Math.sqrt(r);
            d -= e / Math.sqrt(s);
            p += wStep * wStep;
            q += cStep * cStep;
            r += e * e;
            s += e * e;
            glove.epoch();
        }
        assertEquals(w, glove.wordMatrix().item(), 1e-6);
        assertEquals(c, glove.contextMatrix().item(), 1e-6);
        assertEquals(b, glove.wordBiases()[0], 1e-6);
        assertEquals(d, glove.contextBiases()[0], 1e-6);
    }

    @Test
    void trainingLowersTheLossAndASeedRepeatsIt() {
        Glove glove = Glove.of(counts(), D, 10, 0.05, RandomStream.of(1));
        Glove same = Glove.of(counts(), D, 10, 0.05, RandomStream.of(1));
        double first = glove.epoch();
        double last = first;
        same.epoch();
        for (int epoch = 0; epoch < 20; epoch++) {
            double loss = glove.epoch();
            assertTrue(loss < last, loss + " after " + last);
            last = loss;
            same.epoch();
            same.loss(); // a look changes nothing
        }
        assertTrue(last < first / 5, first + " to " + last);
        List<String> words = IntStream.range(0, V).mapToObj(i -> "w" + i).toList();
        assertArrayEquals(
                glove.vectors(words).matrix().toArray(),
                same.vectors(words).matrix().toArray());
        assertEquals(
                glove.wordMatrix().get(3, 2) + glove.contextMatrix().get(3, 2),
                glove.vectors(words).vector("w3")[2]);
    }

    @Test
    void impossibleArgumentsAreRefused() {
        RandomStream random = RandomStream.of(1);
        SparseMatrix counts = counts();
        assertThrows(IllegalArgumentException.class, () -> Glove.of(counts, 0, 10, 0.05, random));
        assertThrows(IllegalArgumentException.class, () -> Glove.of(counts, 2, 0, 0.05, random));
        assertThrows(IllegalArgumentException.class, () -> Glove.of(counts, 2, 10, Double.NaN, random));
        SparseMatrix negative = counts.map((i, j, x) -> -x);
        assertThrows(IllegalArgumentException.class, () -> Glove.of(negative, 2, 10, 0.05, random));
        SparseMatrix none = counts.map((i, j, x) -> 0);
        assertThrows(IllegalArgumentException.class, () -> Glove.of(none, 2, 10, 0.05, random));
        Glove wild = Glove.of(counts.map((i, j, x) -> x * 1e30), 2, 10, 1e30, random);
        assertThrows(ArithmeticException.class, () -> {
            for (int epoch = 0; epoch < 5; epoch++) {
                wild.epoch();
            }
        });
    }
}
