package org.carousel.data.tasks;

/** Checks of arguments whose messages name the operation, the value, the range and a hint. */
final class Require {
    private Require() {}

    /** The value, which must be in low..high. */
    static int inRange(String operation, String name, int value, int low, int high, String hint) {
        if (value < low || value > high) {
            String range = high == Integer.MAX_VALUE ? "at least " + low : "in " + low + ".." + high;
            throw new IllegalArgumentException(
                    operation + ": " + name + " " + value + " must be " + range + " (" + hint + ")");
        }
        return value;
    }

    /** The value, which must be low or more. */
    static int atLeast(String operation, String name, int value, int low, String hint) {
        return inRange(operation, name, value, low, Integer.MAX_VALUE, hint);
    }

    /** A number of sequences, which must be 1 or more. */
    static int batch(String operation, int batch) {
        return atLeast(operation, "batch", batch, 1, "the number of sequences");
    }
}
