package org.carousel.notebook.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.Adler32;
import java.util.zip.CRC32;

/**
 * A matrix as a small picture, one square per value, in the colours of our charts: blue below and orange above a white 0,
 * or white to blue when nothing is negative. A large matrix is drawn in blocks, each as the mean of its values. What
 * is no number is grey.
 *
 * <p>The picture is a PNG written here, of at most {@value #MOST}² pixels with a palette: its bytes are the same
 * everywhere, which those of a compressor are not, because HTML that holds them is compared when notebooks are verified.
 *
 * @param pixels rows of indices into the palette
 * @param tall how many rows of the matrix one square stands for
 * @param wide how many columns
 * @param bound the value of the strongest colour
 * @param signed whether 0 is in the middle of the colours
 */
record HeatMap(byte[][] pixels, int tall, int wide, double bound, boolean signed) {
    private static final int MOST = 64;
    private static final int LEAST_SIDE = 4; // on the page, in its pixels
    private static final int MOST_SIDE = 16;
    private static final int THINNEST = 16; // a strip of one row
    private static final int NO_NUMBER = 0;
    private static final int ZERO = 128; // of signed colours; 1 is the lowest, 255 the highest
    private static final int[] DIVERGING = {0x053061, 0x4393C3, 0xFFFFFF, 0xE68C3C, 0x8C3C00};
    private static final int[] SEQUENTIAL = {0xFFFFFF, 0x9ECAE1, 0x08306B};
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    static HeatMap of(int rows, int columns, Grid.Cells cells) {
        int tall = (rows + MOST - 1) / MOST;
        int wide = (columns + MOST - 1) / MOST;
        double[][] means = new double[(rows + tall - 1) / tall][(columns + wide - 1) / wide];
        double bound = 0;
        boolean signed = false;
        for (int r = 0; r < means.length; r++) {
            for (int c = 0; c < means[r].length; c++) {
                double mean = mean(
                        r * tall, Math.min(rows, (r + 1) * tall), c * wide, Math.min(columns, (c + 1) * wide), cells);
                means[r][c] = mean;
                if (Double.isFinite(mean)) {
                    bound = Math.max(bound, Math.abs(mean));
                    signed |= mean < 0;
                }
            }
        }
        byte[][] pixels = new byte[means.length][means[0].length];
        for (int r = 0; r < pixels.length; r++) {
            for (int c = 0; c < pixels[r].length; c++) {
                pixels[r][c] = (byte) index(means[r][c], bound, signed);
            }
        }
        return new HeatMap(pixels, tall, wide, bound, signed);
    }

    private static double mean(int top, int bottom, int left, int right, Grid.Cells cells) {
        double sum = 0;
        for (int r = top; r < bottom; r++) {
            for (int c = left; c < right; c++) {
                sum += cells.get(r, c);
            }
        }
        return sum / ((double) (bottom - top) * (right - left));
    }

    private static int index(double value, double bound, boolean signed) {
        if (!Double.isFinite(value)) {
            return NO_NUMBER;
        }
        double part = bound == 0 ? 0 : value / bound;
        return signed ? ZERO + (int) Math.rint(part * (ZERO - 1)) : 1 + (int) Math.rint(part * 254);
    }

    /** The picture, and under it what its colours mean. */
    String html(String description) {
        int rows = pixels.length;
        int columns = pixels[0].length;
        int side = Math.max(LEAST_SIDE, Math.min(MOST_SIDE, MOST * LEAST_SIDE / Math.max(rows, columns)));
        int width = Math.max(THINNEST, columns * side);
        int height = Math.max(THINNEST, rows * side);
        return "<div><img alt=\"" + Rendering.escape(description) + "\" width=\"" + width + "\" height=\"" + height
                + "\" style=\"image-rendering:pixelated;max-width:none;width:" + width + "px;height:" + height
                + "px\" src=\"data:image/png;base64," + Base64.getEncoder().encodeToString(png())
                + "\"><div><small>" + Rendering.escape(legend()) + "</small></div></div>";
    }

    private String legend() {
        String colours = signed
                ? "blue " + Grid.number(-bound) + ", white 0, orange " + Grid.number(bound)
                : "white 0, blue " + Grid.number(bound);
        return colours + (tall * wide == 1 ? "" : "; one square: mean of " + tall + "×" + wide + " values");
    }

    // ------------------------------------------------------------------ the file format

    byte[] png() {
        ByteBuffer head = ByteBuffer.allocate(13);
        head.putInt(pixels[0].length).putInt(pixels.length);
        head.put((byte) 8).put((byte) 3); // eight bits per pixel, with a palette
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        chunk(out, "IHDR", head.array());
        chunk(out, "PLTE", palette());
        chunk(out, "IDAT", stored());
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 check = new CRC32();
        check.update(name);
        check.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(name);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) check.getValue()).array());
    }

    /** The rows, each behind the number of its filter (none), as a zlib stream of one block that is not compressed. */
    private byte[] stored() {
        int length = pixels.length * (1 + pixels[0].length);
        ByteBuffer rows = ByteBuffer.allocate(length);
        for (byte[] row : pixels) {
            rows.put((byte) 0).put(row);
        }
        Adler32 check = new Adler32();
        check.update(rows.array());
        ByteBuffer stream = ByteBuffer.allocate(11 + length);
        stream.put((byte) 0x78).put((byte) 0x01).put((byte) 1);
        stream.putShort(Short.reverseBytes((short) length)).putShort(Short.reverseBytes((short) ~length));
        return stream.put(rows.array()).putInt((int) check.getValue()).array();
    }

    private byte[] palette() {
        ByteBuffer colours = ByteBuffer.allocate(3 * 256);
        put(colours, 0x999999);
        int[] stops = signed ? DIVERGING : SEQUENTIAL;
        for (int k = 0; k < 255; k++) {
            int at = k * (stops.length - 1);
            int stop = Math.min(at / 254, stops.length - 2);
            put(colours, between(stops[stop], stops[stop + 1], at - 254 * stop));
        }
        return colours.array();
    }

    private static void put(ByteBuffer colours, int rgb) {
        colours.put((byte) (rgb >> 16)).put((byte) (rgb >> 8)).put((byte) rgb);
    }

    /** {@code part} 254ths of the way from one colour to another. */
    private static int between(int from, int to, int part) {
        int rgb = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int a = (from >> shift) & 0xFF;
            int b = (to >> shift) & 0xFF;
            rgb |= ((a * (254 - part) + b * part + 127) / 254) << shift;
        }
        return rgb;
    }
}
