package org.carousel.tensor.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;

/** Against one element after the other, over every way to stretch operands of four axes. */
class BroadcastTest {
    private static final int[][] RESULTS = {
        {2, 3, 5, 17}, {3, 1, 2, 24}, {1, 1, 1, 1}, {4, 2, 9, 1}, {2, 0, 3, 4}, {1, 7, 1, 5}, {6, 2, 4, 3}
    };

    @Test
    void appliesToEveryPairOfShapes() {
        RandomStream random = RandomStream.of(1);
        for (int[] shape : RESULTS) {
            for (int kinds = 0; kinds < 256; kinds++) {
                int[] aSteps = steps(shape, kinds & 15);
                int[] bSteps = steps(shape, kinds >> 4);
                float[] a = numbers(2 + elements(shape), random);
                float[] b = numbers(1 + elements(shape), random);
                for (Broadcast.Operation operation : Broadcast.Operation.values()) {
                    float[] result = new float[elements(shape)];
                    Broadcast.apply(operation, shape, a, 2, aSteps, b, 1, bSteps, result);
                    float[] expected = new float[result.length];
                    for (int i = 0; i < expected.length; i++) {
                        float x = a[2 + place(i, shape, aSteps)];
                        float y = b[1 + place(i, shape, bSteps)];
                        expected[i] = switch (operation) {
                            case ADD -> x + y;
                            case SUBTRACT -> x - y;
                            case MULTIPLY -> x * y;
                            case DIVIDE -> x / y;
                        };
                    }
                    assertArrayEquals(
                            expected,
                            result,
                            () -> operation + " " + Arrays.toString(shape) + " " + Arrays.toString(aSteps) + " "
                                    + Arrays.toString(bSteps));
                }
            }
        }
    }

    @Test
    void sumsInRowMajorOrder() {
        RandomStream random = RandomStream.of(2);
        for (int[] shape : RESULTS) {
            for (int kinds = 0; kinds < 16; kinds++) {
                int[] steps = steps(shape, kinds);
                float[] source = numbers(elements(shape), random);
                float[] target = numbers(1 + elements(shape), random);
                float[] expected = target.clone();
                for (int i = 0; i < source.length; i++) {
                    expected[place(i, shape, steps)] += source[i];
                }
                Broadcast.sumTo(shape, source, target, steps);
                assertArrayEquals(expected, target, () -> Arrays.toString(shape) + " " + Arrays.toString(steps));
            }
        }
    }

    /** Of an operand that has one element along the axes whose bits are set. */
    private static int[] steps(int[] shape, int stretched) {
        int[] steps = new int[shape.length];
        int step = 1;
        for (int d = shape.length - 1; d >= 0; d--) {
            boolean isOne = shape[d] == 1 || (stretched >> d & 1) == 1;
            steps[d] = isOne ? 0 : step;
            step *= isOne ? 1 : shape[d];
        }
        return steps;
    }

    private static int place(int element, int[] shape, int[] steps) {
        int place = 0;
        int rest = element;
        for (int d = shape.length - 1; d >= 0; d--) {
            place += rest % shape[d] * steps[d];
            rest /= shape[d];
        }
        return place;
    }

    private static int elements(int[] shape) {
        return Arrays.stream(shape).reduce(1, (x, y) -> x * y);
    }

    private static float[] numbers(int n, RandomStream random) {
        float[] numbers = new float[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }
}
