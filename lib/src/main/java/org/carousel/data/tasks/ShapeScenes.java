package org.carousel.data.tasks;

import java.util.ArrayList;
import java.util.List;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Pictures of two shapes, and the sentence that describes them.
 *
 * <pre>
 * a big square left of a small dark cross
 * </pre>
 *
 * <p>Tests one-to-many: a single picture, a sentence of many words, each about another part of the picture. A shape is a
 * square, disc, cross or triangle, big (7 pixels) or small (4), bright (1) or dark (0.5, named in the sentence). The first
 * shape of the sentence is the left or the upper one. The two lie apart in the direction of the sentence by at least a
 * pixel and overlap in the other direction, so that only one relation holds. Pixels carry noise.
 */
public final class ShapeScenes {
    /** Rows and columns of a picture. */
    public static final int SIZE = 16;

    private static final int BIG = 7;
    private static final int SMALL = 4;
    private static final double NOISE = 0.05;
    private static final List<String> SHAPES = List.of("square", "disc", "cross", "triangle");

    private ShapeScenes() {}

    /**
     * Pictures and their sentences.
     *
     * @param images [B×16×16×1], about 0..1
     * @param captions one for each
     */
    public record Batch(Tensor images, List<String> captions) {}

    private record Shape(int kind, boolean big, boolean dark, int row, int column) {
        int size() {
            return big ? BIG : SMALL;
        }

        String words() {
            return "a " + (big ? "big" : "small") + (dark ? " dark " : " ") + SHAPES.get(kind);
        }

        /** Whether a pixel of its own square of {@code size} pixels is filled. */
        boolean filled(int r, int c) {
            int n = size();
            double y = r - (n - 1) / 2.0;
            double x = c - (n - 1) / 2.0;
            return switch (kind) {
                case 0 -> true;
                case 1 -> x * x + y * y <= n * n / 4.0 - 0.2;
                case 2 -> Math.abs(x) < n / 6.0 + 0.2 || Math.abs(y) < n / 6.0 + 0.2;
                default -> Math.abs(x) <= (r + 1) / 2.0;
            };
        }
    }

    /** Some scenes, drawn evenly over shapes, sizes, shades and relations. */
    public static Batch batch(RandomStream random, int batch) {
        float[] pixels = new float[Require.batch("shape scenes", batch) * SIZE * SIZE];
        List<String> captions = new ArrayList<>();
        for (int b = 0; b < batch; b++) {
            captions.add(scene(random, pixels, b * SIZE * SIZE));
        }
        for (int at = 0; at < pixels.length; at++) {
            pixels[at] += (float) (NOISE * random.nextGaussian());
        }
        return new Batch(Tensor.wrap(pixels, batch, SIZE, SIZE, 1), captions);
    }

    private static String scene(RandomStream random, float[] pixels, int at) {
        boolean across = random.nextBoolean();
        int firstKind = random.nextInt(SHAPES.size());
        int secondKind = random.nextInt(SHAPES.size());
        boolean[] is = new boolean[4];
        for (int k = 0; k < is.length; k++) {
            is[k] = random.nextBoolean();
        }
        int first = is[0] ? BIG : SMALL;
        int second = is[1] ? BIG : SMALL;
        int near = random.nextInt(SIZE - first - second);
        int far = random.nextInt(near + first + 1, SIZE - second + 1);
        int side = random.nextInt(SIZE - first + 1);
        int otherSide = random.nextInt(Math.max(0, side - second + 2), Math.min(SIZE - second, side + first - 2) + 1);
        Shape a = new Shape(firstKind, is[0], is[2], across ? side : near, across ? near : side);
        Shape b = new Shape(secondKind, is[1], is[3], across ? otherSide : far, across ? far : otherSide);
        draw(a, pixels, at);
        draw(b, pixels, at);
        return a.words() + (across ? " left of " : " above ") + b.words();
    }

    private static void draw(Shape shape, float[] pixels, int at) {
        for (int r = 0; r < shape.size(); r++) {
            for (int c = 0; c < shape.size(); c++) {
                if (shape.filled(r, c)) {
                    pixels[at + (shape.row + r) * SIZE + shape.column + c] = shape.dark ? 0.5f : 1f;
                }
            }
        }
    }
}
