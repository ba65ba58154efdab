package org.carousel.training.trials;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.carousel.fuzzing.Reader;
import org.carousel.fuzzing.Sealed;

/** Damaged files of a study. */
public final class FuzzedStudy {
    private FuzzedStudy() {}

    private record Scores(double loss, int epochs, String note) {}

    /** The one reader. */
    public static Reader reader() {
        Space space = Space.of(
                Parameter.logUniform("rate", 1e-3, 1),
                Parameter.whole("cells", 2, 20),
                Parameter.inTurn("cell", "vanilla", "a, b"));
        Study<Scores> study = Study.of(
                space,
                Scores.class,
                (c, seed) -> new Scores(c.number("rate"), c.whole("cells"), "\"" + c.text("cell")));
        byte[] file = Sealed.written(path -> {
            try {
                Files.delete(path);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            study.run(3, path);
        });
        return Reader.of(
                "study",
                List.of(file),
                List.of("\"", ",", "\n0,", "diverged", "ok"),
                content -> Sealed.in(content, path -> study.run(1, path)));
    }
}
