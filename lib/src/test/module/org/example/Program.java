package org.example;

import java.nio.file.Files;
import java.nio.file.Path;
import org.carousel.layers.Affine;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;
import org.carousel.weights.Checkpoint;

/** Trains a few steps, saves and loads: what an engineer does with the jar alone. */
public final class Program {
    private Program() {}

    /** Fails when this is no named module or when nothing is learned. */
    public static void main(String[] args) throws Exception {
        Module own = Program.class.getModule();
        Module library = Tensor.class.getModule();
        require(own.isNamed() && library.getName().equals("org.carousel"), own + " and " + library);
        RandomStream random = RandomStream.of(1);
        Lstm lstm = Lstm.of(3, 16, random.split("lstm"));
        Affine head = Affine.of(16, 2, random.split("head"));
        Parameters parameters = Parameters.of("lstm", lstm).and("head", head);
        Optimizer adam = Optimizer.adam(0.01);
        Tensor x = Tensor.normal(random.split("x"), 1, 8, 5, 3);
        int[] classes = {0, 1, 0, 1, 0, 1, 0, 1};
        float first = 0;
        float last = 0;
        for (int step = 0; step < 40; step++) {
            Tensor loss = Loss.crossEntropy(head.apply(lstm.run(x).last().h()), classes);
            parameters.clearGradients();
            loss.backward();
            adam.step(parameters, 1);
            last = loss.item();
            first = step == 0 ? last : first;
        }
        require(last < 0.5 * first, "loss " + first + " became " + last);
        Path file = Files.createTempFile("module", ".safetensors");
        Checkpoint.save(file, parameters);
        Checkpoint.load(file, parameters);
        Files.delete(file);
        System.out.println(library + ": loss " + first + " became " + last);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }
}
