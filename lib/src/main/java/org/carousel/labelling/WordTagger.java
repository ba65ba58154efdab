package org.carousel.labelling;

import java.util.List;
import org.carousel.layers.Dropout;
import org.carousel.layers.Embedding;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Bidirectional;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Labels for the words of a sentence. A word comes in twice: as a whole, from a table, and as its spelling, which a small
 * bidirectional LSTM reads, so that a word never seen before still says something by its ending or its capital.
 *
 * <pre>
 * x_t = [e(w_t), →s(last character), ←s(first character)]        a = {@link FrameTagger}(x)
 * </pre>
 *
 * <p>A batch spells each of its different words once.
 *
 * <p>Sources: Ling et al.: Finding function in form, EMNLP 2015, arXiv:1508.02096; Lample et al. 2016, arXiv:1603.01360,
 * section 4; Plank, Søgaard, Goldberg 2016, arXiv:1604.05529.
 *
 * @param words [V×E]
 * @param characters [C×E']
 * @param spelling reads the characters
 * @param tagger E + 2H' to K
 */
public record WordTagger(Embedding words, Embedding characters, Bidirectional<?> spelling, FrameTagger tagger)
        implements Layer {
    /**
     * The sizes of a tagger.
     *
     * @param wordSize E, of the vector of a word
     * @param characterSize E', of the vector of a character
     * @param spellingSize H', cells of each direction that read the characters
     * @param hiddenSize H, cells of each direction that read the words
     * @param depth layers that read the words
     */
    public record Sizes(int wordSize, int characterSize, int spellingSize, int hiddenSize, int depth) {}

    /** Checks that the sizes fit together. */
    public WordTagger {
        int in = words.table().size(1) + spelling.hiddenSize();
        if (spelling.forward().inputSize() != characters.table().size(1)
                || tagger.stack().inputSize() != in) {
            throw new IllegalArgumentException(
                    "word tagger: spelling reads " + spelling.forward().inputSize()
                            + " values of characters of " + characters.table().size(1) + ", the stack "
                            + tagger.stack().inputSize() + " of words and spellings of " + in);
        }
    }

    /** A tagger of K labels for the words of a lexicon. */
    public static WordTagger of(Lexicon lexicon, Sizes sizes, int labels, RandomStream random) {
        RandomStream spell = random.split("spelling");
        return new WordTagger(
                new Embedding(Tensor.normal(random.split("words"), 0.1, lexicon.words(), sizes.wordSize())),
                new Embedding(
                        Tensor.normal(random.split("characters"), 0.1, lexicon.characters(), sizes.characterSize())),
                new Bidirectional<>(
                        Lstm.of(sizes.characterSize(), sizes.spellingSize(), spell.split("forward")),
                        Lstm.of(sizes.characterSize(), sizes.spellingSize(), spell.split("backward"))),
                FrameTagger.of(
                        sizes.wordSize() + 2 * sizes.spellingSize(),
                        sizes.hiddenSize(),
                        sizes.depth(),
                        labels,
                        random.split("tagger")));
    }

    /** What the stack reads, [B×T×(E+2H')]. */
    public Tensor inputs(Lexicon.Batch batch) {
        Tensor whole = words.apply(batch.words());
        int width = spelling.hiddenSize();
        Tensor all = spelled(spelling, characters.apply(batch.spellings()), batch.spellingLengths());
        Tensor spelt = all.rows(batch.spelledAs()).reshape(batch.words().length, batch.steps(), width);
        return Tensor.concat(2, whole, spelt);
    }

    private static <S> Tensor spelled(Bidirectional<S> both, Tensor x, int... lengths) {
        Bidirectional.Outputs<S> read = both.run(x, lengths);
        return Tensor.concat(
                1, both.forward().output(read.forward()), both.backward().output(read.backward()));
    }

    /** The scores of every word [B×T×K]. */
    public Tensor apply(Lexicon.Batch batch) {
        return tagger.apply(inputs(batch), batch.lengths());
    }

    /** As {@link #apply}, for training: drops inputs of every layer and outputs of the last. */
    public Tensor apply(Lexicon.Batch batch, Dropout dropout, RandomStream random) {
        return tagger.apply(inputs(batch), batch.lengths(), dropout, random);
    }

    /** The most probable label of every word of some sentences, as many as it has words. */
    public List<int[]> best(Lexicon.Batch batch) {
        return Labels.best(Tensor.withoutGradient(() -> apply(batch)), batch.lengths());
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("words", words)
                .and("characters", characters)
                .and("spelling", spelling)
                .and("tagger", tagger);
    }
}
