package org.carousel.attention;

import static org.carousel.tensor.Tensor.concat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Self-attention inside an LSTM: the network keeps all its past states on a tape and reads them at every step, where the
 * plain LSTM knows only the last one.
 *
 * <pre>
 * a_j = vᵀ tanh(W_h h_j + W_x x_t + W_s h̃_{t-1})      how well slot j of the tape fits
 * s   = softmax(a)
 * h̃_t = Σ_j s_j h_j      c̃_t = Σ_j s_j c_j            what is read
 * h_t, c_t = LSTM(x_t, (h̃_t, c̃_t))                    the gates see h̃ for h_{t-1}, and c_t = f ⊙ c̃_t + i ⊙ z_t
 * </pre>
 *
 * <p>With {@link Additive} attention {@code attention.W} is [W_x W_s], whose query is [x_t, h̃_{t-1}]; {@code
 * attention.U} is W_h. Other parameters: {@code attention.v} and those of {@link Lstm} behind {@code lstm.}.
 *
 * <p>The tape begins with one slot of zeros, the state of an LSTM before its first step. With a window of 1 only the
 * last state can be read, and the cell is the plain LSTM.
 *
 * <p>Source: Cheng, Dong, Lapata: Long short-term memory-networks for machine reading, EMNLP 2016, arXiv:1601.06733,
 * section 3.1 (the LSTMN). Differs from the paper in: the slot of zeros stays on the tape, so that a step can choose to
 * read nothing; gates have biases; a window can bound the tape.
 *
 * <p>Time and memory grow with the square of the steps, or with steps times window.
 *
 * @param attention how the tape is read: queries of I+H numbers, sources of H
 * @param lstm the cell that takes what was read for its last state
 * @param window how many slots the tape holds at most, at least 1; the oldest are forgotten
 */
public record TapeLstm(Attention attention, Lstm lstm, int window) implements Cell<TapeLstm.State> {

