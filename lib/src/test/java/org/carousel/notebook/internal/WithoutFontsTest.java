package org.carousel.notebook.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.carousel.plot.Plots;
import org.carousel.plot.internal.Fonts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WithoutFontsTest {
    @TempDir
    Path folder;

    @Test
    void withFontsNothingIsMissing() {
        assertEquals(Optional.empty(), Fonts.missing());
    }

    /** A Java whose fontconfig knows no font shows what a chart says, and one line about what to install. */
    @Test
    void withoutFontsAChartIsWords() throws IOException, InterruptedException {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "elsewhere Java does not ask fontconfig");
        Path none = folder.resolve("fonts.conf");
        Files.writeString(none, "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true",
                "-Duser.home=" + folder, // no list of fonts from earlier runs
                "-cp",
                System.getProperty("java.class.path"),
                WithoutFontsTest.class.getName());
        builder.environment().put("FONTCONFIG_FILE", none.toString());
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), output);
        assertTrue(output.contains("[text/plain]"), output);
        assertTrue(output.contains("[chart] Loss. One curve."), output);
        assertTrue(output.contains("first 3, last 1"), output);
        assertTrue(output.contains("Install fontconfig and a font"), output);
    }

    /** What the process without fonts does: it shows a chart. */
    public static void main(String[] args) {
        var chart = Plots.lines("Loss", "step", "loss", new double[] {1, 2, 3}, Map.of("a", new double[] {3, 2, 1}));
        Map<String, String> data = Rendering.of(chart).data();
        System.out.println(data.keySet());
        System.out.println(data.get("text/plain"));
    }
}
