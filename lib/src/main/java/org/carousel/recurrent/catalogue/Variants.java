package org.carousel.recurrent.catalogue;

import java.util.ArrayList;
import java.util.List;
import org.carousel.recurrent.Activation;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.ConvLstm;
import org.carousel.recurrent.DecayingContext;
import org.carousel.recurrent.Elman;
import org.carousel.recurrent.Gru;
import org.carousel.recurrent.Irnn;
import org.carousel.recurrent.Jordan;
import org.carousel.recurrent.LayerNormLstm;
import org.carousel.recurrent.Lstm;
import org.carousel.recurrent.LstmForm;
import org.carousel.recurrent.LstmVariant;
import org.carousel.recurrent.MLstm;
import org.carousel.recurrent.MemoryBlocks;
import org.carousel.recurrent.ProjectedLstm;
import org.carousel.recurrent.SLstm;
import org.carousel.recurrent.compact.IndRnn;
import org.carousel.recurrent.compact.Janet;
import org.carousel.recurrent.compact.Mgu;
import org.carousel.recurrent.compact.Mut;
import org.carousel.recurrent.compact.RecurrentHighway;
import org.carousel.recurrent.images.GridLstm;
import org.carousel.recurrent.linear.DiagonalStateSpace;
import org.carousel.recurrent.linear.LinearAttention;
import org.carousel.recurrent.linear.MinGru;
import org.carousel.recurrent.linear.MinLstm;
import org.carousel.tensor.RandomStream;

/** The catalogue: every recurrent cell of this library, with its paper and its equations. */
public final class Variants {
    private static final String GREFF = "Greff et al. 2017, arXiv:1503.04069";
    private static final String JKU = "Hochreiter, LSTM lecture notes";

    private Variants() {}

    /** Makes a cell. */
    @FunctionalInterface
    public interface Factory {
        /** A cell with I inputs and H outputs. */
        Cell<?> of(int inputSize, int hiddenSize, RandomStream random);
    }

    /**
     * One entry.
     *
     * @param name how it is called in the field
     * @param paper where it comes from
     * @param latex its equations
     * @param factory makes one
     */
    public record Variant(String name, String paper, String latex, Factory factory) {
        /** A cell with I inputs and H outputs. */
        public Cell<?> cell(int inputSize, int hiddenSize, RandomStream random) {
            return factory.of(inputSize, hiddenSize, random);
        }

        @Override
        public String toString() {
            return name + " (" + paper + ")";
        }
    }

    /** Greff's vanilla LSTM and its eight variants, in the order of the paper. */
    public static List<Variant> greff() {
        LstmForm vanilla = LstmForm.vanilla();
        return List.of(
                lstm("vanilla", GREFF, vanilla),
                lstm("NIG", GREFF, vanilla.noInputGate()),
                lstm("NFG", GREFF, vanilla.noForgetGate()),
                lstm("NOG", GREFF, vanilla.noOutputGate()),
                lstm("NIAF", GREFF, vanilla.blockInput(Activation.identity())),
                lstm("NOAF", GREFF, vanilla.output(Activation.identity())),
                lstm("CIFG", GREFF, vanilla.coupled()),
                lstm("NP", GREFF, vanilla.peepholes(LstmForm.Peepholes.NONE)),
                lstm("FGR", GREFF, vanilla.fullGateRecurrence()));
    }

    /** Everything that is an {@link LstmForm}. */
    public static List<Variant> family() {
        LstmForm plain = LstmForm.vanilla().peepholes(LstmForm.Peepholes.NONE);
        LstmForm focused = plain.focused().noForgetGate();
        List<Variant> all = new ArrayList<>(greff());
        all.add(lstm(
                "peephole 2000",
                "Gers, Schmidhuber 2000, doi:10.1109/IJCNN.2000.861302",
                LstmForm.vanilla().peepholes(LstmForm.Peepholes.FORWARD).output(Activation.identity())));
        all.add(lstm("focused", JKU, focused));
        all.add(lstm("lightweight", JKU, focused.noOutputGate()));
        all.add(lstm(
                "linear g and h", JKU, plain.blockInput(Activation.identity()).output(Activation.identity())));
        all.add(lstm(
                "scaled g and h",
                "Hochreiter, Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735",
                plain.blockInput(Activation.scaledTanh(2, 0.5)).output(Activation.scaledTanh(1, 0.5))));
        all.add(lstm("sigmoid g", JKU, plain.blockInput(Activation.sigmoid())));
        all.add(lstm("fully connected gates", JKU, plain.fullGateRecurrence()));
        return all;
    }

    private static Variant lstm(String name, String paper, LstmForm form) {
        return new Variant(
                name, paper, form.latex(), (inputs, hidden, random) -> LstmVariant.of(form, inputs, hidden, random));
    }

