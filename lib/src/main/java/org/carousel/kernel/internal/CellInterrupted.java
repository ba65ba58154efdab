package org.carousel.kernel.internal;

/** Ends a cell that the reader interrupted. An {@code Error}, so that {@code catch (Exception e)} in a loop lets it pass. */
final class CellInterrupted extends Error {
    private static final long serialVersionUID = 1;

    /** For threads that fill the heap: made before there is no memory for it, so without the place where it is thrown. */
    @SuppressWarnings("StaticAssignmentOfThrowable")
    static final CellInterrupted WITHOUT_MEMORY = new CellInterrupted(false);

    CellInterrupted() {
        this(true);
    }

    private CellInterrupted(boolean hasTrace) {
        super("interrupted", null, hasTrace, hasTrace);
    }
}
