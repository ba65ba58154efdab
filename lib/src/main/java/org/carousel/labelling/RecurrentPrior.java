package org.carousel.labelling;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Sequence;
import org.carousel.tensor.Tensor;

/**
 * A recurrent language model as the prior of a decoder: what a network that guesses the next label holds for likely.
 *
 * <pre>
 * s_0 = cell(e(begin)),  s_u = cell(e(l_u), s_(u-1))        ln p(next | l_1 .. l_u) = ln softmax(W s_u + b)[next]
 * </pre>
 *
 * <p>It is the character model of a text: an embedding, a cell, an affine map. Its tokens are the labels of the decoder. One
 * of them begins every text; the blank, which no reading contains, can serve.
 *
 * <p>What was asked is kept, at most {@value #KEPT} beginnings, so that a longer beginning costs one step. An instance
 * belongs to one thread, and to weights that do not change.
 *
 * @param <S> the state of the cell
 */
public final class RecurrentPrior<S> implements CtcDecoder.Prior {
    private static final int KEPT = 20_000;

    private final Embedding embedding;
    private final Cell<S> cell;
    private final Affine head;
    private final int begin;
    private final Map<List<Integer>, Read<S>> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Integer>, Read<S>> eldest) {
            return size() > KEPT;
        }
    };

    private record Read<S>(S state, double[] log) {}

    /**
     * A prior of a model.
     *
     * @param embedding [V×E]
     * @param cell E to H
     * @param head H to V
     * @param begin the token that stands before every text, 0..V-1
     */
    public RecurrentPrior(Embedding embedding, Cell<S> cell, Affine head, int begin) {
        int tokens = embedding.table().size(0);
        if (begin < 0 || begin >= tokens) {
            throw new IllegalArgumentException(
                    "prior: the token " + begin + " that begins is outside 0.." + (tokens - 1));
        }
        this.embedding = embedding;
        this.cell = cell;
        this.head = head;
        this.begin = begin;
    }

    @Override
    public double logProbability(List<Integer> beginning, int next) {
        double[] log = read(beginning).log();
        if (next < 0 || next >= log.length) {
            throw new IllegalArgumentException("prior: label " + next + " is outside 0.." + (log.length - 1));
        }
        return log[next];
    }

    private Read<S> read(List<Integer> beginning) {
        int from = beginning.size(); // the longest beginning that is known
        Read<S> last = known.get(beginning);
        while (last == null && from > 0) {
            last = known.get(beginning.subList(0, --from));
        }
        if (last == null) {
            last = step(begin, cell.initial(1));
            known.put(List.of(), last);
        }
        for (int u = from; u < beginning.size(); u++) {
            last = step(beginning.get(u), last.state());
            known.put(List.copyOf(beginning.subList(0, u + 1)), last);
        }
        return last;
    }

    private Read<S> step(int token, S state) {
        return Tensor.withoutGradient(() -> {
            Sequence<S> one = cell.run(embedding.apply(new int[][] {{token}}), state);
            Tensor logits = head.apply(cell.output(one.last()));
            return new Read<>(one.last(), Tensor.logSoftmax(logits).toDoubles());
        });
    }
}
