package org.carousel.training;

import java.util.List;
import java.util.Map;
import org.carousel.fuzzing.Reader;
import org.carousel.fuzzing.Sealed;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/** Trainings that were stopped. */
public final class FuzzedTraining {
    private FuzzedTraining() {}

    /** The one reader. */
    public static Reader reader() {
        TrainingState state = new TrainingState(
                Map.of("clipNorm", "1.0"),
                new double[] {1, 2},
                new double[] {3, 4},
                new double[] {1, 1},
                new double[] {5},
                2,
                Map.of("data", RandomStream.of(1).state()),
                Map.of("parameter w", Tensor.of(1, 2, 3, 4).reshape(2, 2), "parameter b", Tensor.zeros(0, 3)));
        return Reader.of(
                "training",
                List.of(Sealed.content(state::save)),
                List.of("parameter w"),
                content -> Sealed.read(content, TrainingState::read));
    }
}
