package org.carousel.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The check of truth: see {@link CheckChapters} for its rules and the marks that a chapter may set. */
class CheckChaptersTest {
    private static final Path NOTEBOOKS = Path.of("..", "notebooks");

    @TempDir
    Path folder;

    static Stream<Path> chapters() throws IOException {
        return CheckChapters.notebooks(NOTEBOOKS).stream();
    }

    @ParameterizedTest
    @MethodSource("chapters")
    void tellsTheTruth(Path file) throws IOException {
        List<String> found = CheckChapters.check(file);
        assertTrue(found.isEmpty(), String.join("\n", found));
    }

    @ParameterizedTest
    @MethodSource("chapters")
    void isOfReadableLengthAndShowsSomethingSoon(Path file) throws IOException {
        List<String> found = ChapterShape.check(file);
        assertTrue(found.isEmpty(), String.join("\n", found));
    }

    @BeforeEach
    void threeChapters() throws IOException {
        write("04-before.ipynb", "Next: [05](05-this.ipynb)", List.of(code("", "loss 8.488")));
        write("06-after.ipynb", "Previous: [05](05-this.ipynb)", List.of());
    }

    /** The findings in a chapter with this text after a cell with this output. */
    private List<String> check(String output, String prose) throws IOException {
        write(
                "05-this.ipynb",
                "Previous: [04](04-before.ipynb) · Next: [06](06-after.ipynb)",
                List.of(code("int hidden = 24;", output), text(prose)));
        return CheckChapters.check(folder.resolve("05-this.ipynb"));
    }

