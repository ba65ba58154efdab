package org.carousel.recurrent.internal;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.carousel.recurrent.Cell;
import org.carousel.tensor.Tensor;

/**
 * A cell whose equations stand in {@link #inspectStep}: a step computes all that can be looked at, and carries a part of
 * it on.
 *
 * @param <S> the state carried from step to step
 */
public interface InspectedCell<S> extends Cell<S> {
    @Override
    Map<String, Tensor> inspectStep(Tensor x, S previous);

    /** Under which names {@link #inspectStep} has the parts of the next state, in the order of {@link #tensors}. */
    default List<String> carried() {
        return List.of("h");
    }

    @Override
    default S step(Tensor x, S previous) {
        requireStep(x, previous);
        Map<String, Tensor> all = inspectStep(x, previous);
        return state(carried().stream()
                .map(name -> Objects.requireNonNull(all.get(name), name))
                .toList());
    }
}
