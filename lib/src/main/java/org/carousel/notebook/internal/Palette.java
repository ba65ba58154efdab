package org.carousel.notebook.internal;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.Arrays;

/**
 * A picture in its 256 most frequent colours, which makes the file of a chart a third as large: charts have few colours,
 * and the mixtures at the edges of letters and lines are hardly told apart.
 */
final class Palette {
    private static final int MOST = 256;

    /** How many bits are kept of red, green and blue where colours are counted. */
    private static final int BITS = 5;

    private Palette() {}

    static BufferedImage of(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        int[] count = new int[1 << (3 * BITS)];
        long[][] sums = new long[3][count.length];
        for (int p : pixels) {
            int b = bucket(p);
            count[b]++;
            sums[0][b] += (p >> 16) & 0xFF;
            sums[1][b] += (p >> 8) & 0xFF;
            sums[2][b] += p & 0xFF;
        }
        int[] buckets = java.util.stream.IntStream.range(0, count.length)
                .filter(b -> count[b] > 0)
                .boxed()
                .sorted((a, b) -> Integer.compare(count[b], count[a])) // stable: equal counts keep their order
                .mapToInt(b -> b)
                .toArray();
        int n = Math.min(MOST, buckets.length);
        byte[][] palette = new byte[3][n];
        byte[] index = new byte[count.length];
        for (int k = 0; k < n; k++) {
            int b = buckets[k];
            for (int c = 0; c < 3; c++) {
                palette[c][k] = (byte) ((sums[c][b] + count[b] / 2) / count[b]);
            }
            index[b] = (byte) k;
        }
        Arrays.stream(buckets).skip(n).forEach(b -> index[b] = (byte) nearest(palette, sums, b, count[b]));
        byte[] out = new byte[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            out[i] = index[bucket(pixels[i])];
        }
        IndexColorModel colours = new IndexColorModel(8, n, palette[0], palette[1], palette[2]);
        BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, colours);
        result.getRaster().setDataElements(0, 0, width, height, out);
        return result;
    }

    private static int bucket(int rgb) {
        int cut = 8 - BITS;
        return ((rgb >> 16) & 0xFF) >> cut << (2 * BITS) | ((rgb >> 8) & 0xFF) >> cut << BITS | (rgb & 0xFF) >> cut;
    }

    private static int nearest(byte[][] palette, long[][] sums, int bucket, int count) {
        int best = 0;
        long least = Long.MAX_VALUE;
        for (int k = 0; k < palette[0].length; k++) {
            long distance = 0;
            for (int c = 0; c < 3; c++) {
                long d = sums[c][bucket] / count - (palette[c][k] & 0xFF);
                distance += d * d;
            }
            if (distance < least) {
                least = distance;
                best = k;
            }
        }
        return best;
    }
}