    /** Checks the window, and that the attention can read the tape. */
    public TapeLstm {
        if (window < 1) {
            throw new IllegalArgumentException("tape lstm: window " + window + "; must be at least 1 slot");
        }
        int querySize = lstm.inputSize() + lstm.hiddenSize();
        try {
            Attention.Memory slot = attention.memory(Tensor.zeros(1, 1, lstm.hiddenSize()));
            attention.scores(Tensor.zeros(1, querySize), slot);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "tape lstm: an LSTM from " + lstm.inputSize() + " to " + lstm.hiddenSize()
                            + " needs attention with queries of " + querySize + " and sources of " + lstm.hiddenSize()
                            + "; " + e.getMessage(),
                    e);
        }
    }

    /** Additive attention of size A and an LSTM with a forget bias of 1; the tape holds all steps. */
    public static TapeLstm of(int inputSize, int hiddenSize, int attentionSize, RandomStream random) {
        return new TapeLstm(
                Additive.of(inputSize + hiddenSize, hiddenSize, attentionSize, random.split("attention")),
                Lstm.of(inputSize, hiddenSize, random.split("lstm")),
                Integer.MAX_VALUE);
    }

    /** The same weights with a tape of at most so many slots. */
    public TapeLstm window(int slots) {
        return new TapeLstm(attention, lstm, slots);
    }

    /**
     * The tape after a step; slots lie in the order of their steps, the newest last.
     *
     * @param h outputs [B×n×H]
     * @param c cell states [B×n×H]
     * @param read h̃, what the last step has read [B×H]
     * @param hidden 0 for slots in use [B×n], and a large negative number for empty ones, which stand in front where the
     *     sequences of a batch have had different numbers of steps
     */
    public record State(Tensor h, Tensor c, Tensor read, Tensor hidden) {
        /** One slot more; the oldest go when there are more than {@code window}. */
        private State and(Lstm.State next, Tensor newRead, int window) {
            int batch = h.size(0);
            Tensor newest = next.h().reshape(batch, 1, h.size(2));
            return new State(
                    newest(window, concat(1, h, newest)),
                    newest(window, concat(1, c, next.c().reshape(batch, 1, c.size(2)))),
                    newRead,
                    newest(window, concat(1, hidden, Tensor.zeros(batch, 1))));
        }

        private static Tensor newest(int window, Tensor slots) {
            int n = slots.size(1);
            return n <= window ? slots : slots.slice(1, n - window, n);
        }

        /** The same tape with so many empty slots in front. */
        private State behindEmpty(int slots) {
            Tensor zeros = Tensor.zeros(h.size(0), slots, h.size(2));
            Tensor never = Tensor.full(Ragged.NEVER, h.size(0), slots);
            return new State(concat(1, zeros, h), concat(1, zeros, c), read, concat(1, never, hidden));
        }
    }

    /** s [B×n]: how much of each slot the input x [B×I] makes the cell read. */
    public Tensor weights(Tensor x, State tape) {
        Attention.Memory slots = new Attention.Memory(tape.h, attention.keys(tape.h), tape.hidden, Ragged.full(tape.h));
        return attention.read(concat(1, x, tape.read), slots).weights();
    }

    @Override
    public State step(Tensor x, State tape) {
        requireStep(x, tape);
        Lstm.State read = read(x, tape);
        return tape.and(lstm.step(x, read), read.h(), window);
    }

    /** h̃ and c̃. */
    private Lstm.State read(Tensor x, State tape) {
        Tensor s = weights(x, tape);
        return new Lstm.State(sum(s, tape.h), sum(s, tape.c));
    }

    /** Σ_j s_j m_j: [B×n], [B×n×H] gives [B×H]. */
    private static Tensor sum(Tensor s, Tensor m) {
        return s.reshape(s.size(0), 1, s.size(1)).matmul(m).reshape(m.size(0), m.size(2));
    }

    /** The gates of the LSTM, and what was read: {@code h_read} is h̃ and {@code c_read} is c̃. */
    @Override
    public Map<String, Tensor> inspectStep(Tensor x, State tape) {
        Lstm.State read = read(x, tape);
        Map<String, Tensor> all = new LinkedHashMap<>(lstm.inspectStep(x, read));
        all.put("h_read", read.h());
        all.put("c_read", read.c());
        return all;
    }

    /**
     * As {@link Cell#inspect}, and the weights {@code s} [B×T×(n+T-1)]: a column for every slot, first those of the
     * initial tape, whose n is 1 for {@link #initial}, then one for every step; 0 for slots that a step cannot see.
     */
    @Override
    public Map<String, Tensor> inspect(Tensor x, State initial) {
        Map<String, Tensor> all = new LinkedHashMap<>(Cell.super.inspect(x, initial));
        all.put("s", Tensor.withoutGradient(() -> {
            int columns = initial.h.size(1) + x.size(1) - 1;
            Tensor[] rows = new Tensor[x.size(1)];
            State state = initial;
            for (int t = 0; t < rows.length; t++) {
                Tensor s = weights(x.select(1, t), state);
                int behind = rows.length - 1 - t; // slots that do not exist yet
                Tensor gone = Tensor.zeros(s.size(0), columns - behind - s.size(1));
                rows[t] = concat(1, gone, s, Tensor.zeros(s.size(0), behind));
                state = step(x.select(1, t), state);
            }
            return Tensor.stack(1, rows);
        }));
        return all;
    }

    @Override
    public State choose(boolean[] rows, State next, State before) {
        State old = before.behindEmpty(next.h.size(1) - before.h.size(1));
        List<Tensor> chosen = new ArrayList<>();
        for (int k = 0; k < tensors(next).size(); k++) {
            chosen.add(Ragged.choose(rows, tensors(next).get(k), tensors(old).get(k)));
        }
        return state(chosen);
    }

    @Override
    public int inputSize() {
        return lstm.inputSize();
    }

    @Override
    public int hiddenSize() {
        return lstm.hiddenSize();
    }

    /** One slot of zeros. */
    @Override
    public State initial(int batch) {
        Tensor slot = Tensor.zeros(batch, 1, hiddenSize());
        return new State(slot, slot, Tensor.zeros(batch, hiddenSize()), Tensor.zeros(batch, 1));
    }

    @Override
    public Tensor output(State tape) {
        return tape.h.select(1, tape.h.size(1) - 1);
    }

    @Override
    public List<Tensor> tensors(State tape) {
        return List.of(tape.h, tape.c, tape.read, tape.hidden);
    }

    @Override
    public State state(List<Tensor> tensors) {
        return new State(tensors.get(0), tensors.get(1), tensors.get(2), tensors.get(3));
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("attention", attention).and("lstm", lstm);
    }
}
