package org.carousel.embedding.counting;

import java.util.List;
import org.carousel.fuzzing.Reader;
import org.carousel.fuzzing.Sealed;
import org.carousel.tensor.RandomStream;

/** GloVe in training. */
public final class FuzzedGlove {
    private FuzzedGlove() {}

    /** The one reader. */
    public static Reader reader() {
        SparseMatrix counts =
                CountMatrices.cooccurrence(List.of(new int[] {0, 1, 2, 1, 0}), 3, 2, CountMatrices.Distance.HARMONIC);
        Glove glove = Glove.of(counts, 2, 10, 0.05, RandomStream.of(1));
        glove.epoch();
        return Reader.of(
                "GloVe in training",
                List.of(Sealed.content(glove::save)),
                List.of(),
                content -> Sealed.read(content, (in, size) -> glove.read(in)));
    }
}
