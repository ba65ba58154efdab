package org.carousel.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.carousel.tensor.RandomStream;
import org.carousel.training.trials.Configuration;
import org.carousel.training.trials.Importance;
import org.carousel.training.trials.Parameter;
import org.carousel.training.trials.Space;

/**
 * Functional ANOVA of 2,000 trials of 12 parameters, here and with Optuna, in turns.
 *
 * <p>Arguments: a Python that has Optuna, the script importance.py, the number of turns. Prints seconds; ours with and without
 * the shares of all 66 pairs, which Optuna does not compute.
 */
public final class ImportanceComparison {
    private static final int TRIALS = 2000;
    private static final int PARAMETERS = 12;

    private ImportanceComparison() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Space space = new Space(IntStream.range(0, PARAMETERS)
                .mapToObj(k -> Parameter.uniform("p" + k, 0, 1))
                .toList());
        List<Configuration> settings = new ArrayList<>();
        double[] values = new double[TRIALS];
        RandomStream random = RandomStream.of(1);
        StringBuilder csv = new StringBuilder(String.join(",", space.names()) + ",value\n");
        for (int n = 0; n < TRIALS; n++) {
            Configuration c = space.draw(n, random);
            settings.add(c);
            double p0 = c.number("p0") - 0.5;
            values[n] =
                    20 * p0 * p0 + c.number("p1") + 4 * c.number("p2") * c.number("p3") + 0.2 * random.nextGaussian();
            space.names().forEach(name -> csv.append(c.text(name)).append(','));
            csv.append(values[n]).append('\n');
        }
        Path file = Files.createTempFile("trials", ".csv");
        Files.write(file, csv.toString().getBytes(StandardCharsets.UTF_8));
        for (int turn = 0; turn < Integer.parseInt(arguments[2]); turn++) {
            long begin = System.nanoTime();
            Importance importance = Importance.of(space, settings, values);
            List<Importance.Share> shares = importance.shares();
            double singles = (System.nanoTime() - begin) * 1e-9;
            List<Importance.Share> pairs = importance.pairs();
            double all = (System.nanoTime() - begin) * 1e-9;
            Process peer = new ProcessBuilder(arguments[0], arguments[1], file.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String[] answer = new String(peer.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split(",");
            if (peer.waitFor() != 0) {
                throw new IllegalStateException(arguments[1] + " failed");
            }
            double seconds = Double.parseDouble(answer[1]);
            System.out.printf(
                    Locale.ROOT,
                    "Carousel %.2f s, with pairs %.2f s; Optuna %s %.2f s: %.1f times, with pairs %.1f times%n",
                    singles,
                    all,
                    answer[0],
                    seconds,
                    seconds / singles,
                    seconds / all);
            if (turn == 0) {
                shares.forEach(s -> System.out.printf(Locale.ROOT, "%.3f ", s.mean()));
                System.out.printf(
                        Locale.ROOT, "p2 × p3 %.3f%n%s%n", pairs.get(11 + 10).mean(), answer[2]);
            }
        }
        Files.delete(file);
    }
}