    private void write(String name, String header, List<Map<String, Object>> cells) throws IOException {
        List<Map<String, Object>> all = new ArrayList<>(List.of(text(header)));
        all.addAll(cells);
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), new Gson().toJson(Map.of("cells", all)));
    }

    private static Map<String, Object> text(String source) {
        return Map.of("cell_type", "markdown", "source", source);
    }

    private static Map<String, Object> code(String source, String output) {
        return Map.of(
                "cell_type",
                "code",
                "source",
                source,
                "outputs",
                List.of(Map.of("output_type", "stream", "text", output)));
    }

    @Test
    void aProgressBarIsFullInTheEnd() throws IOException {
        assertEquals(List.of(), check("networks " + "█".repeat(30) + " 21/21 networks", "Done."));
        assertEquals(
                List.of("05-this.ipynb, cell 1: a progress bar ends at 1900 of 1903"),
                check("model " + "█".repeat(29) + "░ 1900/1903", "Done."));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.0148       | The loss is 0.0148.",
                "0.0148       | The loss is 0.015, about 1.5 %.",
                "1.24 %       | A share of 0.0124, or 1.2 per cent.",
                "18889        | After 18 889 or 18,889 strings, about 19 000.",
                "1200000      | Some 1.2 million characters.",
                "-1050        | It ends at −1050, or 1050 below zero.",
                "3.1e-07      | An error of 3.1·10⁻⁷, of $3\\cdot10^{-7}$, of 3e-7.",
                "2.0e-17      | Nearly nothing, $10^{-17}$.",
                "10^-1.4      | There arrives $10^{-1.4}$.",
                "nothing      | Layers of 24 units, two of 2 and a hundred 3-grams, GPT-3, 4H and h3.",
                "nothing      | Greff et al. 2017 report 5,400 runs.",
                "nothing      | It took 15 years (Greff, 2017).",
                "nothing      | The error is 30.5. <!-- paper --> The loss is 24.",
                "nothing      | Of 8 and 9 products there are 17. <!-- arithmetic: 8 + 9 -->",
                "nothing      | In chapter 04 the loss was 8.488.",
                "nothing      | See section 7, equation (2) and exercises 3 to 5 of chapters 04 and 06.",
                "nothing      | The code says `x = 77`, and the picture ![of 88](https://example.org/99.png) shows it.",
                "nothing      | Turned by 45°, since 1997.",
            })
    void numbersThatMayBeSaid(String output, String prose) throws IOException {
        assertEquals(List.of(), check(output, prose));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.0148       | 0.014   | The loss is 0.014.",
                "0.0148       | 0.01481 | The loss is 0.01481.",
                "52.3         | 50 %    | It stays at 50 %.",
                "18889        | 18 000  | About 18 000 strings.",
                "2.0e-17      | 10^{-19}| Nearly nothing, $10^{-19}$.",
                "0.9999999    | 0.9999998 | At most $f=0.9999998$.",
                "8.488 9.042  | 8.4     | Nine forms between 8.4 and 9.04 nats.",
                "nothing      | 17      | Of 18 products. <!-- arithmetic --> That is 17.",
                "nothing      | 13      | It has 13 products.",
                "nothing      | 8.488   | In chapter 06 the loss was 8.488.",
                "nothing      | 1.6     | In May 1997 it took 1.6 times as long.",
                "nothing      | 41      | 1. After forty steps there are 41.",
            })
    void numbersThatNoOutputShows(String output, String number, String prose) throws IOException {
        List<String> found = check(output, prose);
        assertEquals(1, found.size(), found.toString());
        assertTrue(
                found.get(0).startsWith("05-this.ipynb, cell 2: " + number.strip() + " stands in no output"),
                found.get(0));
    }

    @Test
    void aColumnOrRowOfTheBookIsThePapers() throws IOException {
        assertEquals(
                List.of("05-this.ipynb, cell 2: 77 stands in no output: \"| all | 62 % | 77 |\""),
                check(
                        "24",
                        "| what | paper, 100 nets | ours |\n|---|---|---|\n| all | 62 % | 77 |\n| the paper's | 1 | 88 |"));
        assertEquals(List.of(), check("", "| a <!-- arithmetic --> | b |\n|---|---|\n| 33 | 44 |"));
    }

    @Test
    void exercisesMayQuoteTheirSolutions() throws IOException {
        write("solutions/05-this.ipynb", "# Solutions", List.of(code("int n = 33;", "0.65")));
        assertEquals(List.of(), check("", "## Exercises\n\n1. Take 33. *Success:* 0.65."));
        assertEquals(
                2, check("", "## What to notice\n\nTake 33. It gives 0.65.").size());
        assertEquals(List.of(), CheckChapters.check(folder.resolve("solutions/05-this.ipynb")));
    }

    @Test
    void aLogOfALongRunIsAnOutput() throws IOException {
        Files.createDirectories(folder.resolve("runs"));
        Files.writeString(folder.resolve("runs/long.log"), "loss 1.762\n");
        assertEquals(List.of(), check("", "The run ([log](runs/long.log)) ended at 1.762."));
        assertEquals(1, check("", "The run ended at 1.762.").size());
    }

    @Test
    void referencesAreNotRead() throws IOException {
        assertEquals(
                List.of(), check("", "## References\n\n- S. Hochreiter: Neural Computation 9(8), pages 1735-1780"));
    }

    @Test
    void linksPicturesAndChaptersExist() throws IOException {
        assertEquals(
                List.of(
                        "05-this.ipynb, cell 2: the link images/none.svg leads nowhere",
                        "05-this.ipynb, cell 2: chapter 03 and 04: there is no chapter 03",
                        "05-this.ipynb, cell 2: prerequisite 15: there is no chapter 15"),
                check(
                        "",
                        "![A picture](images/none.svg), [the next](06-after.ipynb#here), [far](https://example.org)."
                                + " See chapters 03 and 04.\n*Prerequisites:* 04 (before), 15 (many layers)."));
        assertEquals(List.of(), check("", "See chapters 04, 05 and 06, or chapter 04-06."));
    }

    @Test
    void neighboursAreLinked() throws IOException {
        write("05-this.ipynb", "Next: [04](04-before.ipynb)", List.of());
        assertEquals(
                List.of(
                        "05-this.ipynb: no link \"Previous: [...](04-before.ipynb)\"",
                        "05-this.ipynb: Next: leads to 04-before.ipynb, not to 06-after.ipynb"),
                CheckChapters.check(folder.resolve("05-this.ipynb")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The stream has 3,000 bits, as in Elman's paper.",
                "Vaswani et al. (2017) reach a BLEU of 28.4.",
                "Zoneout gives 1.27 bits (Krueger et al. 2017).",
            })
    void whatWasNeverConfirmedIsNotPrinted(String prose) throws IOException {
        List<String> found = check("3000 28.4 1.27", prose);
        assertEquals(1, found.size(), found.toString());
        assertTrue(found.get(0).contains("never confirmed"), found.get(0));
    }

    @Test
    void codeFitsTheWindow() throws IOException {
        write(
                "05-this.ipynb",
                "Previous: [4](04-before.ipynb) · Next: [6](06-after.ipynb)",
                List.of(
                        code("é".repeat(100), ""),
                        code("x\n" + "é".repeat(101), ""),
                        code("x\n".repeat(25) + "x", "")));
        assertEquals(
                List.of(
                        "05-this.ipynb, cell 2: line 2 has 101 columns, at most 100",
                        "05-this.ipynb, cell 3: 26 lines of code, at most 25"),
                CheckChapters.check(folder.resolve("05-this.ipynb")));
    }

    @Test
    void lengthIsCountedInRunningText() throws IOException {
        String picture = "\n\n![not a word of [this] either](images/x.svg)";
        String left = "\n## 2 · Not this\n\n$$ a b $$ <!-- no\nno --> $x y$\n| a | b |\n| no | no |\n\nand"
                + " [two words](http://a.b/c)"
                + "\n## Exercises\n"
                + "no ".repeat(2000)
                + "\n### 1\nno\n## References\nno no";
        write("05-this.ipynb", "well-known ".repeat(897) + picture, List.of(text(left)));
        assertEquals(List.of(), ChapterShape.check(folder.resolve("05-this.ipynb")), "897 and 3 words");
        write("05-this.ipynb", "well-known ".repeat(896) + picture, List.of(text(left)));
        assertEquals(
                List.of("05-this.ipynb: 899 words of running text, not 900 to 1800"),
                ChapterShape.check(folder.resolve("05-this.ipynb")));
        write("05-this.ipynb", "word ".repeat(1801) + picture, List.of());
        assertEquals(
                List.of("05-this.ipynb: 1801 words of running text, not 900 to 1800"),
                ChapterShape.check(folder.resolve("05-this.ipynb")));
        write("04-before.ipynb", "word ".repeat(2400) + picture, List.of());
        assertEquals(List.of(), ChapterShape.check(folder.resolve("04-before.ipynb")), "one of the long ones");
    }

    @Test
    void aPictureOrChartComesSoon() throws IOException {
        Map<String, Object> chart = Map.of(
                "cell_type",
                "code",
                "source",
                "show(chart);",
                "outputs",
                List.of(Map.of("output_type", "display_data", "data", Map.of("image/png", "", "text/plain", ""))));
        List<Map<String, Object>> cells = new ArrayList<>(Collections.nCopies(5, code("", "")));
        cells.add(chart);
        write("05-this.ipynb", "word ".repeat(1000), cells);
        assertEquals(List.of(), ChapterShape.check(folder.resolve("05-this.ipynb")));
        cells.add(0, text("more"));
        write("05-this.ipynb", "word ".repeat(1000), cells);
        assertEquals(
                List.of("05-this.ipynb: the first picture or chart stands in cell 7, not among cells 0 to 6"),
                ChapterShape.check(folder.resolve("05-this.ipynb")));
        cells.add(3, text("![a chart](images/x.svg)"));
        write("05-this.ipynb", "word ".repeat(1000), cells);
        assertEquals(List.of(), ChapterShape.check(folder.resolve("05-this.ipynb")));
    }

    @Test
    void linksOfTheReadmeExist() throws IOException {
        for (String link : Prose.links(Files.readString(Path.of("..", "README.md")))) {
            assertTrue(link.contains(":") || Files.exists(Path.of("..").resolve(link.replaceFirst("#.*", ""))), link);
        }
    }
}