    /** All cells. */
    public static List<Variant> all() {
        List<Variant> all = new ArrayList<>();
        all.add(new Variant(
                "Elman",
                "Elman 1990, doi:10.1207/s15516709cog1402_1",
                "h_t = \\tanh(W x_t + R h_{t-1} + b)",
                Elman::of));
        all.add(new Variant(
                "Jordan",
                "Jordan 1986",
                "h_t = \\tanh(W x_t + U y_{t-1} + b),\\quad y_t = \\sigma(V h_t + a)",
                (inputs, hidden, random) -> Jordan.of(inputs, hidden + 1, hidden, random)));
        all.add(new Variant(
                "IRNN",
                "Le et al. 2015, arXiv:1504.00941",
                "h_t = \\max(0, W x_t + R h_{t-1} + b),\\quad R_0 = 1",
                Irnn::of));
        all.add(new Variant(
                "decaying context",
                "Mozer 1989, Complex Systems 3",
                "c_t = d \\odot c_{t-1} + \\tanh(W x_t + b)",
                (inputs, hidden, random) -> DecayingContext.of(inputs, hidden, 0.9, random)));
        all.add(new Variant(
                "LSTM 1997",
                "Hochreiter, Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735",
                "c_t = c_{t-1} + i_t\\, g(W_c s_t),\\quad h_t = o_t\\, h(c_t),\\quad s_t = [x_t, h_{t-1}, i_{t-1}, o_{t-1}]",
                (inputs, hidden, random) -> MemoryBlocks.of1997(
                                inputs, hidden, 1, true, org.carousel.layers.Initializer.uniform(0.5), random)
                        .fullGradient()));
        all.add(new Variant(
                "LSTM 2000, forget gate",
                "Gers et al. 2000, doi:10.1162/089976600300015015",
                "c_t = f_t\\, c_{t-1} + i_t\\, g(W_c s_t),\\quad h_t = o_t\\, h(c_t),\\quad s_t = [x_t, h_{t-1}]",
                (inputs, hidden, random) -> MemoryBlocks.withForgetGate(
                                inputs, hidden, 1, org.carousel.layers.Initializer.uniform(0.5), random)
                        .fullGradient()));
        all.add(new Variant(
                "LSTM",
                "Gers et al. 2000, doi:10.1162/089976600300015015",
                LstmForm.vanilla().peepholes(LstmForm.Peepholes.NONE).latex(),
                Lstm::of));
        all.addAll(family());
        all.add(new Variant(
                "projected LSTM",
                "Sak et al. 2014, arXiv:1402.1128",
                "c_t = f_t \\odot c_{t-1} + i_t \\odot z_t,\\quad h_t = P\\,(o_t \\odot \\tanh(c_t))",
                (inputs, hidden, random) -> ProjectedLstm.of(inputs, 2 * hidden, hidden, random)));
        all.add(gru("GRU", "n_t = \\tanh(W_n x_t + b_n + r_t \\odot (R_n h_{t-1} + a_n))", true));
        all.add(gru("GRU, reset before", "n_t = \\tanh(W_n x_t + b_n + R_n (r_t \\odot h_{t-1}))", false));
        all.add(new Variant(
                "layer-normalised LSTM",
                "Ba et al. 2016, arXiv:1607.06450",
                "(i, f, z, o)_t = \\mathrm{LN}(W x_t) + \\mathrm{LN}(R h_{t-1}) + b,\\quad h_t = \\sigma(o_t) \\odot \\tanh(\\mathrm{LN}(c_t))",
                LayerNormLstm::of));
        all.add(new Variant(
                "ConvLSTM",
                "Shi et al. 2015, arXiv:1506.04214",
                "c_t = f_t \\odot c_{t-1} + i_t \\odot \\tanh(W_z * x_t + R_z * h_{t-1} + b_z)",
                (inputs, hidden, random) -> ConvLstm.of(1, inputs, 1, 1, 1, 3, true, random)));
        all.add(new Variant(
                "Grid LSTM",
                "Kalchbrenner et al. 2016, arXiv:1507.01526",
                "H = [h_{time}, h_{depth}],\\quad m' = f \\odot m + i \\odot z,\\quad h' = \\tanh(o \\odot m')",
                (inputs, hidden, random) -> GridLstm.of(inputs, hidden, 2, false, random)));
        all.add(new Variant(
                "sLSTM",
                "Beck et al. 2024, arXiv:2405.04517",
                "i_t = \\exp(\\tilde i_t),\\quad c_t = f_t c_{t-1} + i_t z_t,\\quad n_t = f_t n_{t-1} + i_t,\\quad h_t = o_t\\, c_t / n_t",
                SLstm::of));
        all.add(new Variant(
                "mLSTM",
                "Beck et al. 2024, arXiv:2405.04517",
                "C_t = f_t C_{t-1} + i_t v_t k_t^\\top,\\quad h_t = o_t \\odot C_t q_t / \\max(|n_t^\\top q_t|, 1)",
                MLstm::of));
        all.addAll(compact());
        all.addAll(linear());
        return all;
    }

