/**
 * Weights in files, ours and those of other frameworks.
 *
 * <p>{@link org.carousel.weights.Checkpoint} saves and loads named parameters, {@link org.carousel.weights.SafeTensors} is
 * the format; {@link org.carousel.weights.GateOrder} turns layers of PyTorch, Keras, ONNX and Deeplearning4j into cells
 * and back.
 *
 * <pre>{@code
 * Checkpoint.save(Path.of("model.safetensors"), parameters);
 * Checkpoint.load(Path.of("model.safetensors"), parameters);
 * }</pre>
 */
@NullMarked
package org.carousel.weights;

import org.jspecify.annotations.NullMarked;
