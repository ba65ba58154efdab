package org.carousel.training;

/** Training met a loss or gradient that is not a finite number. The parameters are those of the last good step. */
public final class DivergedException extends ArithmeticException {
    private final transient History history;

    DivergedException(String message, History history) {
        super(message);
        this.history = history;
    }

    /** What training saw until then. */
    public History history() {
        return history;
    }
}
