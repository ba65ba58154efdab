package org.carousel.recurrent;

import static org.carousel.tensor.Tensor.sigmoid;
import static org.carousel.tensor.Tensor.tanh;

import java.util.Map;
import org.carousel.layers.Convolution;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.recurrent.internal.LstmCell;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The convolutional LSTM: products become convolutions (∗), so that what moves is treated alike everywhere.
 *
 * <pre>
 * i_t = σ(W_i ∗ x_t + R_i ∗ h_{t-1} + p_i ⊙ c_{t-1} + b_i)
 * f_t = σ(W_f ∗ x_t + R_f ∗ h_{t-1} + p_f ⊙ c_{t-1} + b_f)
 * c_t = f_t ⊙ c_{t-1} + i_t ⊙ tanh(W_z ∗ x_t + R_z ∗ h_{t-1} + b_z)
 * o_t = σ(W_o ∗ x_t + R_o ∗ h_{t-1} + p_o ⊙ c_t + b_o)
 * h_t = o_t ⊙ tanh(c_t)
 * </pre>
 *
 * <p>To other layers it is a cell over flat frames: x_t [B × rows·columns·channels], channels last, and h_t likewise.
 *
 * <p>Source: Shi et al.: Convolutional LSTM network, NIPS 2015, arXiv:1506.04214, eq. (3).
 */
public final class ConvLstm implements LstmCell {
    private final int rows;
    private final int columns;
    private final int channels;
    private final int hiddenChannels;
    private final Convolution both; // W and R side by side: one convolution of [x h]
    private final FusedConvLstm fused;
    private final @Nullable Tensor p; // [3 × rows·columns·hiddenChannels], for i f o

    private ConvLstm(int rows, int columns, int channels, Convolution both, @Nullable Tensor p) {
        this.rows = rows;
        this.columns = columns;
        this.channels = channels;
        this.hiddenChannels = both.b().size() / 4;
        this.both = both;
        this.p = p == null ? null : p.requiresGradient();
        fused = new FusedConvLstm(rows, columns, both, p);
    }

    /**
     * A cell for frames of one size. Glorot weights, peepholes 0, biases 0 and 1 for the forget gate.
     *
     * @param height rows of both kernels, as width; odd
     */
    public static ConvLstm of(
            int rows,
            int columns,
            int channels,
            int hiddenChannels,
            int height,
            int width,
            boolean peepholes,
            RandomStream random) {
        Convolution both = Convolution.of(channels + hiddenChannels, 4 * hiddenChannels, height, width, random);
        both.b().update(b -> java.util.Arrays.fill(b, hiddenChannels, 2 * hiddenChannels, 1));
        Tensor p = peepholes ? Tensor.zeros(3, rows * columns * hiddenChannels) : null;
        return new ConvLstm(rows, columns, channels, both, p);
    }

    /** As one operation, with the bits of the steps. */
    @Override
    public Sequence<Lstm.State> run(Tensor x, Lstm.State initial, int... lengths) {
        requireSequence(x);
        requireStep(x.select(1, 0), initial);
        Ragged.require("conv lstm", x, lengths);
        return fused.run(x, initial, lengths);
    }

    @Override
    public Map<String, Tensor> inspectStep(Tensor x, Lstm.State previous) {
        int batch = x.size(0);
        Tensor h = previous.h().reshape(batch, rows, columns, hiddenChannels);
        Tensor net = both.direct(Tensor.concat(3, x.reshape(batch, rows, columns, channels), h));
        Tensor c = previous.c();
        Tensor i = sigmoid(seen(0, gate(net, Gate.INPUT), c));
        Tensor f = sigmoid(seen(1, gate(net, Gate.FORGET), c));
        Tensor z = tanh(gate(net, Gate.BLOCK_INPUT));
        c = f.times(c).plus(i.times(z));
        Tensor o = sigmoid(seen(2, gate(net, Gate.OUTPUT), c));
        return new Lstm.Activations(i, f, z, o, c, o.times(tanh(c))).byName();
    }

    private Tensor gate(Tensor net, Gate gate) {
        int from = gate.place() * hiddenChannels;
        return net.slice(3, from, from + hiddenChannels).reshape(net.size(0), hiddenSize());
    }

    private Tensor seen(int peephole, Tensor net, Tensor c) {
        return p == null ? net : net.plus(p.select(0, peephole).times(c));
    }

    @Override
    public int inputSize() {
        return rows * columns * channels;
    }

    @Override
    public int hiddenSize() {
        return rows * columns * hiddenChannels;
    }

    @Override
    public Parameters parameters() {
        Parameters all = Parameters.of("WR", both.W()).and("b", both.b());
        return p == null ? all : all.and("p", p);
    }
}
