package org.carousel.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.carousel.plot.Plots;
import org.carousel.tensor.Tensor;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
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
        Rendering large = Rendering.of(Tensor.zeros(100, 50));
        String[] lines = large.data().get("text/plain").split("\n");
        assertEquals("Tensor [100×50]", lines[0]);
        assertEquals(1 + 5 + 1 + 2, lines.length, "head, gap and tail");
        assertEquals(8, lines[1].trim().split("\\s+").length);
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
    void chartsAreImagesWithText() {
        Rendering chart = Rendering.of(Plots.line("Loss", "step", "nats", 3, 2, 1));
        assertEquals(
                "[chart] Loss; x: step; y: nats; series: nats", chart.data().get("text/plain"));
        byte[] png = Base64.getMimeDecoder().decode(chart.data().get("image/png"));
        assertArrayEquals(new byte[] {(byte) 0x89, 'P', 'N', 'G'}, Arrays.copyOf(png, 4));
        assertEquals(720, chart.imageSize().get("width"));
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

    private static String text(Object value) {
        return Rendering.of(value).data().get("text/plain");
    }

    /** A front end that writes down what it is told. */
    private static final class Recorder implements Frontend {
        private final List<String> calls = new ArrayList<>();

        @Override
        public void clearOutput() {
            calls.add("clear");
        }

        @Override
        public void display(Map<String, String> data, Map<String, Object> imageSize, String identity) {
            calls.add("display " + data.get("text/plain"));
        }

        @Override
        public void update(Map<String, String> data, String identity) {
            calls.add("update " + data.get("text/plain"));
        }

        @Override
        public void register(Class<?> type) {
            calls.add("register " + type.getSimpleName());
        }
    }

    @Test
    void progressIsDrawnFirstLastAndNotAtEveryStep() {
        Recorder recorder = new Recorder();
        try (Progress progress = new Progress("training", recorder)) {
            for (int step = 1; step <= 10_000; step++) {
                progress.onStep(step, 10_000, 1.0 / step);
            }
        }
        assertTrue(recorder.calls.get(0).startsWith("display training ░"), recorder.calls.get(0));
        assertEquals(
                "update training " + "█".repeat(30) + " 10000/10000 loss 0.000",
                recorder.calls.get(recorder.calls.size() - 1));
        assertTrue(recorder.calls.size() < 100, recorder.calls.size() + " updates");
    }

    @Test
    void progressThatEndsEarlyShowsWhereItStopped() {
        Recorder recorder = new Recorder();
        try (Progress progress = new Progress("training", recorder)) {
            progress.at(1, 4, "");
            progress.at(2, 4, "half");
        }
        assertEquals(
                "update training " + "█".repeat(15) + "░".repeat(15) + " 2/4 half",
                recorder.calls.get(recorder.calls.size() - 1));
    }

    @Test
    void progressWithoutAFrontEndIsSilent() {
        try (Progress progress = Notebook.progress("outside Jupyter")) {
            progress.onStep(1, 2, 3);
            assertEquals("outside Jupyter " + "█".repeat(15) + "░".repeat(15) + " 1/2 loss 3.000", progress.text());
        }
    }
}
