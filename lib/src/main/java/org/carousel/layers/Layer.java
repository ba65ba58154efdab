package org.carousel.layers;

/** Something with parameters. */
@FunctionalInterface
public interface Layer {
    /** Its parameters under PyTorch's names, always in the same order. */
    Parameters parameters();
}
