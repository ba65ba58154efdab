package org.carousel.weights;

import static org.carousel.tensor.Tensor.concat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** How a framework stores the weights of a layer: names, shapes, what is transposed and what lies in one tensor. */
enum WeightLayout {
    PYTORCH {
        @Override
        @Nullable
        String text(Kind kind) {
            return switch (kind) {
                case LSTM, GRU, ELMAN ->
                    kind.sized(
                            "weight_ih_l0 [%1$dH×I], weight_hh_l0 [%1$dH×H], bias_ih_l0 [%1$dH], bias_hh_l0 [%1$dH]");
                case PROJECTED ->
                    "weight_ih_l0 [4H×I], weight_hh_l0 [4H×K], bias_ih_l0 [4H], bias_hh_l0 [4H],"
                            + " weight_hr_l0 [K×H]";
                case PEEPHOLES, GRU_RESET_BEFORE -> null;
            };
        }

        @Override
        GateRows read(NamedTensors given, Kind kind) {
            int hiddenSize = given.size("weight_hh_l0", 1);
            boolean projects = kind == Kind.PROJECTED;
            int rows = kind.gates() * (projects ? given.size("weight_hr_l0", 1) : hiddenSize);
            return new GateRows(
                    given.take("weight_ih_l0", rows, given.size("weight_ih_l0", 1)),
                    given.take("weight_hh_l0", rows, hiddenSize),
                    given.takeOrZeros("bias_ih_l0", rows),
                    given.takeOrZeros("bias_hh_l0", rows),
                    null,
                    projects ? given.take("weight_hr_l0", hiddenSize, rows / kind.gates()) : null);
        }

        @Override
        Map<String, Tensor> write(GateRows rows, Kind kind) {
            Map<String, Tensor> named = new LinkedHashMap<>();
            named.put("weight_ih_l0", rows.W());
            named.put("weight_hh_l0", rows.R());
            named.put("bias_ih_l0", rows.b());
            named.put("bias_hh_l0", rows.secondBias());
            if (kind == Kind.PROJECTED) {
                named.put("weight_hr_l0", rows.projection());
            }
            return named;
        }
    },

    KERAS {
        @Override
        @Nullable
        String text(Kind kind) {
            return kind == Kind.PEEPHOLES || kind == Kind.PROJECTED
                    ? null
                    : kind.sized("kernel [I×%1$dH], recurrent_kernel [H×%1$dH], bias "
                            + (kind == Kind.GRU ? "[2×%1$dH]" : "[%1$dH]"));
        }

        @Override
        GateRows read(NamedTensors given, Kind kind) {
            int columns = kind.gates() * given.size("recurrent_kernel", 0);
            Tensor W = given.take("kernel", given.size("kernel", 0), columns).transpose();
            Tensor R = given.take("recurrent_kernel", columns / kind.gates(), columns)
                    .transpose();
            if (kind != Kind.GRU) {
                return new GateRows(W, R, given.takeOrZeros("bias", columns), null, null, null);
            }
            Tensor both = given.takeOrZeros("bias", 2, columns);
            return new GateRows(W, R, both.select(0, 0), both.select(0, 1), null, null);
        }

        @Override
        Map<String, Tensor> write(GateRows rows, Kind kind) {
            Map<String, Tensor> named = new LinkedHashMap<>();
            named.put("kernel", rows.W().transpose());
            named.put("recurrent_kernel", rows.R().transpose());
            named.put("bias", kind == Kind.GRU ? Tensor.stack(0, rows.b(), rows.secondBias()) : rows.b());
            return named;
        }
    },

    ONNX {
        @Override
        @Nullable
        String text(Kind kind) {
            return kind == Kind.PROJECTED
                    ? null
                    : kind.sized("W [1×%1$dH×I], R [1×%1$dH×H], B [1×%2$dH]")
                            + (kind == Kind.PEEPHOLES ? ", P [1×3H]" : "");
        }

        @Override
        GateRows read(NamedTensors given, Kind kind) {
            int hiddenSize = given.size("R", 2);
            int rows = kind.gates() * hiddenSize;
            Tensor both = given.takeOrZeros("B", 1, 2 * rows).reshape(2, rows);
            return new GateRows(
                    given.take("W", 1, rows, given.size("W", 2)).select(0, 0),
                    given.take("R", 1, rows, hiddenSize).select(0, 0),
                    both.select(0, 0),
                    both.select(0, 1),
                    kind == Kind.PEEPHOLES ? given.take("P", 1, 3 * hiddenSize).select(0, 0) : null,
                    null);
        }

        @Override
        Map<String, Tensor> write(GateRows rows, Kind kind) {
            Map<String, Tensor> named = new LinkedHashMap<>();
            named.put("W", Tensor.stack(0, rows.W()));
            named.put("R", Tensor.stack(0, rows.R()));
            named.put("B", concat(0, rows.b(), rows.secondBias()).reshape(1, -1));
            if (kind == Kind.PEEPHOLES) {
                named.put("P", rows.peepholes().reshape(1, -1));
            }
            return named;
        }
    },

    DL4J {
        @Override
        @Nullable
        String text(Kind kind) {
            return switch (kind) {
                case LSTM -> "W [I×4H], RW [H×4H], b [4H]";
                case PEEPHOLES -> "W [I×4H], RW [H×(4H+3)], b [4H]";
                case GRU, GRU_RESET_BEFORE, ELMAN, PROJECTED -> null;
            };
        }

        @Override
        GateRows read(NamedTensors given, Kind kind) {
            int hiddenSize = given.size("RW", 0);
            int columns = 4 * hiddenSize;
            Tensor W = given.take("W", given.size("W", 0), columns).transpose();
            Tensor b = given.takeOrZeros("b", columns);
            if (kind == Kind.LSTM) {
                return new GateRows(W, given.take("RW", hiddenSize, columns).transpose(), b, null, null, null);
            }
            Tensor all = given.take("RW", hiddenSize, columns + 3).transpose();
            Tensor p = all.slice(0, columns, columns + 3).reshape(3 * hiddenSize);
            return new GateRows(W, all.slice(0, 0, columns), b, null, p, null);
        }

        @Override
        Map<String, Tensor> write(GateRows rows, Kind kind) {
            Tensor R = rows.R();
            Map<String, Tensor> named = new LinkedHashMap<>();
            named.put("W", rows.W().transpose());
            named.put(
                    "RW", (kind == Kind.LSTM ? R : concat(0, R, rows.peepholes().reshape(3, R.size(1)))).transpose());
            named.put("b", rows.b());
            return named;
        }
    };

    /** The layers that are converted. */
    enum Kind {
        LSTM("lstm", 4),
        PEEPHOLES("lstm with peepholes", 4),
        GRU("gru", 3),
        GRU_RESET_BEFORE("gru with the reset before the product", 3),
        ELMAN("simple recurrent network", 1),
        PROJECTED("lstm with projection", 4);

        private final String title;
        private final int gates;

        Kind(String title, int gates) {
            this.title = title;
            this.gates = gates;
        }

        String title() {
            return title;
        }

        /** How many blocks of H rows there are. */
        int gates() {
            return gates;
        }

        private String sized(String format) {
            return String.format(format, gates, 2 * gates).replace("1H", "H");
        }
    }

    /** Names and shapes of a layer's weights for error messages; null when the framework has no such layer. */
    abstract @Nullable String text(Kind kind);

    /** From the names and shapes of the framework. */
    abstract GateRows read(NamedTensors given, Kind kind);

    /** To the names and shapes of the framework: the inverse of {@link #read}. */
    abstract Map<String, Tensor> write(GateRows rows, Kind kind);
}
