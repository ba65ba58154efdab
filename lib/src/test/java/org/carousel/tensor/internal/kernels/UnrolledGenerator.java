package org.carousel.tensor.internal.kernels;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.carousel.files.internal.AsideFile;

/**
 * Writes {@code VectorKernelsUnrolled.java}: {@code java -cp ... UnrolledGenerator lib/src/main/java}. A test holds the
 * file equal to what this makes of it, so change this and not the file.
 */
final class UnrolledGenerator {
    static final String FILE = "org/carousel/tensor/internal/kernels/VectorKernelsUnrolled.java";

    private final StringBuilder text = new StringBuilder();

    private UnrolledGenerator() {}

    public static void main(String[] arguments) {
        byte[] bytes = text().getBytes(StandardCharsets.UTF_8);
        AsideFile.write(Path.of(arguments[0], FILE), out -> out.write(bytes));
    }

    /** The whole file. */
    static String text() {
        UnrolledGenerator to = new UnrolledGenerator();
        to.text.append(
                """
                package org.carousel.tensor.internal.kernels;

                import static jdk.incubator.vector.FloatVector.broadcast;
                import static jdk.incubator.vector.FloatVector.fromArray;
                import static org.carousel.tensor.internal.kernels.Kernels.K_BLOCK;
                import static org.carousel.tensor.internal.kernels.VectorKernelsBlocks.AHEAD;
                import static org.carousel.tensor.internal.kernels.VectorKernelsBlocks.L;
                import static org.carousel.tensor.internal.kernels.VectorKernelsBlocks.S;
                import static org.carousel.tensor.internal.kernels.VectorKernelsBlocks.WIDTH;

                import jdk.incubator.vector.FloatVector;

                /**
                 * Made by UnrolledGenerator (beside the tests of this package), not by hand: C ← start + A · B for a block of C
                 * that stays in registers, R rows by two vectors. See {@link VectorKernelsBlocks} for why it is written out.
                 */
                final class VectorKernelsUnrolled {
                    private VectorKernelsUnrolled() {}
                """);
        to.block("rows8ByFour", 8, true, 4);
        to.block("rows8", 8, true, 1);
        to.block("rows4", 4, true, 1);
        to.block("columns8ByFour", 8, false, 4);
        to.block("columns8", 8, false, 1);
        to.block("columns4", 4, false, 1);
        return to.text.append("}\n").toString();
    }

    private void line(String line) {
        text.append(line.isEmpty() ? "" : "    ").append(line).append('\n');
    }

    /** One method: R rows, A row after row or column after column, some terms per turn of the loop. */
    private void block(String name, int rows, boolean byRows, int terms) {
        boolean reads = byRows && terms > 1; // the long one reads ahead
        line("");
        line("/**");
        line(" * " + rows + " rows; A lies "
                + (byRows ? "row after row, {@value Kernels#K_BLOCK} apart" : "column after column, each of " + rows)
                + (terms > 1 ? "; a multiple of " + terms + " terms." : "."));
        if (reads) {
            line(" *");
            line(" * @return a sum of what was read ahead, so that it is read");
        }
        line(" */");
        line("static " + (reads ? "float " : "void ") + name + "(");
        if (reads) {
            for (String parameter : new String[] {
                "int count",
                "float[] a",
                "int ao",
                "float[] b",
                "int bo",
                "int ahead",
                "float[] start",
                "int so",
                "int ss",
                "float[] c",
                "int co",
                "int cs) {"
            }) {
                line("        " + parameter + (parameter.endsWith("{") ? "" : ","));
            }
        } else {
            line("        int count, float[] a, int ao, float[] b, int bo, float[] start, int so, int ss, float[] c,"
                    + " int co, int cs) {");
        }
        for (int r = 0; r < rows; r++) {
            line("    FloatVector x" + r + " = fromArray(S, start, so" + times(r, "ss") + ");");
            line("    FloatVector y" + r + " = fromArray(S, start, so" + times(r, "ss") + " + L);");
        }
        if (reads) {
            line("    float read = 0;");
        }
        if (terms > 1) {
            line("    FloatVector u;");
            line("    FloatVector v;");
            line("    FloatVector t;");
            line("    for (int k = 0; k + " + terms + " <= count; k += " + terms
                    + ") { // HotSpot sees the last index and checks none in the loop");
        } else {
            line("    for (int k = 0; k < count; k++) {");
        }
        for (int term = 0; term < terms; term++) {
            term(rows, byRows, terms, term, reads);
        }
        line("    }");
        for (int r = 0; r < rows; r++) {
            line("    x" + r + ".intoArray(c, co" + times(r, "cs") + ");");
            line("    y" + r + ".intoArray(c, co" + times(r, "cs") + " + L);");
        }
        if (reads) {
            line("    return read;");
        }
        line("}");
    }

    private void term(int rows, boolean byRows, int terms, int term, boolean reads) {
        String type = terms > 1 ? "" : "FloatVector ";
        String k = term == 0 ? "k" : "(k + " + term + ")";
        if (term > 0) {
            line("");
        }
        line("        " + type + "u = fromArray(S, b, bo + " + k + " * WIDTH);");
        line("        " + type + "v = fromArray(S, b, bo + " + k + " * WIDTH + L);");
        if (reads && term == 0) {
            line("        read += b[ahead + k * (AHEAD / K_BLOCK)];");
        }
        for (int r = 0; r < rows; r++) {
            String t = terms > 1 ? "t" : "t" + r;
            String at =
                    byRows ? times(r, "K_BLOCK") + " + k" + plus(term) : " + " + rows + " * k" + plus(term * rows + r);
            line("        " + type + t + " = broadcast(S, a[ao" + at + "]);");
            line("        x" + r + " = " + t + ".fma(u, x" + r + ");");
            line("        y" + r + " = " + t + ".fma(v, y" + r + ");");
        }
    }

    private static String times(int factor, String distance) {
        return factor == 0 ? "" : factor == 1 ? " + " + distance : " + " + factor + " * " + distance;
    }

    private static String plus(int number) {
        return number == 0 ? "" : " + " + number;
    }
}
