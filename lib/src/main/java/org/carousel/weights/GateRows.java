package org.carousel.weights;

import static org.carousel.tensor.Tensor.concat;

import java.util.Objects;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one layer, gates below each other: what the layouts of all frameworks come down to.
 *
 * <p>An order of gates is a word of their letters, such as {@code ifzo}.
 *
 * @param W input weights [nH×I]
 * @param R recurrent weights [nH×H]
 * @param b bias [nH]
 * @param a the bias of the recurrent product [nH]; null where there is one bias only
 * @param p peepholes [3H], the gates in the same order without z; null where there are none
 * @param P projection [K×H], then R is [nH×K]; null where there is none
 */
record GateRows(Tensor W, Tensor R, Tensor b, @Nullable Tensor a, @Nullable Tensor p, @Nullable Tensor P) {
    /** The same, copied, with the gates in another order. */
    GateRows reordered(String from, String to) {
        return new GateRows(
                reordered(W, from, to),
                reordered(R, from, to),
                reordered(b, from, to),
                a == null ? null : reordered(a, from, to),
                p == null ? null : reordered(p, seeing(from), seeing(to)),
                P == null ? null : reordered(P, "h", "h"));
    }

    private static Tensor reordered(Tensor rows, String from, String to) {
        int size = rows.size(0) / from.length();
        Tensor[] parts = new Tensor[to.length()];
        for (int k = 0; k < parts.length; k++) {
            int at = from.indexOf(to.charAt(k)) * size;
            parts[k] = rows.slice(0, at, at + size);
        }
        return concat(0, parts);
    }

    /** Of the gates of an LSTM, those that see the cell state. */
    static String seeing(String gates) {
        return gates.replace("z", "");
    }

    /** The sum of both biases. */
    Tensor bias() {
        return a == null ? b : b.plus(a);
    }

    /** a, or zeros. */
    Tensor secondBias() {
        return a == null ? Tensor.zeros(b.size()) : a;
    }

    /** P, of a layer that has it. */
    Tensor projection() {
        return Objects.requireNonNull(P);
    }

    /** p, of a layer that has it. */
    Tensor peepholes() {
        return Objects.requireNonNull(p);
    }
}
