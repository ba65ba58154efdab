package org.carousel.recurrent.images;

import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.sigmoid;
import static org.carousel.tensor.Tensor.tanh;

import java.util.ArrayList;
import java.util.List;
import org.carousel.layers.Initializer;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * The two-dimensional LSTM: every place of an image sees the places above it and to its left, each with a forget gate of
 * its own.
 *
 * <pre>
 * net = W x + R_u h_up + R_l h_left + b                               i, f_u, f_l, z, o below each other
 * i = σ(net_i + p_iu c_up + p_il c_left)    f_u = σ(net_fu + p_fu c_up)    f_l = σ(net_fl + p_fl c_left)
 * c = i tanh(net_z) + f_u c_up + f_l c_left
 * o = σ(net_o + p_o c)      h = o tanh(c)
 * </pre>
 *
 * <p>Beyond the edges h and c are 0. Places on one diagonal from the lower left to the upper right do not see each other
 * and are computed together. {@link Directions} runs four of them, one from each corner.
 *
 * <p>Source: Graves, Fernández, Schmidhuber: Multi-dimensional recurrent neural networks, ICANN 2007, arXiv:0705.2011,
 * section 2.2. Differs from the paper in: tanh for its logistic functions of range (-1, 1) and (-2, 2).
 *
 * @param W input weights [5H×I]
 * @param up weights from above [5H×H]
 * @param left weights from the left [5H×H]
 * @param b bias [5H]
 * @param p peepholes [5H]: iu, il, fu, fl, o
 */
public record MultidimensionalLstm(Tensor W, Tensor up, Tensor left, Tensor b, Tensor p) implements Layer {
    /** Marks the parameters. */
    public MultidimensionalLstm {
        for (Tensor parameter : new Tensor[] {W, up, left, b, p}) {
            parameter.requiresGradient();
        }
    }

    /** Glorot and orthogonal weights, peepholes 0, biases 0 and 1 for both forget gates. */
    public static MultidimensionalLstm of(int inputSize, int hiddenSize, RandomStream random) {
        Tensor[] W = new Tensor[5];
        Tensor[] up = new Tensor[5];
        Tensor[] left = new Tensor[5];
        for (int gate = 0; gate < 5; gate++) {
            RandomStream own = random.split(gate);
            W[gate] = Initializer.glorot().matrix(hiddenSize, inputSize, own.split("W"));
            up[gate] = Initializer.orthogonal().matrix(hiddenSize, hiddenSize, own.split("up"));
            left[gate] = Initializer.orthogonal().matrix(hiddenSize, hiddenSize, own.split("left"));
        }
        float[] bias = new float[5 * hiddenSize];
        java.util.Arrays.fill(bias, hiddenSize, 3 * hiddenSize, 1);
        return new MultidimensionalLstm(
                Tensor.concat(0, W),
                Tensor.concat(0, up),
                Tensor.concat(0, left),
                Tensor.wrap(bias, 5 * hiddenSize),
                Tensor.zeros(5 * hiddenSize));
    }

    /** H. */
    public int hiddenSize() {
        return up.size(1);
    }

    /**
     * The equations, for places that do not see each other.
     *
     * @param x inputs [N×I]
     * @param above h and c of the place above each [N×H]
     * @param before h and c of the place to the left
     */
    public Lstm.State step(Tensor x, Lstm.State above, Lstm.State before) {
        Tensor net = linear(x, W)
                .plus(linear(above.h(), up))
                .plus(linear(before.h(), left))
                .plus(b);
        Tensor i = sigmoid(part(net, 0).plus(p(0).times(above.c())).plus(p(1).times(before.c())));
        Tensor fUp = sigmoid(part(net, 1).plus(p(2).times(above.c())));
        Tensor fLeft = sigmoid(part(net, 2).plus(p(3).times(before.c())));
        Tensor z = tanh(part(net, 3));
        Tensor c = i.times(z).plus(fUp.times(above.c())).plus(fLeft.times(before.c()));
        Tensor o = sigmoid(part(net, 4).plus(p(4).times(c)));
        return new Lstm.State(o.times(tanh(c)), c);
    }

    private Tensor part(Tensor net, int gate) {
        return net.slice(1, gate * hiddenSize(), (gate + 1) * hiddenSize());
    }

