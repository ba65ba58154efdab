package org.carousel.kernel.internal;

/** What a value of a cell threw when it was to be shown. */
final class CellFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final String name;

    CellFailure(String className, String message) {
        super(message);
        this.name = className;
    }

    /** The class of the exception. */
    String name() {
        return name;
    }
}
