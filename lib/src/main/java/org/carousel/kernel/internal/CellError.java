package org.carousel.kernel.internal;

/** What a cell may not do. */
final class CellError extends Error {
    private static final long serialVersionUID = 1;

    CellError(String message) {
        super(message);
    }
}
