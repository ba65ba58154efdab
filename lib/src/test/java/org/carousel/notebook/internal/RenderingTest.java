package org.carousel.notebook.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.AbstractList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.carousel.plot.Plots;
import org.carousel.tensor.Tensor;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class RenderingTest {
    @Test
    void matricesAreCompactTables() {
        Rendering small = Rendering.of(new SimpleMatrix(new double[][] {{1, 2.5}, {-3, 1e-9}}));
        assertEquals(
                "Matrix [2×2]\n         1    2.5000\n        -3  1.00e-09",
                small.data().get("text/plain"));
        assertTrue(small.data().get("text/html").contains("<td style=\"text-align:right\">2.5000</td>"));
    }

    @Test
    void largeMatricesAreAPictureAndACorner() throws IOException {
        Rendering large = Rendering.of(numbers(-1000, 100, 50));
        String[] lines = large.plain().split("\n");
        assertEquals("Tensor [100×50]: min -1000, max 3999, mean 1499.5000", lines[0]);
        assertEquals(1 + 5 + 1 + 2, lines.length, "head, gap and tail");
        assertEquals(8, lines[1].trim().split("\\s+").length);
        String html = large.data().get("text/html");
        assertTrue(html.startsWith("<div>" + lines[0] + "</div>"), html);
        assertTrue(html.contains("alt=\"heat map of Tensor [100×50]\""), html);
        assertTrue(html.contains("one square: mean of 2×1 values"), html);
        assertTrue(html.length() < 8000, "as short as a table: " + html.length());
        BufferedImage picture = picture(html);
        assertEquals(50, picture.getWidth());
        assertEquals(50, picture.getHeight());
        assertEquals(0x8C3C00, picture.getRGB(49, 49) & 0xFFFFFF, "the largest is the strongest orange");
        assertEquals(html, Rendering.of(numbers(-1000, 100, 50)).data().get("text/html"));
    }

    @Test
    void whatIsNoNumberIsGreyAndCounted() throws IOException {
        SimpleMatrix matrix = new SimpleMatrix(20, 20);
        matrix.set(3, 4, Double.NaN);
        matrix.set(0, 1, 2);
        Rendering shown = Rendering.of(matrix);
        assertTrue(shown.plain().startsWith("Matrix [20×20]: min 0, max 2, mean 0.0050, 1 NaN or infinite\n"));
        BufferedImage picture = picture(shown.data().get("text/html"));
        assertEquals(0x999999, picture.getRGB(4, 3) & 0xFFFFFF);
        assertEquals(0xFFFFFF, picture.getRGB(0, 0) & 0xFFFFFF);
        assertEquals(0x08306B, picture.getRGB(1, 0) & 0xFFFFFF);
        matrix.fill(Double.NEGATIVE_INFINITY);
        assertTrue(Rendering.of(matrix).plain().startsWith("Matrix [20×20]: no number, 400 NaN or infinite\n"));
    }

    @Test
    void higherRanksShowTheirFirstSliceAndVectorsAStrip() throws IOException {
        Tensor deep = Tensor.zeros(2, 3, 20, 30);
        assertTrue(Rendering.of(deep)
                .plain()
                .startsWith("Tensor [2×3×20×30], slice [0, 0, :, :]: min 0, max 0, mean 0\n"));
        BufferedImage strip = picture(Rendering.of(numbers(0, 1000)).data().get("text/html"));
        assertEquals(1, strip.getHeight());
        assertEquals(63, strip.getWidth(), "blocks of 16");
        assertFalse(Rendering.of(Tensor.zeros(2, 2, 2)).data().containsKey("text/html"));
        assertFalse(Rendering.of(Tensor.zeros(16, 16)).data().get("text/html").contains("<img"));
    }

    private static Tensor numbers(int first, int... shape) {
        float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int k = 0; k < values.length; k++) {
            values[k] = first + k;
        }
        return Tensor.wrap(values, shape);
    }

    /** The picture in the HTML, read by Java's own decoder, which checks what the encoder wrote. */
    private static BufferedImage picture(String html) throws IOException {
        String start = "base64,";
        int from = html.indexOf(start) + start.length();
        byte[] png = Base64.getDecoder().decode(html.substring(from, html.indexOf('"', from)));
        return ImageIO.read(new ByteArrayInputStream(png));
    }

    @Test
    void eightRowsAreShownWhole() {
        String text = Rendering.of(Tensor.zeros(8, 8)).data().get("text/plain");
        assertFalse(text.contains("…"));
        assertTrue(Rendering.of(Tensor.zeros(9, 9)).data().get("text/plain").contains("…"));
    }

    @Test
    void tablesAreEscapedAndCut() {
        String[] names = new String[30];
        double[] values = new double[30];
        Arrays.fill(names, "<b>&\"");
        Table table = Table.create("t", StringColumn.create("na<me", names), DoubleColumn.create("value", values));
        String html = Rendering.of(table).data().get("text/html");
        assertTrue(html.contains("<th>na&lt;me</th>") && html.contains("&lt;b&gt;&amp;&quot;"), html);
        assertEquals(Rendering.of(table).data(), Rendering.of(table).data());
        assertEquals(1 + 20, html.split("<tr>", -1).length - 1, "a header and twenty rows");
        assertTrue(html.contains("30 rows, the first 20 shown"));
    }

    @Test
    void chartsAreImagesWithText() throws IOException {
        Rendering chart = Rendering.of(Plots.line("Loss", "step", "nats", 3, 2, 1));
        String words = "[chart] Loss. One curve. x: step, 0 to 2. y: nats, 1 to 3. "
                + "first 3, last 1, least 1 at 2, largest 3 at 0.";
        assertEquals(words, chart.plain());
        String html = chart.data().getOrDefault("text/html", "");
        assertTrue(html.startsWith("<img alt=\"" + words + "\" width=\"720\" height=\"360\" src=\"data:"), html);
        assertEquals(1440, picture(html).getWidth());
        byte[] png = Base64.getDecoder().decode(chart.data().get("image/png"));
        assertArrayEquals(new byte[] {(byte) 0x89, 'P', 'N', 'G'}, Arrays.copyOf(png, 4));
        assertEquals(words, chart.imageSize().get("alt"));
        assertEquals(720, chart.imageSize().get("width"));
    }

    /** XChart draws each of these segments by itself, which takes a minute or more; the ticks of so few x are soon found. */
    @Test
    @Timeout(60)
    void drawingEndsWithAnInterrupt() throws InterruptedException {
        XYChart large = new XYChartBuilder().build();
        double[] x = IntStream.range(0, 3_000_000).mapToDouble(i -> i % 100).toArray();
        large.addSeries("noise", x, new Random(1).doubles(x.length).toArray());
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread cell = new Thread(() -> Rendering.of(large));
        cell.setUncaughtExceptionHandler((thread, e) -> thrown.set(e));
        cell.start();
        while (drawing().isEmpty()) {
            Thread.sleep(10);
        }
        Thread drawing = drawing().get(0);
        Thread.sleep(500);
        cell.interrupt();
        cell.join();
        assertTrue(thrown.get().getCause() instanceof InterruptedException, String.valueOf(thrown.get()));
        drawing.join();
    }

    private static List<Thread> drawing() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().equals("chart"))
                .toList();
    }

    @Test
    void panelsAreOneImageAndNamesAreEscaped() throws IOException {
        Rendering panels = Rendering.of(Plots.panels(
                "Both", 2, Plots.line("a < \"b\"", "x", "y", 1, 2), Plots.image("square", new double[8][8], 1)));
        String html = panels.data().getOrDefault("text/html", "");
        assertTrue(html.startsWith("<img alt=\"[2 charts] Both. a &lt; &quot;b&quot;. One curve."), html);
        assertTrue(picture(html).getWidth() > 2 * 720);
    }

    @Test
    void aPaletteKeepsFrequentColoursExactly() {
        BufferedImage image = new BufferedImage(300, 200, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 300; x++) {
            for (int y = 0; y < 200; y++) {
                image.setRGB(
                        x, y, y < 100 ? 0xFFFFFF : y < 150 ? 0x0072B2 : (x * 7 << 16 | y * 9 << 8 | x * y) & 0xFFFFFF);
            }
        }
        BufferedImage small = Palette.of(image);
        assertEquals(0xFFFFFF, small.getRGB(5, 5) & 0xFFFFFF);
        assertEquals(0x0072B2, small.getRGB(5, 120) & 0xFFFFFF);
        assertEquals(8, small.getColorModel().getPixelSize());
    }

    @Test
    void arraysAreReadable() {
        assertEquals("[1.0, 2.5]", text(new float[] {1, 2.5f}));
        assertEquals("[[1, 2],\n [3, 4]]", text(new int[][] {{1, 2}, {3, 4}}));
        assertEquals("[a, null]", text(new String[] {"a", null}));
        assertEquals("[]", text(new double[0]));
        assertTrue(text(new int[1000]).endsWith("0, … 1000 in all]"));
        assertEquals("null", text(null));
        assertEquals("[1, 2]", text(List.of(1, 2)));
    }

    @Test
    void ofLargeValuesNoMoreIsMadeThanIsShown() {
        List<Integer> endless = Collections.nCopies(Integer.MAX_VALUE, 1);
        String ones = text(endless);
        assertTrue(ones.startsWith("[1, 1, 1") && ones.length() < 21_000, ones.length() + " characters");
        assertTrue(ones.endsWith(", … 2147483647 in all, the first 6667 shown]"), ones.substring(ones.length() - 80));
        assertTrue(text(Optional.of(endless)).endsWith("2147483647 in all, the first 6664 shown]]"));
        assertTrue(text(Map.of("k", endless)).endsWith("2147483647 in all, the first 6666 shown]}"));
        record Holder(List<Integer> all, int[] few) {}
        String record = text(new Holder(endless, new int[] {1, 2}));
        assertTrue(
                record.startsWith("Holder[all=[1, 1") && record.endsWith("shown], few=[… 2 in all]]"),
                record.substring(19_900));
        BitSet bits = new BitSet();
        bits.set(0, 1_000_000);
        assertTrue(text(bits).startsWith("{0, 1, 2") && text(bits).contains("1000000 in all"));
        String letters = text("x".repeat(1_000_000));
        assertTrue(letters.endsWith("x… 1000000 characters in all, the first 20000 shown"));
        assertTrue(text(new long[40][40][40][40]).length() < 30_000);
        assertTrue(text(new Object[] {"x".repeat(1_000_000)}).length() < 21_000);
        Rendering rows = Rendering.of(Collections.nCopies(Integer.MAX_VALUE, new Holder(List.of(), new int[0])));
        assertTrue(rows.data().getOrDefault("text/html", "").contains("2147483647 rows, the first 20 shown"));
    }

    /** A collection may say that it holds one element, and never end. */
    @Test
    void whatACollectionSaysOfItsSizeIsNotBelieved() {
        List<Integer> liar = new AbstractList<>() {
            @Override
            public int size() {
                return 1;
            }

            @Override
            public Integer get(int i) {
                return i;
            }

            @Override
            public Iterator<Integer> iterator() {
                return Stream.iterate(0, i -> i + 1).iterator();
            }
        };
        assertTrue(text(liar).startsWith("[0, 1, 2, 3"));
        List<Object> ring = new ArrayList<>(List.of(1));
        ring.add(List.of(ring));
        assertEquals("[1, [(this Collection)]]", text(ring));
        Object deep = 1;
        for (int k = 0; k < 100_000; k++) {
            deep = new ArrayList<>(Collections.singletonList(deep));
        }
        assertTrue(text(deep).contains("[[[…]]]"));
    }

    @Test
    void smallValuesReadAsJavaWritesThem() {
        Map<Object, Object> map = new TreeMap<>(Map.of("a", List.of(1, 2), "b", Optional.empty()));
        record Pair(String left, Object right) {}
        for (Object value : List.of(
                List.of(),
                map,
                map.entrySet(),
                map.entrySet().iterator().next(),
                Optional.of(Set.of("x")),
                BitSet.valueOf(new long[] {5}),
                new Pair("a", map),
                List.of(new Pair("a", 1.5f), new Pair("b", 'c')),
                new ArrayDeque<>(List.of(1, 2)),
                Collections.unmodifiableList(Arrays.asList("a", null)))) {
            assertEquals(value.toString(), text(value));
        }
        record Own(List<Integer> all) {
            @Override
            public String toString() {
                return "Own of " + all.size();
            }
        }
        assertEquals("Own of 2147483647", text(new Own(Collections.nCopies(Integer.MAX_VALUE, 1))));
    }

    private static String text(Object value) {
        return Rendering.of(value).data().get("text/plain");
    }
}
