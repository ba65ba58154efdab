package org.carousel.recurrent.images;

import static org.carousel.tensor.Tensor.concat;
import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.sigmoid;
import static org.carousel.tensor.Tensor.tanh;

import java.util.ArrayList;
import java.util.List;
import org.carousel.layers.Affine;
import org.carousel.layers.Initializer;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * The Grid LSTM over time and depth: LSTM memory also from layer to layer.
 *
 * <pre>
 * block of layer l and step t:   H = [h_time, h_depth]
 *   i, f, z, o = σ(W_i H + b_i), σ(W_f H + b_f), tanh(W_z H + b_z), σ(W_o H + b_o)     for time and for depth
 *   m' = f ⊙ m + i ⊙ z        h' = tanh(o ⊙ m')
 * </pre>
 *
 * <p>The time part goes to step t+1 of the same layer, the depth part to layer l+1 of the same step. x_t enters the
 * depth side of the first layer, and the h of the last layer's depth side is the output. With {@code tied} weights all
 * layers are one.
 *
 * <p>Source: Kalchbrenner, Danihelka, Graves: Grid long short-term memory, ICLR 2016, arXiv:1507.01526, section 3.
 */
public final class GridLstm implements Cell<GridLstm.State> {
    private final Affine project; // x to [h m] of the depth side
    private final List<Side> time;
    private final List<Side> depth;
    private final int layers;

    /**
     * What is carried from step to step: the time side of every layer.
     *
     * @param time h and m of each layer [B×H]
     * @param out h of the last layer's depth side [B×H]
     */
    public record State(List<Lstm.State> time, Tensor out) {}

    /**
     * The LSTM of one dimension.
     *
     * @param W [4H×2H]
     * @param b [4H]
     */
    private record Side(Tensor W, Tensor b) {
        static Side of(int hiddenSize, RandomStream random) {
            Tensor[] W = new Tensor[4];
            for (int gate = 0; gate < 4; gate++) {
                W[gate] = Initializer.glorot().matrix(hiddenSize, 2 * hiddenSize, random.split(gate));
            }
            float[] b = new float[4 * hiddenSize];
            java.util.Arrays.fill(b, hiddenSize, 2 * hiddenSize, 1);
            return new Side(
                    concat(0, W).requiresGradient(), Tensor.wrap(b, b.length).requiresGradient());
        }

        Lstm.State step(Tensor H, Tensor m) {
            int n = m.size(1);
            Tensor net = linear(H, W).plus(b);
            Tensor i = sigmoid(net.slice(1, 0, n));
            Tensor f = sigmoid(net.slice(1, n, 2 * n));
            Tensor z = tanh(net.slice(1, 2 * n, 3 * n));
            Tensor o = sigmoid(net.slice(1, 3 * n, 4 * n));
            Tensor next = f.times(m).plus(i.times(z));
            return new Lstm.State(tanh(o.times(next)), next);
        }
    }

    private GridLstm(Affine project, List<Side> time, List<Side> depth, int layers) {
        this.project = project;
        this.time = time;
        this.depth = depth;
        this.layers = layers;
    }

    /** Glorot weights, biases 0 and 1 for the forget gates. Throws when there is no layer. */
    public static GridLstm of(int inputSize, int hiddenSize, int layers, boolean tied, RandomStream random) {
        if (layers < 1) {
            throw new IllegalArgumentException("grid lstm: " + layers + " layers; must be at least 1");
        }
        List<Side> time = new ArrayList<>();
        List<Side> depth = new ArrayList<>();
        for (int l = 0; l < (tied ? 1 : layers); l++) {
            time.add(Side.of(hiddenSize, random.split("time").split(l)));
            depth.add(Side.of(hiddenSize, random.split("depth").split(l)));
        }
        return new GridLstm(Affine.of(inputSize, 2 * hiddenSize, random.split("in")), time, depth, layers);
    }

    @Override
    public State step(Tensor x, State previous) {
        requireStep(x, previous);
        int n = hiddenSize();
        Tensor in = project.apply(x);
        Lstm.State up = new Lstm.State(in.slice(1, 0, n), in.slice(1, n, 2 * n));
        List<Lstm.State> next = new ArrayList<>();
        for (int l = 0; l < layers; l++) {
            Lstm.State before = previous.time.get(l);
            Tensor H = concat(1, before.h(), up.h());
            next.add(time.get(l % time.size()).step(H, before.c()));
            up = depth.get(l % depth.size()).step(H, up.c());
        }
        return new State(List.copyOf(next), up.h());
    }

    @Override
    public int inputSize() {
        return project.W().size(1);
    }

    @Override
    public int hiddenSize() {
        return project.b().size() / 2;
    }

    @Override
    public State initial(int batch) {
        Tensor zero = Tensor.zeros(batch, hiddenSize());
        List<Lstm.State> all = new ArrayList<>();
        for (int l = 0; l < layers; l++) {
            all.add(new Lstm.State(zero, zero));
        }
        return new State(all, zero);
    }

    @Override
    public Tensor output(State state) {
        return state.out;
    }

    @Override
    public List<Tensor> tensors(State state) {
        List<Tensor> all = new ArrayList<>();
        for (Lstm.State layer : state.time) {
            all.add(layer.h());
            all.add(layer.c());
        }
        all.add(state.out);
        return all;
    }

    @Override
    public State state(List<Tensor> tensors) {
        List<Lstm.State> all = new ArrayList<>();
        for (int l = 0; l < layers; l++) {
            all.add(new Lstm.State(tensors.get(2 * l), tensors.get(2 * l + 1)));
        }
        return new State(all, tensors.get(2 * layers));
    }

    @Override
    public Parameters parameters() {
        Parameters all = Parameters.of("in", project);
        for (int l = 0; l < time.size(); l++) {
            all = all.and("time" + l + ".W", time.get(l).W())
                    .and("time" + l + ".b", time.get(l).b());
            all = all.and("depth" + l + ".W", depth.get(l).W())
                    .and("depth" + l + ".b", depth.get(l).b());
        }
        return all;
    }
}
