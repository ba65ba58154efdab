package org.carousel.embedding.word2vec;

import java.util.List;
import org.carousel.embedding.text.Corpus;
import org.carousel.fuzzing.Reader;
import org.carousel.fuzzing.Sealed;

/** Word vectors in training. */
public final class FuzzedModel {
    private FuzzedModel() {}

    /** The one reader. */
    public static Reader reader() {
        Corpus corpus = Corpus.ofText("a b c d", "b c d a", "d c b a a a");
        Word2Vec small = Word2Vec.skipGram().dimension(3).minimumCount(1).epochs(2);
        return Reader.of(
                "word2vec in training",
                List.of(
                        content(small, corpus),
                        content(small.subwords(new Subwords(2, 3, 7)), corpus),
                        content(small.hierarchicalSoftmax().architecture(Word2Vec.Architecture.CBOW), corpus)),
                List.of("SKIP_GRAM", "CBOW"),
                content -> Sealed.read(content, Word2VecFile::read));
    }

    private static byte[] content(Word2Vec config, Corpus corpus) {
        return Sealed.content(config.train(corpus)::save);
    }
}
