package org.carousel.tools.odyssey;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.carousel.training.trials.Study;

/**
 * Runs the trials of chapter 11, or those of them that are still missing:
 *
 * <pre>
 * java -cp CLASS-PATH org.carousel.tools.odyssey.RunOdyssey FOLDER TRIALS
 * </pre>
 *
 * <p>The three tasks take turns, nine trials each, one for every cell: whenever it is stopped, all have had the same number.
 */
public final class RunOdyssey {
    private static final int CELLS = 9;

    private RunOdyssey() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int trials = Integer.parseInt(arguments[1]);
        Map<String, Study<Odyssey.Scores>> studies = new LinkedHashMap<>();
        for (String task : List.of("music", "ink", "speech")) {
            studies.put(task, study(task).listener((result, progress) -> {
                double seconds = Odyssey.SECONDS.getOrDefault(result.seed(), Double.NaN);
                append(
                        folder.resolve(task + ".log"),
                        String.format(Locale.ROOT, "trial %d, %.2f s of the processor%n", result.number(), seconds));
                System.out.printf(Locale.ROOT, "%s %s %.2f s %s%n", task, progress, seconds, result.outcome());
            }));
        }
        for (int until = CELLS; until < trials + CELLS; until += CELLS) {
            for (Map.Entry<String, Study<Odyssey.Scores>> study : studies.entrySet()) {
                study.getValue().run(Math.min(until, trials), folder.resolve(study.getKey() + ".csv"));
            }
        }
    }

    static Study<Odyssey.Scores> study(String task) {
        return Study.of(Odyssey.space(), Odyssey.Scores.class, new Odyssey(task)).seed(11);
    }

    private static void append(Path file, String text) {
        try {
            Files.write(
                    file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
