package org.carousel.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.carousel.tensor.internal.Inside;
import org.carousel.tensor.internal.kernels.Broadcast;
import org.carousel.tensor.internal.kernels.Elementwise;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.PackedMatrix;
import org.carousel.tensor.internal.kernels.Rectifiers;
import org.carousel.tensor.internal.kernels.Strided;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * An n-dimensional array of float32 in row-major order that knows how it was computed.
 *
 * <p>Arithmetic reads from left to right ({@code f.times(c).plus(i.times(z))}); functions are static and meant to be
 * imported ({@code sigmoid(a)}). Every operation returns a new tensor; operands are never modified. Only parameters
 * change, and only through {@link #update}.
 *
 * <p>Operands that {@linkplain #requiresGradient require a gradient} pass this need on to all results. {@link #backward}
 * on a scalar result then fills {@link #gradient} of every parameter it was computed from.
 *
 * <p>Shapes of two operands are broadcast as in NumPy: aligned at the right, and a size of 1 stretches. In the
 * descriptions {@code [B×H]} is a shape: B rows of H columns.
 *
 * <p>The same program gives the same bits on every machine, JDK, vector width and number of threads.
 */
public final class Tensor {
    /** Among the numbers of classes: this place is left out of the loss. */
    public static final int IGNORED = -1;

    static {
        Inside.open(new Inside() {
            @Override
            protected float[] array(Tensor x) {
                return x.data;
            }

            @Override
            protected int offset(Tensor x) {
                return x.offset;
            }

            @Override
            protected float[] gradientBuffer(Tensor x) {
                return x.gradientBuffer();
            }

            @Override
            protected int @Nullable [] gradientRows(Tensor x) {
                return x.gradient == null || x.rowsRead == null ? null : x.rowsRead.sorted();
            }

            @Override
            protected float[] gradientToRead(Tensor x) {
                return java.util.Objects.requireNonNull(x.gradient);
            }

            @Override
            protected int version(Tensor x) {
                return x.version;
            }

            @Override
            protected Tensor keepPacked(Tensor x) {
                return x.keepPacked();
            }

            @Override
            protected PackedMatrix[] packedEach(Tensor x, boolean transpose) {
                return x.packedEach(transpose);
            }

            @Override
            protected PackedMatrix packed(Tensor x, boolean transpose) {
                return x.packed(transpose);
            }

            @Override
            protected boolean remembers(List<Tensor> operands) {
                return Tensor.remembers(operands);
            }

            @Override
            protected Tensor operation(
                    String operation, float[] values, int[] shape, List<Tensor> operands, Consumer<float[]> rule) {
                return Tensor.operation(operation, values, shape, operands, rule);
            }
        });
    }

    private final int[] shape;
    private final float[] data;
    private final int offset;
    private final int size;
    private final Graph.@Nullable Node node;
    private boolean needsGradient;
    private float @Nullable [] gradient;
    private float @Nullable [] spareGradient;
    private boolean gradientShown;
    private @Nullable RowsRead rowsRead; // where the gradient is not 0, if it is of rows alone
    private boolean spareIsClear;
    private int version;
    private @Nullable PackedMatrix packed;
    private @Nullable PackedMatrix packedTransposed;
    private int packedVersion = -1;
    private int packedTransposedVersion = -1;
    private @Nullable PackedEach packedEach;
    private @Nullable Object visitor;

    private Tensor(float[] data, int offset, int[] shape, int size, Graph.@Nullable Node node) {
        this.data = data;
        this.offset = offset;
        this.shape = shape;
        this.size = size;
        this.node = node;
        this.needsGradient = node != null;
    }

    // ------------------------------------------------------------------ making tensors

    /**
     * A tensor of the given shape over {@code values}, which are not copied.
     *
     * @throws IllegalArgumentException when the number of values does not fit the shape
     */
    public static Tensor wrap(float[] values, int... shape) {
        int size = Shapes.size("tensor", shape);
        if (values.length != size) {
            throw new IllegalArgumentException("tensor: " + values.length + " values do not fill shape "
                    + Shapes.text(shape) + " of " + size + " elements");
        }
        return new Tensor(values, 0, shape.clone(), size, null);
    }

    /** A vector [n]. */
    public static Tensor of(float... values) {
        return wrap(values.clone(), values.length);
    }

    /** A matrix [rows×columns]. Throws when the rows differ in length. */
    public static Tensor of(float[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        float[] values = new float[Shapes.size("tensor", rows.length, columns)];
        for (int r = 0; r < rows.length; r++) {
            if (rows[r].length != columns) {
                throw new IllegalArgumentException("tensor: row " + r + " has " + rows[r].length
                        + " values where row 0 has " + columns + "; all rows must be of the same length");
            }
            System.arraycopy(rows[r], 0, values, r * columns, columns);
        }
        return wrap(values, rows.length, columns);
    }

    /** A tensor without axes: one number. */
    public static Tensor scalar(double value) {
        return wrap(new float[] {(float) value});
    }

    /** All elements 0. */
    public static Tensor zeros(int... shape) {
        return wrap(new float[Shapes.size("zeros", shape)], shape);
    }

    /** All elements 1. */
    public static Tensor ones(int... shape) {
        return full(1, shape);
    }

    /** All elements {@code value}. */
    public static Tensor full(double value, int... shape) {
        float[] values = new float[Shapes.size("full", shape)];
        Arrays.fill(values, (float) value);
        return wrap(values, shape);
    }

    /** Elements from the normal distribution of mean 0. */
    public static Tensor normal(RandomStream random, double standardDeviation, int... shape) {
        float[] values = new float[Shapes.size("normal", shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (standardDeviation * random.nextGaussian());
        }
        return wrap(values, shape);
    }

    /** Elements evenly from [low, high). */
    public static Tensor uniform(RandomStream random, double low, double high, int... shape) {
        float[] values = new float[Shapes.size("uniform", shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (low + (high - low) * random.nextDouble());
        }
        return wrap(values, shape);
    }

    /** One row per index, 1 at that column and 0 elsewhere: [indices×classes]. */
    public static Tensor oneHot(int[] indices, int classes) {
        float[] values = new float[Shapes.size("oneHot", indices.length, classes)];
        for (int i = 0; i < indices.length; i++) {
            values[i * classes + checkIndex("oneHot", indices[i], classes)] = 1;
        }
        return wrap(values, indices.length, classes);
    }

    /** The matrix of EJML as [rows×columns]; float matrices share their array, double matrices are rounded to float. */
    public static Tensor ofEjml(SimpleMatrix matrix) {
        if (matrix.getMatrix() instanceof FMatrixRMaj m && m.data.length == m.getNumElements()) {
            return wrap(m.data, m.numRows, m.numCols);
        }
        float[] values = new float[matrix.getNumElements()];
        for (int r = 0, k = 0; r < matrix.getNumRows(); r++) {
            for (int c = 0; c < matrix.getNumCols(); c++) {
                values[k++] = (float) matrix.get(r, c);
            }
        }
        return wrap(values, matrix.getNumRows(), matrix.getNumCols());
    }

    /**
     * The result of an operation that brings its own backward rule: the door for fused operations.
     *
     * <p>The rule receives ∂L/∂result and adds to the {@link #gradientBuffer} of each operand that
     * {@linkplain #needsGradient needs one}.
     *
     * @param operation its name, for error messages
     * @param values the result, not copied
     */
    static Tensor operation(
            String operation, float[] values, int[] shape, List<Tensor> operands, Consumer<float[]> rule) {
        Shapes.size(operation, shape);
        return result(operation, values, shape, rule::accept, operands.toArray(new Tensor[0]));
    }

    /** Whether a result of these operands would remember how it was computed, so that a backward pass may come. */
    static boolean remembers(List<Tensor> operands) {
        return Graph.recording() && operands.stream().anyMatch(Tensor::needsGradient);
    }

    /** Runs {@code body} without remembering how results were computed: for inference. */
    public static <T> T withoutGradient(Supplier<T> body) {
        return Graph.withoutRecording(body);
    }

    // ------------------------------------------------------------------ what it holds

    /** The sizes of the axes. */
    public int[] shape() {
        return shape.clone();
    }

    /** The size of one axis; negative axes count from the end. */
    public int size(int axis) {
        return shape[Shapes.axis("size", axis, shape)];
    }

    /** The number of elements. */
    public int size() {
        return size;
    }

    /** The number of axes. */
    public int rank() {
        return shape.length;
    }

    /** The shape as text, {@code [32×128]}. */
    public String shapeText() {
        return Shapes.text(shape);
    }

    /** The only element. Throws when there are several. */
    public float item() {
        if (size != 1) {
            throw new IllegalArgumentException("item: " + shapeText() + " holds " + size + " elements, not one");
        }
        return data[offset];
    }

    /** The element at an index, one number per axis. */
    public float get(int... index) {
        if (index.length != shape.length) {
            throw new IllegalArgumentException("get: index " + Arrays.toString(index) + " has " + index.length
                    + " numbers where " + shapeText() + " has " + shape.length + " axes");
        }
        int at = 0;
        for (int d = 0; d < index.length; d++) {
            at = at * shape[d] + checkIndex("get", index[d], shape[d]);
        }
        return data[offset + at];
    }

    /** A copy of the elements in row-major order. */
    public float[] toArray() {
        return Arrays.copyOfRange(data, offset, offset + size);
    }

    /** A copy of the elements as doubles, which is what charts take. */
    public double[] toDoubles() {
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = data[offset + i];
        }
        return values;
    }

    /** A copy as rows of columns. Throws unless there are two axes. */
    public float[][] toRows() {
        requireRank("toRows", 2);
        float[][] rows = new float[shape[0]][];
        for (int r = 0; r < rows.length; r++) {
            rows[r] = Arrays.copyOfRange(data, offset + r * shape[1], offset + (r + 1) * shape[1]);
        }
        return rows;
    }

    /** A copy as EJML matrix of doubles; a vector becomes a column. Throws when there are more than two axes. */
    public SimpleMatrix toEjml() {
        if (shape.length > 2) {
            throw new IllegalArgumentException(
                    "toEjml: " + shapeText() + " has " + shape.length + " axes, a matrix has two");
        }
        int rows = shape.length == 0 ? 1 : shape[0];
        return SimpleMatrix.wrap(DMatrixRMaj.wrap(rows, shape.length == 2 ? shape[1] : 1, toDoubles()));
    }

    /** The array behind this tensor, from {@link #arrayOffset} on, for fused operations. Do not write to it. */
    float[] array() {
        return data;
    }

    /** Where the elements begin in {@link #array}. */
    int arrayOffset() {
        return offset;
    }

    /** True when no element is NaN or infinite. */
    public boolean isFinite() {
        return Elementwise.allFinite(size, data, offset);
    }

    // ------------------------------------------------------------------ differentiation

    /** Marks this tensor as a parameter: {@link #backward} fills its {@link #gradient}. Returns this tensor. */
    public Tensor requiresGradient() {
        if (node != null) {
            throw new IllegalStateException("requiresGradient: this tensor is the result of " + node.operation()
                    + "; only tensors that were not computed can become parameters (see detach)");
        }
        needsGradient = true;
        return this;
    }

    /** True when {@link #backward} will pass through this tensor. */
    public boolean needsGradient() {
        return needsGradient;
    }

    /** The same elements without their history. */
    public Tensor detach() {
        return new Tensor(data, offset, shape, size, null);
    }

    /**
     * Fills the gradients of all parameters this scalar was computed from: ∂this/∂parameter is added to each.
     *
     * @throws IllegalArgumentException when this tensor is not a single number
     */
    public void backward() {
        if (size != 1) {
            throw new IllegalArgumentException("backward: " + shapeText()
                    + " is not a single number; sum() it or give the gradient of each element");
        }
        backward(ones(shape));
    }

    /**
     * As {@link #backward()} for a result of any shape.
     *
     * @param outer ∂L/∂this, of this tensor's shape
     */
    public void backward(Tensor outer) {
        requireSameShape("backward", outer);
        if (!needsGradient) {
            throw new IllegalStateException(
                    "backward: nothing this tensor was computed from requires a gradient (see requiresGradient)");
        }
        List<Tensor> order = Graph.order(this);
        Kernels.active().add(size, outer.data, outer.offset, gradientBuffer(), 0);
        for (int i = order.size() - 1; i >= 0; i--) {
            Tensor t = order.get(i);
            if (t.node != null && t.gradient != null) {
                t.node.rule().propagate(t.gradient);
                t.gradient = null; // only parameters keep theirs: the memory of a long sequence is freed on the way
            }
        }
    }

    /** Whether a walk over the graph comes here for the first time; cheaper than a set of what it has seen. */
    boolean firstVisit(Object walk) {
        boolean first = visitor != walk;
        visitor = walk;
        return first;
    }

    /** True when {@link #backward} reached this parameter since {@link #clearGradient}. */
    public boolean hasGradient() {
        return gradient != null;
    }

    /**
     * ∂L/∂this, summed over all calls of {@link #backward} since {@link #clearGradient}, of this tensor's shape.
     *
     * @throws IllegalStateException when no backward pass reached this tensor
     */
    public Tensor gradient() {
        if (gradient == null) {
            throw new IllegalStateException("gradient: no backward pass has reached this tensor " + shapeText()
                    + (needsGradient ? "" : "; it does not require a gradient"));
        }
        gradientShown = true;
        return new Tensor(gradient, 0, shape, size, null);
    }

    /** Forgets the gradient. A tensor that {@link #gradient} returned keeps its values. */
    public void clearGradient() {
        if (gradient != null && !gradientShown) {
            spareGradient = gradient; // memory that is still in a cache is cleared faster than new memory
            spareIsClear = rowsRead != null;
            if (rowsRead != null) {
                rowsRead.clear(gradient, shape[1]);
            }
        } else if (gradient != null) {
            rowsRead = null;
        }
        gradient = null;
        gradientShown = false;
    }

    /** The array that backward rules add ∂L/∂this to; made on first use. */
    float[] gradientBuffer() {
        rowsRead = null;
        return someGradient();
    }

    /** As {@link #gradientBuffer}, to add to these rows of a matrix and to no others. */
    private float[] gradientOfRows(int[] rows) {
        if (gradient == null && rowsRead == null) {
            rowsRead = new RowsRead(shape[0]);
        }
        if (rowsRead != null) {
            rowsRead.add(rows);
        }
        return someGradient();
    }

    private float[] someGradient() {
        if (gradient == null && spareGradient != null) {
            if (!spareIsClear) {
                Arrays.fill(spareGradient, 0);
            }
            gradient = spareGradient;
            spareGradient = null;
        }
        if (gradient == null) {
            gradient = new float[size];
        }
        return gradient;
    }

    /** Changes the elements of a parameter in place; results computed earlier must no longer be differentiated. */
    public void update(Consumer<float[]> change) {
        if (node != null || offset != 0 || data.length != size) {
            throw new IllegalStateException("update: only whole parameters can be changed in place");
        }
        change.accept(data);
        version++;
    }

    /** How often {@link #update} was called: lets a packed copy of a weight matrix know that it is out of date. */
    int version() {
        return version;
    }

    /** True for a parameter that {@link #packed} keeps. */
    boolean keepsPacked() {
        return needsGradient && node == null && shape.length == 2;
    }

    /**
     * For matrices [..×K×N] that are the right operand of many products with few rows, as a source that a decoder reads
     * at every step: lays them out for products once, and keeps that with the tensor, two copies of its elements.
     *
     * <p>The elements must not change any more. Returns this tensor.
     */
    Tensor keepPacked() {
        if (shape.length < 3) {
            throw new IllegalArgumentException("keepPacked: " + shapeText() + " are not several matrices [..×K×N]");
        }
        if (packedEach == null) {
            packedEach = new PackedEach(this);
        }
        return this;
    }

    /** What {@link #keepPacked} asked for. */
    @Nullable
    PackedEach packedEach() {
        return packedEach;
    }

    /**
     * The matrices [..×K×N] as right operands of products, or their transposes, for fused operations. Kept with this
     * tensor as {@link #keepPacked} says.
     */
    PackedMatrix[] packedEach(boolean transpose) {
        return java.util.Objects.requireNonNull(keepPacked().packedEach).get(transpose);
    }

    /**
     * This matrix [M×N] laid out as the right operand of a product, or its transpose [N×M], for fused operations.
     *
     * <p>That of a parameter is kept until the parameter changes: weights are packed once per update, not once per use.
     */
    synchronized PackedMatrix packed(boolean transpose) {
        requireRank("packed", 2);
        if (!keepsPacked()) {
            int k = transpose ? shape[1] : shape[0];
            return Kernels.active().pack(transpose, k, transpose ? shape[0] : shape[1], data, offset, shape[1], null);
        }
        PackedMatrix kept = transpose ? packedTransposed : packed;
        if (kept == null || version != (transpose ? packedTransposedVersion : packedVersion)) {
            int k = transpose ? shape[1] : shape[0];
            int n = transpose ? shape[0] : shape[1];
            kept = Kernels.active().pack(transpose, k, n, data, offset, shape[1], kept);
            if (transpose) {
                packedTransposed = kept;
                packedTransposedVersion = version;
            } else {
                packed = kept;
                packedVersion = version;
            }
        }
        return kept;
    }

    /** Operands before results, for diagnosis of non-finite values. */
    public List<Tensor> history() {
        return Graph.order(this);
    }

    /** The operation that computed this tensor, or {@code "parameter"}. */
    public String operation() {
        return node == null ? "parameter" : node.operation();
    }

    /** The tensors this one was computed from. */
    public List<Tensor> operands() {
        return node == null ? List.of() : List.of(node.operands());
    }

    Graph.@Nullable Node node() {
        return node;
    }

    // ------------------------------------------------------------------ arithmetic

    /** this + other, broadcast. */
    public Tensor plus(Tensor other) {
        return binary("plus", Broadcast.Operation.ADD, other);
    }

    /** this - other, broadcast. */
    public Tensor minus(Tensor other) {
        return binary("minus", Broadcast.Operation.SUBTRACT, other);
    }

    /** this ⊙ other, element by element, broadcast. */
    public Tensor times(Tensor other) {
        return binary("times", Broadcast.Operation.MULTIPLY, other);
    }

    /** this / other, element by element, broadcast. */
    public Tensor dividedBy(Tensor other) {
        return binary("dividedBy", Broadcast.Operation.DIVIDE, other);
    }

    /** this + number. */
    public Tensor plus(double number) {
        return plus(scalar(number));
    }

    /** this - number. */
    public Tensor minus(double number) {
        return minus(scalar(number));
    }

    /** this · number. */
    public Tensor times(double number) {
        return times(scalar(number));
    }

    /** this / number. */
    public Tensor dividedBy(double number) {
        return dividedBy(scalar(number));
    }

    /** -this. */
    public Tensor negate() {
        return times(-1);
    }

    /** 1 - this, as in f = 1 - i. */
    public Tensor oneMinus() {
        return scalar(1).minus(this);
    }

    /** this ⊙ this. */
    public Tensor squared() {
        return times(this);
    }

    /**
     * The matrix product: [M×K] · [K×N] = [M×N].
     *
     * <p>With more axes the leading ones count matrices: [A×M×K] · [A×K×N] = [A×M×N]; a right operand of two axes is
     * used for every matrix on the left.
     *
     * @throws IllegalArgumentException when the inner sizes or the leading axes differ
     */
    public Tensor matmul(Tensor other) {
        return MatrixProduct.multiply("matmul", this, other, false);
    }

    /** Exchanges the last two axes: [A×M×N] becomes [A×N×M]. */
    public Tensor transpose() {
        if (rank() < 2) {
            throw new IllegalArgumentException("transpose: " + shapeText() + " has fewer than two axes");
        }
        int[] order = new int[rank()];
        Arrays.setAll(order, d -> d);
        order[rank() - 2] = rank() - 1;
        order[rank() - 1] = rank() - 2;
        return permute(order);
    }

    /** Reorders the axes: axis d of the result is axis {@code order[d]} of this tensor. */
    public Tensor permute(int... order) {
        int[] inverse = new int[rank()];
        int[] sorted = order.clone();
        Arrays.sort(sorted);
        for (int d = 0; d < rank(); d++) {
            if (order.length != rank() || sorted[d] != d) {
                throw new IllegalArgumentException(
                        "permute: " + Arrays.toString(order) + " is not an order of the axes of " + shapeText());
            }
            inverse[order[d]] = d;
        }
        int[] to = new int[rank()];
        Arrays.setAll(to, d -> shape[order[d]]);
        float[] values = new float[size];
        Strided.permute(shape, order, data, offset, values);
        return result(
                "permute",
                values,
                to,
                g -> {
                    float[] back = new float[size];
                    Strided.permute(to, inverse, g, 0, back);
                    Kernels.active().add(size, back, 0, gradientBuffer(), 0);
                },
                this);
    }

    // ------------------------------------------------------------------ functions, meant for static import

    /** x Wᵀ for the rows of x: [..×I], W [O×I] gives [..×O]. The product of an equation's {@code W x}, batch first. */
    public static Tensor linear(Tensor x, Tensor W) {
        return MatrixProduct.multiply("linear", x, W, true);
    }

    /** x Wᵀ + b for the rows of x: [..×I], W [O×I], b [O] gives [..×O]. The sums begin at b. */
    public static Tensor linear(Tensor x, Tensor W, Tensor b) {
        return MatrixProduct.affine(x, W, b);
    }

    /** σ(x) = 1 / (1 + e⁻ˣ), absolute error about 2e-7. */
    public static Tensor sigmoid(Tensor x) {
        float[] y = new float[x.size];
        Kernels.active().sigmoid(x.size, x.data, x.offset, y, 0);
        return unary("sigmoid", x, y, (g, dx) -> Elementwise.sigmoidBackward(x.size, g, 0, y, 0, dx, 0));
    }

    /** tanh(x), absolute error about 3e-7. */
    public static Tensor tanh(Tensor x) {
        float[] y = new float[x.size];
        Kernels.active().tanh(x.size, x.data, x.offset, y, 0);
        return unary("tanh", x, y, (g, dx) -> Elementwise.tanhBackward(x.size, g, 0, y, 0, dx, 0));
    }

    /** max(x, 0). */
    public static Tensor relu(Tensor x) {
        float[] y = new float[x.size];
        Rectifiers.active().relu(x.size, x.data, x.offset, y, 0);
        return unary("relu", x, y, (g, dx) -> Rectifiers.active().reluBackward(x.size, g, 0, y, 0, dx, 0));
    }

    /**
     * 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))): close to x Φ(x), the Gaussian error linear unit (Hendrycks, Gimpel 2016,
     * arXiv:1606.08415).
     */
    public static Tensor gelu(Tensor x) {
        float[] t = new float[x.size];
        float[] y = new float[x.size];
        Rectifiers.active().gelu(x.size, x.data, x.offset, t, y);
        return unary("gelu", x, y, (g, dx) -> Rectifiers.active().geluBackward(x.size, g, x.data, x.offset, t, dx));
    }

    /** eˣ; infinite above 88.7. */
    public static Tensor exp(Tensor x) {
        float[] y = new float[x.size];
        Kernels.active().exp(x.size, x.data, x.offset, y, 0);
        return unary("exp", x, y, (g, dx) -> Kernels.active().multiplyAdd(x.size, g, 0, y, 0, dx, 0));
    }

    /** ln x; negative infinity at 0 and NaN below. */
    public static Tensor log(Tensor x) {
        float[] y = new float[x.size];
        Elementwise.log(x.size, x.data, x.offset, y, 0);
        return unary("log", x, y, (g, dx) -> Elementwise.divideAdd(x.size, g, 0, x.data, x.offset, dx, 0));
    }

    /** √x. */
    public static Tensor sqrt(Tensor x) {
        float[] y = new float[x.size];
        Elementwise.sqrt(x.size, x.data, x.offset, y, 0);
        return unary("sqrt", x, y, (g, dx) -> Elementwise.sqrtBackward(x.size, g, 0, y, 0, dx, 0));
    }

    /** eˣ / Σ eˣ over the last axis; every row sums to 1. */
    public static Tensor softmax(Tensor x) {
        int n = x.lastAxis("softmax");
        int rows = n == 0 ? 0 : x.size / n;
        float[] y = new float[x.size];
        Kernels.active().softmaxRows(rows, n, x.data, x.offset, n, y, 0, n);
        return unary("softmax", x, y, (g, dx) -> Kernels.active().softmaxRowsBackward(rows, n, g, 0, y, 0, dx, 0));
    }

    /** ln softmax(x) over the last axis, without the loss of digits of log(softmax(x)). */
    public static Tensor logSoftmax(Tensor x) {
        int n = x.lastAxis("logSoftmax");
        int rows = n == 0 ? 0 : x.size / n;
        float[] y = new float[x.size];
        Kernels.active().logSoftmaxRows(rows, n, x.data, x.offset, n, y, 0, n);
        return unary(
                "logSoftmax", x, y, (g, dx) -> Kernels.active().logSoftmaxRowsBackward(rows, n, g, 0, y, 0, dx, 0));
    }

    /** Joins tensors along an existing axis; all other sizes must agree. */
    public static Tensor concat(int axis, Tensor... parts) {
        return Joining.concat(axis, parts);
    }

    /** Joins tensors of one shape along a new axis. */
    public static Tensor stack(int axis, Tensor... parts) {
        return Joining.stack(axis, parts);
    }

    // ------------------------------------------------------------------ sums

    /** The sum of all elements, a scalar. */
    public Tensor sum() {
        float[] y = {(float) Elementwise.sum(size, data, offset)};
        return result("sum", y, new int[0], g -> Elementwise.addScalar(size, g[0], gradientBuffer(), 0), this);
    }

    /** The mean of all elements, a scalar. */
    public Tensor mean() {
        if (size == 0) {
            throw new IllegalArgumentException("mean: " + shapeText() + " has no elements");
        }
        return sum().dividedBy(size);
    }

    /** The sum over one axis, which disappears. */
    public Tensor sum(int axis) {
        int a = Shapes.axis("sum", axis, shape);
        int[] kept = shape.clone();
        kept[a] = 1;
        int[] strides = Shapes.strides(kept, shape);
        float[] y = new float[shape[a] == 0 ? Shapes.size("sum", kept) : size / shape[a]];
        Broadcast.sumTo(shape, offset == 0 && data.length == size ? data : toArray(), y, strides);
        int[] to = without(a);
        return result(
                "sum",
                y,
                to,
                g -> {
                    float[] stretched = new float[size];
                    int[] own = Shapes.strides(shape, shape);
                    Broadcast.apply(Broadcast.Operation.ADD, shape, stretched, 0, own, g, 0, strides, stretched);
                    Kernels.active().add(size, stretched, 0, gradientBuffer(), 0);
                },
                this);
    }

    /** The mean over one axis, which disappears. */
    public Tensor mean(int axis) {
        int a = Shapes.axis("mean", axis, shape);
        if (shape[a] == 0) {
            throw new IllegalArgumentException("mean: axis " + axis + " of " + shapeText() + " is empty");
        }
        return sum(a).dividedBy(shape[a]);
    }

    // ------------------------------------------------------------------ parts

    /** The same elements in another shape of the same size; one size may be -1 and is then worked out. */
    public Tensor reshape(int... to) {
        int[] resolved = resolve(to);
        return view("reshape", resolved, offset, size, 0);
    }

    /**
     * The part [from, to) of one axis.
     *
     * @throws IllegalArgumentException when the range does not lie within the axis
     */
    public Tensor slice(int axis, int from, int to) {
        int a = Shapes.axis("slice", axis, shape);
        if (from < 0 || to < from || to > shape[a]) {
            throw new IllegalArgumentException(
                    "slice: range [" + from + ", " + to + ") does not lie within axis " + axis + " of " + shapeText());
        }
        int[] part = shape.clone();
        part[a] = to - from;
        int outer = Shapes.size("slice", Arrays.copyOf(shape, a));
        int inner = Shapes.size("slice", Arrays.copyOfRange(shape, a + 1, shape.length));
        int length = (to - from) * inner;
        if (outer == 1) {
            return view("slice", part, offset + from * inner, length, from * inner); // contiguous: no copy
        }
        int stride = shape[a] * inner;
        float[] values = new float[outer * length];
        Strided.copyRows(outer, length, data, offset + from * inner, stride, values, 0, length);
        return result(
                "slice",
                values,
                part,
                g -> Strided.addRows(outer, length, g, 0, length, gradientBuffer(), from * inner, stride),
                this);
    }

    /** One position of one axis, which disappears: {@code x.select(1, t)} of [B×T×I] is [B×I]. */
    public Tensor select(int axis, int index) {
        int a = Shapes.axis("select", axis, shape);
        checkIndex("select", index, shape[a]);
        return slice(a, index, index + 1).reshape(without(a));
    }

    /**
     * The rows of a matrix [V×E] at the given indices: [indices×E]. The look-up of an embedding table.
     *
     * @throws IllegalArgumentException when an index is outside 0..V-1
     */
    public Tensor rows(int... indices) {
        requireRank("rows", 2);
        int n = shape[1];
        for (int index : indices) {
            checkIndex("rows", index, shape[0]);
        }
        int[] kept = indices.clone();
        float[] values = new float[Shapes.size("rows", indices.length, n)];
        Strided.gatherRows(kept, n, data, offset, values, n);
        return result(
                "rows",
                values,
                new int[] {indices.length, n},
                g -> Strided.scatterAddRows(kept, n, g, node == null ? gradientOfRows(kept) : gradientBuffer()),
                this);
    }

    /** One element per row of a matrix [N×C], at the given columns: [N]. */
    public Tensor pick(int... columns) {
        requireRank("pick", 2);
        if (columns.length != shape[0]) {
            throw new IllegalArgumentException(
                    "pick: " + columns.length + " columns for the " + shape[0] + " rows of " + shapeText());
        }
        int[] at = new int[columns.length];
        float[] values = new float[columns.length];
        for (int r = 0; r < at.length; r++) {
            at[r] = r * shape[1] + checkIndex("pick", columns[r], shape[1]);
            values[r] = data[offset + at[r]];
        }
        return result(
                "pick",
                values,
                new int[] {values.length},
                g -> {
                    float[] dx = gradientBuffer();
                    for (int r = 0; r < at.length; r++) {
                        dx[at[r]] += g[r];
                    }
                },
                this);
    }

    // ------------------------------------------------------------------ inside

    @Override
    public String toString() {
        return Printing.text(this);
    }

    private Tensor binary(String name, Broadcast.Operation operation, Tensor other) {
        int[] to = Shapes.broadcast(name, shape, other.shape);
        float[] values = new float[Shapes.size(name, to)];
        int[] left = Shapes.strides(shape, to);
        int[] right = Shapes.strides(other.shape, to);
        Broadcast.apply(operation, to, data, offset, left, other.data, other.offset, right, values);
        return result(name, values, to, g -> Gradients.binary(operation, to, g, this, left, other, right), this, other);
    }

    @FunctionalInterface
    private interface UnaryRule {
        void propagate(float[] gradient, float[] operandGradient);
    }

    private static Tensor unary(String name, Tensor x, float[] y, UnaryRule rule) {
        return result(name, y, x.shape, g -> rule.propagate(g, x.gradientBuffer()), x);
    }

    private Tensor view(String name, int[] to, int newOffset, int newSize, int gradientOffset) {
        Graph.@Nullable Node made = null;
        if (needsGradient && Graph.recording()) {
            made = new Graph.Node(name, new Tensor[] {this}, g -> Kernels.active()
                    .add(newSize, g, 0, gradientBuffer(), gradientOffset));
        }
        return new Tensor(data, newOffset, to, newSize, made);
    }

    static Tensor result(String name, float[] values, int[] shape, Graph.Rule rule, Tensor... operands) {
        boolean differentiable = false;
        for (Tensor operand : operands) {
            differentiable |= operand.needsGradient;
        }
        Graph.@Nullable Node made = differentiable && Graph.recording() ? new Graph.Node(name, operands, rule) : null;
        return new Tensor(values, 0, shape, values.length, made);
    }

    private int[] resolve(int[] to) {
        int[] resolved = to.clone();
        int open = -1;
        long known = 1;
        for (int d = 0; d < to.length; d++) {
            if (to[d] == -1 && open < 0) {
                open = d;
            } else {
                known *= to[d];
            }
        }
        if (open >= 0 && known > 0 && size % known == 0) {
            resolved[open] = (int) (size / known);
            known = size;
        }
        if (known != size || Arrays.stream(resolved).anyMatch(n -> n < 0)) {
            throw new IllegalArgumentException(
                    "reshape: " + shapeText() + " of " + size + " elements does not fit " + Shapes.text(to));
        }
        return resolved;
    }

    private int[] without(int axis) {
        int[] rest = new int[shape.length - 1];
        for (int d = 0; d < rest.length; d++) {
            rest[d] = shape[d < axis ? d : d + 1];
        }
        return rest;
    }

    private int lastAxis(String operation) {
        if (shape.length == 0) {
            throw new IllegalArgumentException(operation + ": a single number has no last axis");
        }
        return shape[shape.length - 1];
    }

    private void requireRank(String operation, int rank) {
        if (shape.length != rank) {
            throw new IllegalArgumentException(
                    operation + ": " + shapeText() + " has " + shape.length + " axes where " + rank + " are needed");
        }
    }

    private void requireSameShape(String operation, Tensor other) {
        if (!Arrays.equals(shape, other.shape)) {
            throw new IllegalArgumentException(
                    operation + ": shapes " + shapeText() + " and " + other.shapeText() + " differ");
        }
    }

    static int checkIndex(String operation, int index, int size) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException(operation + ": index " + index + " is outside 0.." + (size - 1));
        }
        return index;
    }
}
