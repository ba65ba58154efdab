package org.carousel.kernel.internal;

/** Ends a cell that the reader interrupted. An {@code Error}, so that {@code catch (Exception e)} in a loop lets it pass. */
final class CellInterrupted extends Error {
    private static final long serialVersionUID = 1;

    CellInterrupted() {
        super("interrupted");
    }
}
