package org.carousel.weights;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.carousel.layers.Parameters;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;

/**
 * Parameters in a safetensors file, under PyTorch's names: {@code torch} loads what this writes and the other way round.
 *
 * <p>PyTorch's recurrent layers hold two biases that are only ever added. Here there is one: loading adds {@code
 * bias_hh_l0} to {@code bias_ih_l0}, saving writes zeros for {@code bias_hh_l0}.
 *
 * <p>What a model of PyTorch keeps beside its weights, such as a counter of batches or a table of places in whole numbers,
 * does not stand in the way of loading.
 *
 * <p>A GRU, and weights in the gate orders of Keras, ONNX and Deeplearning4j, go through {@code recurrent.GateOrder}: their
 * layout is another one.
 */
public final class Checkpoint {
    private static final Pattern BIAS = Pattern.compile("(.*\\.)?bias_ih_l\\d+(_reverse)?");
    private static final Pattern FLOAT = Pattern.compile("B?F\\d.*");

    private Checkpoint() {}

    /** Writes all parameters; the file is complete or, on failure, as it was before. */
    public static void save(Path file, Parameters parameters) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, Tensor> p : parameters) {
            tensors.put(p.getKey(), p.getValue());
            if (BIAS.matcher(p.getKey()).matches()) {
                tensors.put(secondBias(p.getKey()), Tensor.zeros(p.getValue().shape()));
            }
        }
        SafeTensors.save(file, tensors);
    }

    /**
     * Sets all parameters from a file. Nothing is changed unless every one is there in the right shape.
     *
     * @throws IllegalArgumentException naming what is missing, left over or of another shape
     */
    public static void load(Path file, Parameters parameters) {
        Map<String, Tensor> stored = SafeTensors.load(file);
        Map<String, Tensor> values = new LinkedHashMap<>();
        Set<String> leftOver = new LinkedHashSet<>(stored.keySet());
        for (Map.Entry<String, Tensor> p : parameters) {
            String name = p.getKey();
            Tensor value = stored.get(name);
            if (value == null) {
                throw new IllegalArgumentException(
                        "load: " + file + " has no " + name + "; it holds " + stored.keySet());
            }
            leftOver.remove(name);
            Tensor second = BIAS.matcher(name).matches() ? stored.get(secondBias(name)) : null;
            if (second != null && second.shapeText().equals(value.shapeText())) {
                leftOver.remove(secondBias(name));
                value = value.plus(second);
            }
            if (!value.shapeText().equals(p.getValue().shapeText())) {
                throw new IllegalArgumentException("load: " + file + ": " + name + " is " + value.shapeText()
                        + " where the model has " + p.getValue().shapeText());
            }
            values.put(name, value);
        }
        Map<String, String> types = SafeTensors.types(file);
        leftOver.removeIf(
                name -> !FLOAT.matcher(types.getOrDefault(name, "F32")).matches());
        if (!leftOver.isEmpty()) {
            throw new IllegalArgumentException(
                    "load: " + file + " also holds " + leftOver + ", which the model has not");
        }
        values.forEach((name, value) -> parameters
                .get(name)
                .update(target -> System.arraycopy(Fused.array(value), Fused.offset(value), target, 0, target.length)));
    }

    private static String secondBias(String firstBias) {
        return firstBias.replace("bias_ih_l", "bias_hh_l");
    }
}
