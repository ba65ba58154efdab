package org.carousel.tools.odyssey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.carousel.tensor.RandomStream;
import org.carousel.training.trials.Result;
import org.carousel.training.trials.Study;

/**
 * Runs the trials of chapter 11, or those of them that are still missing:
 *
 * <pre>
 * java -cp CLASS-PATH org.carousel.tools.odyssey.RunOdyssey FOLDER TRIALS
 * </pre>
 *
 * <p>The three tasks take turns, nine trials each, one for every cell: whenever it is stopped, all have had the same number.
 * Beside the results it notes the processor's time of each trial.
 *
 * <pre>
 * java -cp CLASS-PATH org.carousel.tools.odyssey.RunOdyssey FOLDER again COUNT SEED
 * </pre>
 *
 * <p>draws so many trials of the files at random, runs them once more, and ends with an error if a bit is different.
 */
public final class RunOdyssey {
    private static final int CELLS = 9;
    private static final List<String> TASKS = List.of("music", "ink", "speech");

    private RunOdyssey() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path folder = Path.of(arguments[0]);
        if (arguments[1].equals("again")) {
            again(folder, Integer.parseInt(arguments[2]), RandomStream.of(Long.parseLong(arguments[3])));
            return;
        }
        int trials = Integer.parseInt(arguments[1]);
        Map<String, Study<Odyssey.Scores>> studies = new LinkedHashMap<>();
        for (String task : TASKS) {
            studies.put(task, study(task).listener((result, progress) -> {
                double seconds = Odyssey.SECONDS.getOrDefault(result.seed(), Double.NaN);
                append(
                        folder.resolve(task + "-seconds.csv"),
                        String.format(Locale.ROOT, "%d,%.2f%n", result.number(), seconds));
                System.out.printf(Locale.ROOT, "%s %s %.2f s %s%n", task, progress, seconds, result.outcome());
            }));
        }
        for (int until = CELLS; until < trials + CELLS; until += CELLS) {
            for (Map.Entry<String, Study<Odyssey.Scores>> study : studies.entrySet()) {
                study.getValue().run(Math.min(until, trials), folder.resolve(study.getKey() + ".csv"));
            }
        }
    }

    private static void again(Path folder, int count, RandomStream random) throws InterruptedException {
        int different = 0;
        for (int n = 0; n < count; n++) {
            String task = TASKS.get(n % TASKS.size());
            Path file = folder.resolve(task + ".csv");
            int lines = lines(file);
            List<Result<Odyssey.Scores>> results = study(task).run(lines, file);
            Result<Odyssey.Scores> result = results.get(random.nextInt(lines));
            Result<Odyssey.Scores> once = study(task).again(result);
            boolean same = once.equals(result);
            different += same ? 0 : 1;
            System.out.printf(
                    "%s trial %d, %s: %s%n",
                    task, result.number(), result.settings(), same ? "the same bits" : "different: " + once);
        }
        System.out.printf("%d of %d the same%n", count - different, count);
        if (different > 0) {
            System.exit(1);
        }
    }

    /** Trials in a whole file of results. */
    private static int lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return (int) lines.count() - 2;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Study<Odyssey.Scores> study(String task) {
        return Study.of(Odyssey.space(), Odyssey.Scores.class, new Odyssey(task))
                .seed(11);
    }

    private static void append(Path file, String text) {
        try {
            if (Files.notExists(file)) {
                Files.write(file, "trial,seconds\n".getBytes(StandardCharsets.UTF_8));
            }
            Files.write(
                    file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
