package org.carousel.attention.internal;

import org.carousel.tensor.Tensor;

/** What the streams of decoders ask of what they are given. */
public final class StreamSizes {
    private StreamSizes() {}

    /** Throws unless the source and the state have as many sequences. */
    public static void requireSame(String what, int sources, Tensor state) {
        if (state.rank() == 0 || state.size(0) != sources) {
            throw new IllegalArgumentException(
                    what + ": stream from a state " + state.shapeText() + " over " + sources + " sources");
        }
    }

    /** Throws unless there is a token for every sequence. */
    public static void requireTokens(String what, int batch, int... tokens) {
        if (tokens.length != batch) {
            throw new IllegalArgumentException(what + ": step with " + tokens.length + " tokens for " + batch
                    + " sequences; one for each is needed");
        }
    }
}
