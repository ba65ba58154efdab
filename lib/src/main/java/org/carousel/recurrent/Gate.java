package org.carousel.recurrent;

/**
 * The gates of an LSTM, in the order in which their rows lie in W, R and b: i, f, z, o; PyTorch calls them i, f, g, o.
 * The block input z is no gate in the strict sense, but has weights like one.
 */
public enum Gate {
    /** i, how much of the block input is written. */
    INPUT(0),
    /** f, how much of the cell state is kept. */
    FORGET(1),
    /** z, what may be written. */
    BLOCK_INPUT(2),
    /** o, how much of the cell state is shown. */
    OUTPUT(3);

    private final int place;

    Gate(int place) {
        this.place = place;
    }

    /** The place of its rows among those of the four, 0..3. */
    public int place() {
        return place;
    }
}