    private Tensor p(int peephole) {
        return p.slice(0, peephole * hiddenSize(), (peephole + 1) * hiddenSize());
    }

    /**
     * The whole image from its upper left corner.
     *
     * @param image [B×rows×columns×I]
     * @return h [B×rows×columns×H]
     */
    public Tensor run(Tensor image) {
        if (image.rank() != 4 || image.size(3) != W.size(1)) {
            throw new IllegalArgumentException("multidimensional lstm: image " + image.shapeText()
                    + " must be [batch×rows×columns×" + W.size(1) + "]");
        }
        int batch = image.size(0);
        int rows = image.size(1);
        int columns = image.size(2);
        Tensor x = image.reshape(batch * rows * columns, W.size(1));
        List<Tensor> h = new ArrayList<>();
        int[] place = new int[batch * rows * columns]; // where the result of each place stands among the diagonals
        int done = 0;
        Lstm.State diagonal = zeros(0, batch);
        for (int d = 0; d < rows + columns - 1; d++) {
            int first = Math.max(0, d - columns + 1); // the rows of this diagonal
            int last = Math.min(rows - 1, d);
            int[] inputs = new int[(last - first + 1) * batch];
            for (int r = first, n = 0; r <= last; r++) {
                for (int k = 0; k < batch; k++, n++) {
                    inputs[n] = (k * rows + r) * columns + d - r;
                    place[inputs[n]] = done + n;
                }
            }
            int firstBefore = Math.max(0, d - columns);
            int lastBefore = Math.min(rows - 1, d - 1);
            Lstm.State above = rows(diagonal, firstBefore, lastBefore, first - 1, last - 1, batch);
            Lstm.State before = rows(diagonal, firstBefore, lastBefore, first, last, batch);
            diagonal = step(x.rows(inputs), above, before);
            h.add(diagonal.h());
            done += inputs.length;
        }
        return Tensor.concat(0, h.toArray(new Tensor[0])).rows(place).reshape(batch, rows, columns, hiddenSize());
    }

    /** Rows from..to of a diagonal that has rows first..last, zeros where it has none. */
    private Lstm.State rows(Lstm.State diagonal, int first, int last, int from, int to, int batch) {
        int begin = Math.max(from, first);
        int end = Math.min(to, last);
        if (begin > end) {
            return zeros(to - from + 1, batch);
        }
        Lstm.State head = zeros(begin - from, batch);
        Lstm.State tail = zeros(to - end, batch);
        int a = (begin - first) * batch;
        int z = (end - first + 1) * batch;
        return new Lstm.State(
                Tensor.concat(0, head.h(), diagonal.h().slice(0, a, z), tail.h()),
                Tensor.concat(0, head.c(), diagonal.c().slice(0, a, z), tail.c()));
    }

    private Lstm.State zeros(int count, int batch) {
        Tensor zero = Tensor.zeros(count * batch, hiddenSize());
        return new Lstm.State(zero, zero);
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("W", W).and("up", up).and("left", left).and("b", b).and("p", p);
    }

    /**
     * Four of them, one from each corner, so that every place knows the whole image.
     *
     * @param corners upper left, upper right, lower left, lower right
     */
    public record Directions(List<MultidimensionalLstm> corners) implements Layer {
        /** Four of one size with weights of their own. */
        public static Directions of(int inputSize, int hiddenSize, RandomStream random) {
            List<MultidimensionalLstm> corners = new ArrayList<>();
            for (int k = 0; k < 4; k++) {
                corners.add(MultidimensionalLstm.of(inputSize, hiddenSize, random.split(k)));
            }
            return new Directions(corners);
        }

        /** image [B×rows×columns×I] gives [B×rows×columns×4H]. */
        public Tensor run(Tensor image) {
            Tensor[] all = new Tensor[4];
            for (int k = 0; k < 4; k++) {
                boolean rows = k >= 2;
                boolean columns = k % 2 == 1;
                all[k] = Images.flip(corners.get(k).run(Images.flip(image, rows, columns)), rows, columns);
            }
            return Tensor.concat(3, all);
        }

        @Override
        public Parameters parameters() {
            Parameters all = Parameters.none();
            for (int k = 0; k < 4; k++) {
                all = all.and(Integer.toString(k), corners.get(k));
            }
            return all;
        }
    }
}
