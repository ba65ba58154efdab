package org.carousel.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.carousel.tensor.internal.Inside;
import org.carousel.tensor.internal.kernels.Broadcast;
import org.carousel.tensor.internal.kernels.Elementwise;
import org.carousel.tensor.internal.kernels.Kernels;
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
        Inside.open(new InsideOfTensors());
    }

    private final int[] shape;
    private final float[] data;
    private final int offset;
    private final int size;
    private final Graph.@Nullable Node node;
    private boolean needsGradient;
    private @Nullable GradientMemory gradient;
    private int version;
    private @Nullable Packing packing;
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
        return new Tensor(values, 0, shape.clone(), Shapes.filled(values.length, shape), null);
    }

    /** A vector [n]. */
    public static Tensor of(float... values) {
        return wrap(values.clone(), values.length);
    }

    /** A matrix [rows×columns]. Throws when the rows differ in length. */
    public static Tensor of(float[][] rows) {
        return Values.ofRows(rows);
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
        return Values.drawn("normal", () -> standardDeviation * random.nextGaussian(), shape);
    }

    /** Elements evenly from [low, high). */
    public static Tensor uniform(RandomStream random, double low, double high, int... shape) {
        return Values.drawn("uniform", () -> low + (high - low) * random.nextDouble(), shape);
    }

    /** One row per index, 1 at that column and 0 elsewhere: [indices×classes]. */
    public static Tensor oneHot(int[] indices, int classes) {
        return Values.oneHot(indices, classes);
    }

    /** The matrix of EJML as [rows×columns]; float matrices share their array, double matrices are rounded to float. */
    public static Tensor ofEjml(SimpleMatrix matrix) {
        return Values.ofEjml(matrix);
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

    /** As {@link #shape}, not copied: to be read only. */
    int[] sizes() {
        return shape;
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
        return data[offset + Shapes.place(index, shape)];
    }

    /** A copy of the elements in row-major order. */
    public float[] toArray() {
        return Arrays.copyOfRange(data, offset, offset + size);
    }

    /** A copy of the elements as doubles, which is what charts take. */
    public double[] toDoubles() {
        return Values.toDoubles(this);
    }

    /** A copy as rows of columns. Throws unless there are two axes. */
    public float[][] toRows() {
        return Values.toRows(this);
    }

    /** A copy as EJML matrix of doubles; a vector becomes a column. Throws when there are more than two axes. */
    public SimpleMatrix toEjml() {
        return Values.toEjml(this);
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
        Shapes.requireNumber(
                "backward", this, " is not a single number; sum() it or give the gradient of each element");
        backward(ones(shape));
    }

    /**
     * As {@link #backward()} for a result of any shape.
     *
     * @param outer ∂L/∂this, of this tensor's shape
     */
    public void backward(Tensor outer) {
        Shapes.requireSame("backward", this, outer);
        if (!needsGradient) {
            throw new IllegalStateException(
                    "backward: nothing this tensor was computed from requires a gradient (see requiresGradient)");
        }
        List<Tensor> order = Graph.order(this);
        gradientMemory().add(outer.data, outer.offset);
        for (int i = order.size() - 1; i >= 0; i--) {
            order.get(i).passOn();
        }
    }

    private void passOn() {
        float[] values = gradient == null ? null : gradient.values();
        if (node != null && values != null) {
            node.rule().propagate(values);
            gradient = null; // only parameters keep theirs: the memory of a long sequence is freed on the way
        }
    }

    /** Whether a walk over the graph comes here for the first time; cheaper than a set of what it has seen. */
    boolean firstVisit(Object walk) {
        Object last = visitor;
        visitor = walk;
        return last != walk;
    }

    /** True when {@link #backward} reached this parameter since {@link #clearGradient}. */
    public boolean hasGradient() {
        return gradient != null && gradient.values() != null;
    }

    /**
     * ∂L/∂this, summed over all calls of {@link #backward} since {@link #clearGradient}, of this tensor's shape.
     *
     * @throws IllegalStateException when no backward pass reached this tensor
     */
    public Tensor gradient() {
        if (gradient == null || gradient.values() == null) {
            throw new IllegalStateException("gradient: no backward pass has reached this tensor " + shapeText()
                    + (needsGradient ? "" : "; it does not require a gradient"));
        }
        return new Tensor(gradient.show(), 0, shape, size, null);
    }

    /** Forgets the gradient. A tensor that {@link #gradient} returned keeps its values. */
    public void clearGradient() {
        if (gradient != null) {
            gradient.clear();
        }
    }

    private GradientMemory gradientMemory() {
        if (gradient == null) {
            gradient = new GradientMemory(this);
        }
        return gradient;
    }

    /** The array that backward rules add ∂L/∂this to; made on first use. */
    float[] gradientBuffer() {
        return gradientMemory().buffer();
    }

    /** As {@link #gradientBuffer}, to add to these rows of a matrix and to no others. */
    float[] gradientOfRows(int[] rows) {
        return node != null ? gradientBuffer() : gradientMemory().ofRows(rows);
    }

    /** The rows of which the gradient is, null when it is of all; for {@link InsideOfTensors}. */
    int @Nullable [] gradientRows() {
        return gradient == null ? null : gradient.rows();
    }

    /** The gradient that there is, left as it is. */
    float[] gradientToRead() {
        return java.util.Objects.requireNonNull(gradientMemory().values());
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

    /** Copies laid out for products, kept with this tensor; made on first use. */
    synchronized Packing packing() {
        if (packing == null) {
            packing = new Packing(this);
        }
        return packing;
    }

    @Nullable
    PackedEach packedEach() {
        return packing == null ? null : packing.kept();
    }

    /** A whole matrix that was not computed, and so changes by {@link #update} only. */
    boolean isParameterMatrix() {
        return needsGradient && node == null && shape.length == 2;
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
        return Arithmetic.binary("plus", Broadcast.Operation.ADD, this, other);
    }

    /** this - other, broadcast. */
    public Tensor minus(Tensor other) {
        return Arithmetic.binary("minus", Broadcast.Operation.SUBTRACT, this, other);
    }

    /** this ⊙ other, element by element, broadcast. */
    public Tensor times(Tensor other) {
        return Arithmetic.binary("times", Broadcast.Operation.MULTIPLY, this, other);
    }

    /** this / other, element by element, broadcast. */
    public Tensor dividedBy(Tensor other) {
        return Arithmetic.binary("dividedBy", Broadcast.Operation.DIVIDE, this, other);
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
        return Parts.transpose(this);
    }

    /** Reorders the axes: axis d of the result is axis {@code order[d]} of this tensor. */
    public Tensor permute(int... order) {
        return Parts.permute(this, order);
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
        return Functions.sigmoid(x);
    }

    /** tanh(x), absolute error about 3e-7. */
    public static Tensor tanh(Tensor x) {
        return Functions.tanh(x);
    }

    /** max(x, 0). */
    public static Tensor relu(Tensor x) {
        return Functions.relu(x);
    }

    /**
     * 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))): close to x Φ(x), the Gaussian error linear unit (Hendrycks, Gimpel 2016,
     * arXiv:1606.08415).
     */
    public static Tensor gelu(Tensor x) {
        return Functions.gelu(x);
    }

    /** eˣ; infinite above 88.7. */
    public static Tensor exp(Tensor x) {
        return Functions.exp(x);
    }

    /** ln x; negative infinity at 0 and NaN below. */
    public static Tensor log(Tensor x) {
        return Functions.log(x);
    }

    /** √x. */
    public static Tensor sqrt(Tensor x) {
        return Functions.sqrt(x);
    }

    /** eˣ / Σ eˣ over the last axis; every row sums to 1. */
    public static Tensor softmax(Tensor x) {
        return Functions.softmax(x);
    }

    /** ln softmax(x) over the last axis, without the loss of digits of log(softmax(x)). */
    public static Tensor logSoftmax(Tensor x) {
        return Functions.logSoftmax(x);
    }

    /** Joins tensors along an existing axis; all other sizes must agree. */
    public static Tensor concat(int axis, Tensor... parts) {
        return Joining.concat(axis, parts);
    }

    /** Joins tensors of one shape along a new axis. */
    public static Tensor stack(int axis, Tensor... parts) {
        return Joining.stack(axis, parts);
    }

    /** The sum of all elements, a scalar. */
    public Tensor sum() {
        float[] y = {(float) Elementwise.sum(size, data, offset)};
        return result("sum", y, new int[0], g -> Elementwise.addScalar(size, g[0], gradientBuffer(), 0), this);
    }

    /** The mean of all elements, a scalar. */
    public Tensor mean() {
        return Parts.mean(this);
    }

    /** The sum over one axis, which disappears. */
    public Tensor sum(int axis) {
        return Parts.sum(this, axis);
    }

    /** The mean over one axis, which disappears. */
    public Tensor mean(int axis) {
        return Parts.mean(this, axis);
    }

    /** The same elements in another shape of the same size; one size may be -1 and is then worked out. */
    public Tensor reshape(int... to) {
        return view("reshape", Parts.resolve(this, to), offset, size, 0);
    }

    /**
     * The part [from, to) of one axis.
     *
     * @throws IllegalArgumentException when the range does not lie within the axis
     */
    public Tensor slice(int axis, int from, int to) {
        return Parts.slice(this, axis, from, to);
    }

    /** One position of one axis, which disappears: {@code x.select(1, t)} of [B×T×I] is [B×I]. */
    public Tensor select(int axis, int index) {
        return Parts.select(this, axis, index);
    }

    /**
     * The rows of a matrix [V×E] at the given indices: [indices×E]. The look-up of an embedding table.
     *
     * @throws IllegalArgumentException when an index is outside 0..V-1
     */
    public Tensor rows(int... indices) {
        return Parts.rows(this, indices);
    }

    /** One element per row of a matrix [N×C], at the given columns: [N]. */
    public Tensor pick(int... columns) {
        return Parts.pick(this, columns);
    }

    @Override
    public String toString() {
        return Printing.text(this);
    }

    Tensor view(String name, int[] to, int newOffset, int newSize, int gradientOffset) {
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
}