    /** Small cells with one state: fewer gates than an LSTM, or weights of another shape. */
    public static List<Variant> compact() {
        String jozefowicz = "Jozefowicz et al. 2015, ICML";
        String mutated = ",\\quad h_t = n_t \\odot z_t + h_{t-1} \\odot (1 - z_t)";
        return List.of(
                new Variant(
                        "MGU",
                        "Zhou et al. 2016, arXiv:1603.09420",
                        "f_t = \\sigma(W_f x_t + R_f h_{t-1} + b_f),\\quad h_t = (1 - f_t) \\odot h_{t-1} + f_t \\odot \\tanh(W_z x_t + R_z (f_t \\odot h_{t-1}) + b_z)",
                        Mgu::of),
                new Variant(
                        "JANET",
                        "van der Westhuizen, Lasenby 2018, arXiv:1804.04849",
                        "s_t = W_f x_t + R_f h_{t-1} + b_f,\\quad h_t = \\sigma(s_t) \\odot h_{t-1} + (1 - \\sigma(s_t - 1)) \\odot \\tanh(W_z x_t + R_z h_{t-1} + b_z)",
                        Janet::of),
                new Variant(
                        "MUT1",
                        jozefowicz,
                        "z_t = \\sigma(W_z x_t + b_z),\\quad n_t = \\tanh(R_n (r_t \\odot h_{t-1}) + \\tanh(W_n x_t) + b_n)"
                                + mutated,
                        Mut::mut1),
                new Variant(
                        "MUT2",
                        jozefowicz,
                        "z_t = \\sigma(W_z x_t + R_z h_{t-1} + b_z),\\quad n_t = \\tanh(R_n (r_t \\odot h_{t-1}) + W_n x_t + b_n)"
                                + mutated,
                        Mut::mut2),
                new Variant(
                        "MUT3",
                        jozefowicz,
                        "z_t = \\sigma(W_z x_t + R_z \\tanh(h_{t-1}) + b_z),\\quad n_t = \\tanh(R_n (r_t \\odot h_{t-1}) + W_n x_t + b_n)"
                                + mutated,
                        Mut::mut3),
                new Variant(
                        "IndRNN",
                        "Li et al. 2018, arXiv:1803.04831",
                        "h_t = \\max(0, W x_t + u \\odot h_{t-1} + b)",
                        IndRnn::of),
                new Variant(
                        "recurrent highway",
                        "Zilly et al. 2017, arXiv:1607.03474",
                        "s^0 = h_{t-1},\\quad s^l = z^l \\odot g^l + s^{l-1} \\odot (1 - g^l),\\quad h_t = s^L",
                        (inputs, hidden, random) -> RecurrentHighway.of(inputs, hidden, 2, random)));
    }

    /** Recurrences linear in their state, with a parallel form. */
    public static List<Variant> linear() {
        return List.of(
                new Variant(
                        "minGRU",
                        "Feng et al. 2024, arXiv:2410.01201",
                        "z_t = \\sigma(W_z x_t + b_z),\\quad h_t = (1 - z_t) \\odot h_{t-1} + z_t \\odot (W_n x_t + b_n)",
                        MinGru::of),
                new Variant(
                        "minLSTM",
                        "Feng et al. 2024, arXiv:2410.01201",
                        "h_t = \\frac{f_t}{f_t + i_t} \\odot h_{t-1} + \\frac{i_t}{f_t + i_t} \\odot (W_z x_t + b_z)",
                        MinLstm::of),
                new Variant(
                        "diagonal state space",
                        "Gu et al. 2022, arXiv:2206.11893",
                        "s_t = a \\odot s_{t-1} + \\tfrac{a - 1}{A} \\odot u_t,\\quad a = e^{\\Delta A},\\quad h_t = \\sum_N C \\odot s_t + D \\odot u_t",
                        (inputs, hidden, random) -> DiagonalStateSpace.of(inputs, hidden, 4, random)),
                new Variant(
                        "linear attention",
                        "Katharopoulos et al. 2020, arXiv:2006.16236",
                        "S_t = S_{t-1} + \\phi(k_t) v_t^\\top,\\quad h_t = S_t^\\top \\phi(q_t) / \\textstyle\\sum_u \\phi(k_u)^\\top \\phi(q_t)",
                        LinearAttention::of));
    }

    private static Variant gru(String name, String candidate, boolean resetAfter) {
        return new Variant(
                name,
                "Cho et al. 2014, arXiv:1406.1078",
                candidate + ",\\quad h_t = (1 - z_t) \\odot n_t + z_t \\odot h_{t-1}",
                (inputs, hidden, random) -> Gru.of(inputs, hidden, resetAfter, random));
    }

    /**
     * The entry of a name.
     *
     * @throws IllegalArgumentException when there is none, listing the names there are
     */
    public static Variant named(String name) {
        List<String> names = new ArrayList<>();
        for (Variant variant : all()) {
            if (variant.name().equals(name)) {
                return variant;
            }
            names.add(variant.name());
        }
        throw new IllegalArgumentException("variants: no " + name + "; there are " + names);
    }
}
