package org.carousel.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.carousel.files.internal.NumpyArray;
import org.jspecify.annotations.Nullable;

/** The elements of one tensor in a file, little endian, mapped into memory piece by piece and turned into floats. */
final class Elements {
    /** The types that are read. */
    static final Set<String> KINDS = new TreeSet<>(Set.of(
            "F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2", "BOOL", "I8", "U8", "I16", "U16", "I32", "U32", "I64",
            "U64"));

    private static final int PIECE = 1 << 26; // bytes

    private Elements() {}

    /** Some bytes of a file. */
    @FunctionalInterface
    interface Bytes {
        ByteBuffer at(long from, long count) throws IOException;
    }

    /**
     * Reads.
     *
     * @param type one of {@link #KINDS}
     * @param to takes the values
     * @return null, or why a float cannot hold them; then nothing was taken
     */
    static @Nullable String read(Bytes in, long begin, String type, int size, Consumer<float[]> to) throws IOException {
        float[] values = new float[size];
        int width = width(type);
        for (int at = 0; at < size; ) {
            int n = Math.min(PIECE / width, size - at);
            ByteBuffer piece =
                    in.at(begin + (long) at * width, (long) n * width).order(ByteOrder.LITTLE_ENDIAN);
            if (type.equals("F32")) {
                piece.asFloatBuffer().get(values, at, n);
                at += n;
                continue;
            }
            for (int end = at + n; at < end; at++) {
                if (type.charAt(0) == 'F' || type.equals("BF16")) {
                    values[at] = number(piece, type);
                } else {
                    long whole = whole(piece, type);
                    values[at] = whole;
                    if ((long) values[at] != whole || whole == Long.MAX_VALUE || (type.equals("U64") && whole < 0)) {
                        return "is of type " + type + " and holds "
                                + (type.equals("U64") ? Long.toUnsignedString(whole) : Long.toString(whole))
                                + ", which is no float";
                    }
                }
            }
        }
        to.accept(values);
        return null;
    }

    private static int width(String type) {
        return switch (type) {
            case "F64", "I64", "U64" -> 8;
            case "F32", "I32", "U32" -> 4;
            case "F16", "BF16", "I16", "U16" -> 2;
            default -> 1;
        };
    }

    private static float number(ByteBuffer in, String type) {
        return switch (type) {
            case "F64" -> (float) in.getDouble();
            case "BF16" -> Float.intBitsToFloat(in.getShort() << 16);
            case "F16" -> NumpyArray.half(in.getShort());
            case "F8_E5M2" -> NumpyArray.half((short) (in.get() << 8)); // the upper half of binary16
            default -> e4m3(in.get());
        };
    }

    private static long whole(ByteBuffer in, String type) {
        return switch (type) {
            case "I8" -> in.get();
            case "I16" -> in.getShort();
            case "U16" -> in.getShort() & 0xFFFF;
            case "I32" -> in.getInt();
            case "U32" -> in.getInt() & 0xFFFFFFFFL;
            case "I64", "U64" -> in.getLong();
            default -> in.get() & 0xFF;
        };
    }

    /** 1 sign, 4 exponent and 3 fraction bits, no infinity; Micikevicius et al. 2022, arXiv:2209.05433, table 1. */
    private static float e4m3(byte bits) {
        int exponent = (bits >> 3) & 15;
        int fraction = bits & 7;
        float magnitude = (bits & 0x7F) == 0x7F
                ? Float.NaN
                : exponent == 0 ? fraction * 0x1p-9f : Float.intBitsToFloat((exponent + 120) << 23 | fraction << 20);
        return bits < 0 ? -magnitude : magnitude;
    }
}
