package org.carousel.files.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An array in NumPy's format, versions 1.0 to 3.0, of float16, float32 or float64 in either byte order; it becomes float32.
 *
 * <pre>
 * 6 bytes   0x93 NUMPY      2 bytes   version      2 bytes (4 from version 2.0 on)   N, little endian
 * N bytes   {'descr': '&lt;f4', 'fortran_order': False, 'shape': (V, D), } and spaces to a multiple of 64
 * the rest  the numbers, the last index fastest (in Fortran's order the first one)
 * </pre>
 *
 * @param shape the sizes, none for a single number
 * @param values the last index fastest
 */
public record NumpyArray(int[] shape, float[] values) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern TYPE = Pattern.compile("'descr':\\s*'([<>])f([248])'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(((?:\\d{1,10}, ?){0,64}(?:\\d{1,10})?)\\)");
    private static final int ALIGNMENT = 64;
    private static final int PIECE = 1 << 16; // bytes; also the longest header

    /**
     * Reads to the end of the file, whose length may be {@link Long#MAX_VALUE} when nobody knows it; then memory is taken as
     * bytes arrive.
     */
    public static NumpyArray read(ByteReader in) throws IOException {
        String header = header(in);
        Matcher type = find(in, TYPE, header, "a type of '<f2', '<f4' or '<f8'");
        int[] shape =
                shape(in, find(in, SHAPE, header, "a shape such as (V, D)").group(1));
        boolean byColumns = find(in, ORDER, header, "an order").group(1).equals("True");
        int width = Integer.parseInt(type.group(2));
        long count = 1;
        for (int size : shape) {
            count = Math.min(count * size, Integer.MAX_VALUE); // both below 2^31
        }
        long left = in.length() - in.position();
        if (count > Integer.MAX_VALUE / 8 || (in.length() < Long.MAX_VALUE && count * width != left)) {
            throw in.damaged("byte " + in.position() + ": an array " + Arrays.toString(shape) + " of " + width
                    + " bytes per number "
                    + (count > Integer.MAX_VALUE / 8
                            ? "is too large"
                            : "does not fill the " + left + " bytes that follow"));
        }
        ByteOrder order = type.group(1).equals("<") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        float[] values = numbers(in, (int) count, width, order);
        if (in.read() >= 0) {
            throw in.damaged("byte " + (in.position() - 1) + ": more bytes than the header says");
        }
        return new NumpyArray(shape, byColumns ? byRows(values, shape) : values);
    }

    private static String header(ByteReader in) throws IOException {
        byte[] begin = in.exactly(8, "the beginning of an array of NumPy");
        for (int i = 0; i < MAGIC.length; i++) {
            if (begin[i] != MAGIC[i]) {
                throw in.damaged("byte " + i + ": not the beginning of an array of NumPy");
            }
        }
        if (begin[6] < 1 || begin[6] > 3) {
            throw in.damaged("byte 6: version " + begin[6] + " of NumPy's format; 1 to 3 can be read");
        }
        byte[] length = in.exactly(begin[6] == 1 ? 2 : 4, "the length of the header");
        int n = 0;
        for (int i = length.length - 1; i >= 0; i--) {
            n = n << 8 | (length[i] & 0xFF);
        }
        if (n < 0 || n > PIECE) {
            throw in.damaged(
                    "byte 8: a header of " + Integer.toUnsignedString(n) + " bytes; at most " + PIECE + " make sense");
        }
        return new String(in.exactly(n, "the header"), StandardCharsets.UTF_8);
    }

    private static Matcher find(ByteReader in, Pattern pattern, String header, String what) {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw in.damaged("the header '" + header.strip() + "' lacks " + what);
        }
        return matcher;
    }

    private static int[] shape(ByteReader in, String sizes) {
        String[] each = sizes.isBlank() ? new String[0] : sizes.split(", *");
        int[] shape = new int[each.length];
        for (int i = 0; i < shape.length; i++) {
            long size = Long.parseLong(each[i]);
            if (size > Integer.MAX_VALUE) {
                throw in.damaged("the header: a size of " + size + " is too large");
            }
            shape[i] = (int) size;
        }
        return shape;
    }

    private static float[] numbers(ByteReader in, int count, int width, ByteOrder order) throws IOException {
        int most = PIECE / width;
        float[] values = new float[in.length() < Long.MAX_VALUE ? count : Math.min(count, most)];
        for (int at = 0; at < count; ) {
            int n = Math.min(most, count - at);
            ByteBuffer piece =
                    ByteBuffer.wrap(in.exactly(n * width, "the array")).order(order);
            if (at + n > values.length) {
                values = Arrays.copyOf(values, (int) Math.min(count, 2L * (at + n)));
            }
            for (int end = at + n; at < end; at++) {
                values[at] = switch (width) {
                    case 2 -> half(piece.getShort());
                    case 4 -> piece.getFloat();
                    default -> (float) piece.getDouble();
                };
            }
        }
        return values;
    }

    /** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */
    public static float half(short bits) {
        int exponent = (bits >> 10) & 31;
        int fraction = bits & 1023;
        float magnitude =
                switch (exponent) {
                    case 0 -> fraction * 0x1p-24f;
                    case 31 -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
                    default -> Float.intBitsToFloat((exponent + 112) << 23 | fraction << 13);
                };
        return bits < 0 ? -magnitude : magnitude;
    }

    /** The last index fastest instead of the first one. */
    private static float[] byRows(float[] byColumns, int[] shape) {
        float[] values = new float[byColumns.length];
        int[] index = new int[shape.length];
        for (float value : byColumns) {
            int at = 0;
            for (int d = 0; d < shape.length; d++) {
                at = at * shape[d] + index[d];
            }
            values[at] = value;
            for (int d = 0; d < shape.length && ++index[d] == shape[d]; d++) {
                index[d] = 0;
            }
        }
        return values;
    }

    /** What stands before the numbers of a matrix of float32 in rows. */
    public static byte[] headerOf(int rows, int columns) {
        String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows + ", " + columns + "), }";
        int used = MAGIC.length + 4 + dictionary.length() + 1;
        String text = dictionary + " ".repeat(Math.floorMod(-used, ALIGNMENT)) + "\n";
        return ByteBuffer.allocate(MAGIC.length + 4 + text.length())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .put(new byte[] {1, 0})
                .putShort((short) text.length())
                .put(text.getBytes(StandardCharsets.US_ASCII))
                .array();
    }
}
