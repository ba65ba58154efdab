package org.carousel.data.tasks;

import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Moving digits: pictures of 16×16 pixels in which one or two digits fly straight and bounce off the edges.
 *
 * <p>Tests memory of a place and of a direction: from one picture the next one cannot be told, from two it can, but for
 * the moments when digits overlap. A digit is a bitmap of 7 rows and 5 columns whose top left corner moves by whole
 * pixels, in each direction like a ball between two walls:
 *
 * <pre>
 * p(t+1) = p(t) + v        if that leaves 0..m, m = 9 (rows) or 11 (columns), it is mirrored at 0 or m and v → −v
 * </pre>
 *
 * <p>Places are drawn evenly, velocities from −2..2 in rows and in columns, not both 0. A pixel is 0 or 1; where digits
 * overlap it is the larger of both.
 *
 * <p>Source: after Srivastava, Mansimov and Salakhutdinov, Unsupervised learning of video representations using LSTMs,
 * arXiv:1502.04681, 2015 (Moving MNIST), who use two handwritten digits in 64×64 pixels.
 */
public final class MovingDigits {
    /** Rows and columns of a picture. */
    public static final int SIZE = 16;

    static final int ROWS = 7;
    static final int COLUMNS = 5;
    private static final int FASTEST = 2;

    /** Ten digits side by side, 5 columns each and one free between them. */
    private static final String[] FONT = {
        ".###. ..#.. .###. ####. ...#. ##### .###. ##### .###. .###.",
        "#...# .##.. #...# ....# ..##. #.... #.... ....# #...# #...#",
        "#...# ..#.. ....# ....# .#.#. #.... #.... ...#. #...# #...#",
        "#...# ..#.. ...#. .###. #..#. ####. ####. ..#.. .###. .####",
        "#...# ..#.. ..#.. ....# ##### ....# #...# ..#.. #...# ....#",
        "#...# ..#.. .#... ....# ...#. ....# #...# .#... #...# ....#",
        ".###. .###. ##### ####. ...#. ####. .###. .#... .###. .###."
    };

    private final int digits;

    private MovingDigits(int digits) {
        this.digits = digits;
    }

    /**
     * Pictures with so many digits.
     *
     * @param digits N, 1 or 2
     * @throws IllegalArgumentException for other numbers
     */
    public static MovingDigits of(int digits) {
        Require.inRange("moving digits", "digits", digits, 1, 2, "more do not fit into 16×16 pixels");
        return new MovingDigits(digits);
    }

    /**
     * Some films.
     *
     * @param frames the pictures [B×T×16×16], pixels 0 and 1
     * @param digits which digits fly [B×N], 0..9
     * @param places row and column of the top left corner of each digit [B×T×N×2]
     */
    public record Films(Tensor frames, int[][] digits, Tensor places) {}

    /**
     * Some films.
     *
     * @param batch B, at least 1
     * @param steps T, at least 1
     * @throws IllegalArgumentException when there is no film or no picture
     */
    public Films batch(RandomStream random, int batch, int steps) {
        Require.batch("batch", batch);
        Require.atLeast("batch", "steps", steps, 1, "the number of pictures of a film");
        float[] frames = Padding.buffer(batch, steps, SIZE, SIZE);
        float[] places = Padding.buffer(batch, steps, digits, 2);
        int[][] which = new int[batch][digits];
        for (int b = 0; b < batch; b++) {
            for (int n = 0; n < digits; n++) {
                which[b][n] = random.nextInt(10);
                Flight flight = new Flight(random);
                for (int t = 0; t < steps; t++) {
                    draw(frames, (b * steps + t) * SIZE * SIZE, which[b][n], flight);
                    int place = ((b * steps + t) * digits + n) * 2;
                    places[place] = flight.row;
                    places[place + 1] = flight.column;
                    flight.move();
                }
            }
        }
        return new Films(
                Tensor.wrap(frames, batch, steps, SIZE, SIZE), which, Tensor.wrap(places, batch, steps, digits, 2));
    }

    /**
     * The picture of a digit alone [7×5], pixels 0 and 1.
     *
     * @throws IllegalArgumentException unless the digit is in 0..9
     */
    public static Tensor bitmap(int digit) {
        Require.inRange("bitmap", "digit", digit, 0, 9, "a decimal digit");
        float[] pixels = new float[ROWS * COLUMNS];
        for (int p = 0; p < pixels.length; p++) {
            pixels[p] = isSet(digit, p / COLUMNS, p % COLUMNS) ? 1 : 0;
        }
        return Tensor.wrap(pixels, ROWS, COLUMNS);
    }

    private static boolean isSet(int digit, int row, int column) {
        return FONT[row].charAt(digit * (COLUMNS + 1) + column) == '#';
    }

    private static void draw(float[] frames, int frame, int digit, Flight flight) {
        for (int row = 0; row < ROWS; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                if (isSet(digit, row, column)) {
                    frames[frame + (flight.row + row) * SIZE + flight.column + column] = 1;
                }
            }
        }
    }

    /** Where a digit is and where it is going. */
    private static final class Flight {
        private int row;
        private int column;
        private int down;
        private int right;

        Flight(RandomStream random) {
            row = random.nextInt(SIZE - ROWS + 1);
            column = random.nextInt(SIZE - COLUMNS + 1);
            while (down == 0 && right == 0) {
                down = random.nextInt(-FASTEST, FASTEST + 1);
                right = random.nextInt(-FASTEST, FASTEST + 1);
            }
        }

        void move() {
            int nextRow = mirrored(row + down, SIZE - ROWS);
            int nextColumn = mirrored(column + right, SIZE - COLUMNS);
            down = nextRow == row + down ? down : -down;
            right = nextColumn == column + right ? right : -right;
            row = nextRow;
            column = nextColumn;
        }

        private static int mirrored(int place, int last) {
            return place < 0 ? -place : place > last ? 2 * last - place : place;
        }
    }
}
