package org.carousel.benchmark;

import org.carousel.layers.Affine;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;

/** The workload of {@code lstm.py}: x [B×64×I], a head of 64 classes at every step, cross-entropy, SGD. */
final class TrainingStep {
    static final int STEPS = 64;
    private static final int CLASSES = 64;

    private final Parameters parameters;
    private final Optimizer optimizer = Optimizer.sgd(0.05);
    private final int[] targets;
    final Cell<?> cell;
    final Affine head;
    final Tensor x;

    TrainingStep(Cell<?> cell, int batch, RandomStream random) {
        this.cell = cell;
        head = Affine.of(cell.hiddenSize(), CLASSES, random.split("head"));
        parameters = Parameters.of("cell", cell).and("head", head);
        x = Tensor.normal(random.split("x"), 1, batch, STEPS, cell.inputSize());
        targets = new int[batch * STEPS];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = random.nextInt(CLASSES);
        }
    }

    /** An LSTM with as many inputs as units, of a batch and a hidden size such as {@code 16x128}. */
    static TrainingStep ofLstm(String shape) {
        int batch = Integer.parseInt(shape.split("x")[0]);
        int hiddenSize = Integer.parseInt(shape.split("x")[1]);
        RandomStream random = RandomStream.of(1);
        return new TrainingStep(Lstm.of(hiddenSize, hiddenSize, random.split("lstm")), batch, random);
    }

    /** The rest of a step after h [B×64×H] was computed with cleared gradients. */
    float after(Tensor h) {
        Tensor loss = Loss.crossEntropy(head.apply(h), targets);
        loss.backward();
        optimizer.step(parameters, 1);
        return loss.item();
    }

    void clear() {
        parameters.clearGradients();
    }
}
