package org.carousel.recurrent.images;

import static org.carousel.Golden.assertClose;
import static org.carousel.Golden.get;
import static org.carousel.Golden.load;
import static org.carousel.Golden.withWeights;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.carousel.layers.Layer;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The cells over images against the papers' equations in PyTorch, float64; see golden/images.py. */
class ImageGoldenTest {
    @Test
    void multidimensional() {
        MultidimensionalLstm.Directions layer = MultidimensionalLstm.Directions.of(2, 3, RandomStream.of(1));
        compare("md", layer, layer::run);
    }

    @Test
    void pyramid() {
        PyramidLstm layer = PyramidLstm.of(3, 4, 2, 3, RandomStream.of(1));
        compare("pyramid", layer, layer::run);
    }

    private static void compare(String name, Layer layer, UnaryOperator<Tensor> run) {
        Map<String, Tensor> v = load("images/" + name);
        withWeights(v, layer);
        Tensor image = get(v, "image").requiresGradient();
        Tensor y = run.apply(image);
        assertClose("y", get(v, "y"), y);
        y.times(get(v, "w")).sum().backward();
        assertClose("image", get(v, "dimage"), image.gradient());
        layer.parameters()
                .forEach(p -> assertClose(
                        p.getKey(), get(v, "d_" + p.getKey()), p.getValue().gradient()));
    }
}
