package org.carousel.tensor;

import java.util.function.DoubleSupplier;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.ejml.simple.SimpleMatrix;

/** Tensors of given elements, and their elements in other forms. */
final class Values {
    private Values() {}

    static Tensor ofRows(float[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        float[] values = new float[Shapes.size("tensor", rows.length, columns)];
        for (int r = 0; r < rows.length; r++) {
            if (rows[r].length != columns) {
                throw new IllegalArgumentException("tensor: row " + r + " has " + rows[r].length
                        + " values where row 0 has " + columns + "; all rows must be of the same length");
            }
            System.arraycopy(rows[r], 0, values, r * columns, columns);
        }
        return Tensor.wrap(values, rows.length, columns);
    }

    static Tensor drawn(String operation, DoubleSupplier numbers, int... shape) {
        float[] values = new float[Shapes.size(operation, shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) numbers.getAsDouble();
        }
        return Tensor.wrap(values, shape);
    }

    static Tensor oneHot(int[] indices, int classes) {
        float[] values = new float[Shapes.size("oneHot", indices.length, classes)];
        for (int i = 0; i < indices.length; i++) {
            values[i * classes + Shapes.index("oneHot", indices[i], classes)] = 1;
        }
        return Tensor.wrap(values, indices.length, classes);
    }

    static double[] toDoubles(Tensor x) {
        double[] values = new double[x.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = x.array()[x.arrayOffset() + i];
        }
        return values;
    }

    static float[][] toRows(Tensor x) {
        Shapes.requireRank("toRows", 2, x);
        float[][] rows = new float[x.size(0)][x.size(1)];
        for (int r = 0; r < rows.length; r++) {
            System.arraycopy(x.array(), x.arrayOffset() + r * rows[r].length, rows[r], 0, rows[r].length);
        }
        return rows;
    }

    static Tensor ofEjml(SimpleMatrix matrix) {
        if (matrix.getMatrix() instanceof FMatrixRMaj m && m.data.length == m.getNumElements()) {
            return Tensor.wrap(m.data, m.numRows, m.numCols);
        }
        float[] values = new float[matrix.getNumElements()];
        for (int r = 0, k = 0; r < matrix.getNumRows(); r++) {
            for (int c = 0; c < matrix.getNumCols(); c++) {
                values[k++] = (float) matrix.get(r, c);
            }
        }
        return Tensor.wrap(values, matrix.getNumRows(), matrix.getNumCols());
    }

    static SimpleMatrix toEjml(Tensor x) {
        if (x.rank() > 2) {
            throw new IllegalArgumentException(
                    "toEjml: " + x.shapeText() + " has " + x.rank() + " axes, a matrix has two");
        }
        int rows = x.rank() == 0 ? 1 : x.size(0);
        return SimpleMatrix.wrap(DMatrixRMaj.wrap(rows, x.rank() == 2 ? x.size(1) : 1, x.toDoubles()));
    }
}
