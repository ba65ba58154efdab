package org.carousel.layers;

import static org.carousel.Golden.assertClose;
import static org.carousel.Golden.get;
import static org.carousel.Golden.load;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.carousel.layers.Convolution.Axis;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.analysis.GradientCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvolutionTest {
    /** Forward and all three gradients have the bits of the equation; images of one row and of less than the kernel. */
    @ParameterizedTest
    @CsvSource({
        "2, 7, 5, 3, 4, 3, 3",
        "3, 1, 9, 2, 3, 1, 5",
        "1, 2, 2, 1, 2, 5, 5",
        "4, 40, 30, 6, 5, 3, 1",
        "3, 9, 21, 16, 32, 3, 3",
        "2, 5, 35, 32, 40, 1, 3",
        "2, 4, 300, 17, 19, 3, 3"
    })
    void blocksEqualTheWindows(int batch, int rows, int columns, int channels, int outputs, int height, int width) {
        RandomStream random = RandomStream.of(4);
        Convolution layer = Convolution.of(channels, outputs, height, width, random);
        assertHasTheBitsOfWindows(layer, Tensor.normal(random.split("x"), 1, batch, rows, columns, channels));
    }

    /** Kernel, stride, padding and dilation of rows and of columns. */
    @ParameterizedTest
    @CsvSource({
        "3, 2, 1, 1, 3, 2, 1, 1",
        "2, 1, 0, 1, 4, 3, 2, 1",
        "3, 1, 2, 2, 3, 1, 0, 3",
        "1, 1, 0, 1, 5, 2, 4, 1",
        "5, 3, 0, 2, 1, 1, 1, 1"
    })
    void stridesAndDilations(int h, int hs, int hp, int hd, int w, int ws, int wp, int wd) {
        RandomStream random = RandomStream.of(6);
        Axis rows = new Axis(h, hs, hp, hd);
        Axis columns = new Axis(w, ws, wp, wd);
        for (int channels : new int[] {3, 16}) {
            Convolution layer = Convolution.of(channels, 18, rows, columns, random.split("layer"));
            assertHasTheBitsOfWindows(layer, Tensor.normal(random.split("x"), 1, 2, 11, 14, channels));
        }
    }

    private static void assertHasTheBitsOfWindows(Convolution layer, Tensor x) {
        layer.b().update(b -> java.util.Arrays.fill(b, 0.25f));
        Parameters all = Parameters.of("layer", layer).and("x", x.requiresGradient());
        Tensor expected = layer.byWindows(x);
        Tensor outer = Tensor.normal(RandomStream.of(7), 1, expected.shape());
        expected.backward(outer);
        float[][] gradients = new float[3][];
        int k = 0;
        for (Tensor p : all.tensors()) {
            gradients[k++] = p.gradient().toArray();
        }
        all.clearGradients();
        Tensor actual = layer.direct(x);
        actual.backward(outer);
        assertArrayEquals(expected.toArray(), actual.toArray());
        k = 0;
        for (var p : all) {
            assertArrayEquals(gradients[k++], p.getValue().gradient().toArray(), "gradient of " + p.getKey());
        }
    }

    /** PyTorch's conv1d and conv2d in float64; see golden/convolution.py. */
    @Test
    void agreesWithPyTorch() {
        Map<String, Tensor> v = load("convolution");
        int cases = 0;
        for (String key : v.keySet()) {
            if (!key.endsWith(".x")) {
                continue;
            }
            String name = key.substring(0, key.length() - 2);
            Tensor x = channelsLast(get(v, key)).requiresGradient();
            Tensor W = get(v, name + ".weight");
            Convolution layer = new Convolution(
                    channelsLast(W).reshape(W.size(0), W.size() / W.size(0)).detach(),
                    get(v, name + ".bias"),
                    axis(name.contains("1d") ? "1 1 0 1" : name.split("_", -1)[1]),
                    axis(name.contains("1d") ? name.split("_", -1)[1] : name.split("_", -1)[2]));
            Tensor y = layer.apply(x);
            assertClose(name, channelsLast(get(v, name + ".y")), y);
            y.backward(channelsLast(get(v, name + ".outer")));
            assertClose(name + " x", channelsLast(get(v, name + ".dx")), x.gradient());
            Tensor dW =
                    channelsLast(get(v, name + ".dweight")).reshape(layer.W().shape());
            assertClose(name + " W", dW, layer.W().gradient());
            assertClose(name + " b", get(v, name + ".dbias"), layer.b().gradient());
            cases++;
        }
        assertEquals(12, cases);
    }

    private static Tensor channelsLast(Tensor x) {
        return (x.rank() == 3 ? x.permute(0, 2, 1) : x.permute(0, 2, 3, 1)).detach();
    }

    private static Axis axis(String text) {
        String[] part = text.split(" ", -1);
        return new Axis(
                Integer.parseInt(part[0]),
                Integer.parseInt(part[1]),
                Integer.parseInt(part[2]),
                Integer.parseInt(part[3]));
    }

    @Test
    void sequencesAreImagesOfOneRow() {
        RandomStream random = RandomStream.of(9);
        Convolution layer = Convolution.of(4, 5, new Axis(3, 2, 1, 2), random);
        Tensor x = Tensor.normal(random.split("x"), 1, 2, 9, 4);
        Tensor y = layer.apply(x);
        assertArrayEquals(new int[] {2, 4, 5}, y.shape());
        assertArrayEquals(layer.apply(x.reshape(2, 1, 9, 4)).toArray(), y.toArray());
    }

    @Test
    void errorsSayWhatWouldFit() {
        RandomStream random = RandomStream.of(10);
        Convolution images = Convolution.of(4, 5, new Axis(3, 1, 0, 2), new Axis(2, 1, 1, 1), random);
        Convolution sequences = Convolution.of(4, 5, Axis.same(3), random);
        assertMessage(
                "convolution: input [2×4×7×4] is smaller than its kernel of 5×2 places with padding 0 and 1; more padding"
                        + " or a smaller kernel would fit",
                () -> images.apply(Tensor.zeros(2, 4, 7, 4)));
        assertMessage(
                "convolution: input [2×9×4] must be [batch×rows×columns×4]", () -> images.apply(Tensor.zeros(2, 9, 4)));
        assertMessage(
                "convolution: input [2×9×3] must be [batch×rows×columns×4] or [batch×steps×4]",
                () -> sequences.apply(Tensor.zeros(2, 9, 3)));
        assertMessage(
                "convolution: kernel 3, stride 0, padding 1, dilation 1: padding must be at least 0, the others at least 1",
                () -> new Axis(3, 0, 1, 1));
        assertMessage(
                "convolution: kernel 4 must be odd, so that it has a middle; new Axis(kernel, stride, padding, dilation)"
                        + " takes any",
                () -> Axis.same(4));
    }

    private static void assertMessage(String expected, org.junit.jupiter.api.function.Executable call) {
        assertEquals(
                expected, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "1, 3", "5, 1"})
    void gradientsAgreeWithDifferences(int height, int width) {
        RandomStream random = RandomStream.of(5);
        Convolution layer = Convolution.of(2, 3, height, width, random);
        Tensor x = Tensor.normal(random.split("x"), 1, 2, 4, 3, 2);
        GradientCheck check = GradientCheck.of(Parameters.of("layer", layer).and("x", x), () -> layer.apply(x));
        assertTrue(check.error() < 1e-3, check.toString());
    }
}
