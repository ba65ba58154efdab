package org.carousel.tools;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The check of truth: what a chapter says and what its cells print must agree.
 *
 * <p>It holds that
 *
 * <ul>
 *   <li>every relative link and picture exists;
 *   <li>every reference to a chapter ("chapter 05", "chapters 03 and 04", the numbers after <i>Prerequisites</i>) names
 *       one that exists;
 *   <li>every chapter has a line {@code Previous: [..](..) · Next: [..](..)} that names its neighbours in the order of
 *       the file names;
 *   <li>every number in prose occurs in an output of that chapter, rounded as it is printed in the prose: 0.0148 may be
 *       told as 0.015 or 1.5 %, 18 889 as 19 000;
 *   <li>figures that were only recalled and never confirmed ({@link Unconfirmed}) are printed nowhere;
 *   <li>no line of code has more than 100 columns, no cell more than 25 lines;
 *   <li>no progress bar among the outputs stops before its end;
 *   <li>a chapter is neither a page nor a book, and shows something soon ({@link ChapterShape}).
 * </ul>
 *
 * <p>Of a number no proof is asked where it
 *
 * <ul>
 *   <li>stands in a code cell of the chapter (a size, a seed, a rate); in exercises and solutions also in a code cell or
 *       an output of the notebook of solutions;
 *   <li>stands in a file that the chapter links or reads under {@code runs/}: the log of a long run;
 *   <li>is 0, 1 or 2, a year, the number of a section, chapter, exercise, equation, page or version, part of a name
 *       (GPT-2, 3-gram, 4H), in a code span, a displayed equation, a heading, or under a heading <i>References</i>;
 *   <li>stands in an output of a chapter that the sentence or row names ("chapter 10");
 *   <li>stands in a sentence with a citation (author and year: "Greff et al. 2017"), or in a column or row of a table
 *       whose head names the paper ("paper", "published", author and year);
 *   <li>stands in a sentence that ends with one of two marks, which readers do not see: {@code <!-- paper -->} for a
 *       paper's figure whose source is named nearby, {@code <!-- arithmetic -->} for what follows from numbers on the
 *       page ({@code <!-- arithmetic: 4 + 4 + 9 -->}). A mark at the beginning of a paragraph counts for all of it, in a
 *       row of a table for the row, in its head for the table.
 * </ul>
 */
public final class CheckChapters {
    private static final int LONGEST_LINE = 100;
    private static final int LONGEST_CELL = 25;

    private static final Pattern CHAPTER = Pattern.compile("(?i)\\bchapters?[ \\u00a0]+(\\d\\d[a-z]?"
            + "(?:(?:, | and |, and | to | or |-|–)(?:\\d\\d[a-z]?|[a-z]\\b)(?![\\w%]| %))*)(?!\\.\\d)");
    private static final Pattern PART = Pattern.compile("\\d\\d[a-z]?|\\b[a-z]\\b");
    private static final Pattern PREREQUISITES = Pattern.compile("(?m)^.*\\bPrerequisites:(.*)$");
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])\\d\\d[a-z]?(?![\\w.%-])");
    private static final Pattern RUN = Pattern.compile("runs/([\\w.-]+\\.(?:log|tsv|csv|txt))");
    private static final Pattern BAR = Pattern.compile("[█░]{30} (\\d+)/(\\d+)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+\\s.*$");
    private static final Pattern NO_PROSE = Pattern.compile("(?i)\\b(references|literature|further reading)\\b");
    private static final Pattern EXERCISES = Pattern.compile("(?i)\\b(exercises?|solutions?)\\b");

    private final Path file;
    private final Path folder;
    private final List<Path> chapters;
    private final List<String> found = new ArrayList<>();

    private CheckChapters(Path file) throws IOException {
        this.file = file.toAbsolutePath().normalize();
        Path parent = this.file.getParent();
        if (parent == null) {
            throw new IOException(file + " lies in no folder");
        }
        this.folder = parent;
        this.chapters = chapters(
                folder.endsWith("solutions") ? folder.resolveSibling(".").normalize() : folder);
    }

    /**
     * Arguments: notebooks, or folders, then all notebooks in them and in their {@code solutions}. Prints what is
     * wrong, one finding a line; exit code 1 when there is something.
     */
    public static void main(String[] args) throws IOException {
        int count = 0;
        for (String argument : args) {
            for (Path file : notebooks(Path.of(argument))) {
                List<String> found = new ArrayList<>(check(file));
                found.addAll(ChapterShape.check(file));
                found.forEach(System.out::println);
                count += found.size();
            }
        }
        System.out.println(count == 0 ? "Nothing to mend" : count + " to mend");
        System.exit(count == 0 ? 0 : 1);
    }

    /** A notebook itself, or those of a folder and of its solutions. */
    static List<Path> notebooks(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        List<Path> all = new ArrayList<>(chapters(path));
        if (Files.isDirectory(path.resolve("solutions"))) {
            all.addAll(chapters(path.resolve("solutions")));
        }
        return all;
    }

    private static List<Path> chapters(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().matches("\\d\\d.*\\.ipynb"))
                    .sorted()
                    .toList();
        }
    }

    /** What is wrong in a notebook, in the order of its cells; cells are counted from 0. */
    static List<String> check(Path file) throws IOException {
        CheckChapters check = new CheckChapters(file);
        check.check(VerifyNotebook.read(file));
        String name = (check.solution() ? "solutions/" : "") + file.getFileName();
        return check.found.stream().distinct().map(f -> name + f).toList();
    }

    private boolean solution() {
        return folder.endsWith("solutions");
    }

    private void check(JsonObject notebook) throws IOException {
        List<JsonObject> cells = new ArrayList<>();
        notebook.getAsJsonArray("cells").forEach(c -> cells.add(c.getAsJsonObject()));
        List<Figure> printed = printed(notebook);
        List<Figure> solved = new ArrayList<>();
        Path beside = solution()
                ? folder.resolveSibling(file.getFileName())
                : folder.resolve("solutions").resolve(file.getFileName());
        if (Files.exists(beside)) {
            solved.addAll(printed(VerifyNotebook.read(beside)));
        }
        StringBuilder prose = new StringBuilder();
        String section = "";
        for (int i = 0; i < cells.size(); i++) {
            String source = VerifyNotebook.text(cells.get(i).get("source"));
            String where = ", cell " + i + ": ";
            if (!cells.get(i).get("cell_type").getAsString().equals("markdown")) {
                code(where, source);
                bars(where, cells.get(i).getAsJsonArray("outputs"));
                continue;
            }
            prose.append(source).append('\n');
            links(where, source);
            references(where, source);
            section = numbers(where, source, section, printed, solved);
        }
        if (!solution()) {
            neighbours(prose.toString());
        }
    }

    private void code(String where, String source) {
        int number = 0;
        for (String line : source.split("\n", -1)) {
            number++;
            int columns = line.codePointCount(0, line.length());
            if (columns > LONGEST_LINE) {
                found.add(where + "line " + number + " has " + columns + " columns, at most " + LONGEST_LINE);
            }
        }
        if (number > LONGEST_CELL) {
            found.add(where + number + " lines of code, at most " + LONGEST_CELL);
        }
    }

    /** A bar that stays where it is before the end tells the reader that work was left undone. */
    private void bars(String where, JsonArray outputs) {
        for (JsonElement output : outputs) {
            Matcher bar = BAR.matcher(outputText(output.getAsJsonObject()));
            while (bar.find()) {
                if (!bar.group(1).equals(bar.group(2))) {
                    found.add(where + "a progress bar ends at " + bar.group(1) + " of " + bar.group(2));
                }
            }
        }
    }

    private static String outputText(JsonObject output) {
        if (output.has("text")) {
            return VerifyNotebook.text(output.get("text"));
        }
        JsonObject data = output.has("data") ? output.getAsJsonObject("data") : new JsonObject();
        return data.has("text/plain") ? VerifyNotebook.text(data.get("text/plain")) : "";
    }

    private void links(String where, String source) {
        for (String link : Prose.links(source)) {
            String path = link.replaceFirst("[#?].*", "").replace("%20", " ");
            if (!path.isEmpty() && !link.matches("(?i)[a-z][a-z0-9+.-]*:.*") && !Files.exists(folder.resolve(path))) {
                found.add(where + "the link " + link + " leads nowhere");
            }
        }
    }

    private void references(String where, String source) {
        String text = Prose.plain(source);
        Matcher m = CHAPTER.matcher(text);
        while (m.find()) {
            for (String number : numbers(m.group(1))) {
                exists(where, number, "chapter " + m.group(1));
            }
        }
        Matcher before = PREREQUISITES.matcher(text);
        while (before.find()) {
            Matcher number = NUMBER.matcher(before.group(1).replaceAll("\\*Papers?.*", ""));
            while (number.find()) {
                exists(where, number.group(), "prerequisite " + number.group());
            }
        }
    }

    /** The chapters of a list: "03 and 04", "19a-c" has its two ends. */
    private static List<String> numbers(String list) {
        List<String> numbers = new ArrayList<>();
        Matcher part = PART.matcher(list);
        while (part.find()) {
            boolean letter = part.group().length() == 1; // of the chapter before
            numbers.add(letter ? numbers.get(numbers.size() - 1).substring(0, 2) + part.group() : part.group());
        }
        return numbers;
    }

    private void exists(String where, String number, String written) {
        if (chapters.stream().noneMatch(c -> c.getFileName().toString().startsWith(number))) {
            found.add(where + written + ": there is no chapter " + number);
        }
    }

    private void neighbours(String prose) {
        int at = chapters.stream().map(Path::getFileName).toList().indexOf(file.getFileName());
        if (at > 0) {
            neighbour(prose, "Previous", chapters.get(at - 1));
        }
        if (at < chapters.size() - 1) {
            neighbour(prose, "Next", chapters.get(at + 1));
        }
    }

    private void neighbour(String prose, String word, Path chapter) {
        Matcher m = Pattern.compile("\\b" + word + ":[^\\[\\n]*\\[[^\\]]*\\]\\(([^)]*)\\)")
                .matcher(prose);
        boolean any = false;
        while (m.find()) {
            any = true;
            if (!m.group(1).equals(chapter.getFileName().toString())) {
                found.add(": " + word + ": leads to " + m.group(1) + ", not to " + chapter.getFileName());
            }
        }
        if (!any) {
            found.add(": no link \"" + word + ": [...](" + chapter.getFileName() + ")\"");
        }
    }

    /** Checks the numbers of a cell, part by part between headings; returns the heading that goes on. */
    private String numbers(String where, String source, String heading, List<Figure> printed, List<Figure> solved)
            throws IOException {
        String section = heading;
        int begin = 0;
        Matcher m = HEADING.matcher(source);
        while (m.find()) {
            numbersOf(where, source.substring(begin, m.start()), section, printed, solved);
            section = m.group();
            begin = m.end();
        }
        numbersOf(where, source.substring(begin), section, printed, solved);
        return section;
    }

    private void numbersOf(String where, String part, String section, List<Figure> printed, List<Figure> solved)
            throws IOException {
        boolean exercises = solution() || EXERCISES.matcher(section).find();
        for (Prose.Sentence sentence : Prose.sentences(part)) {
            Unconfirmed.in(sentence.text()).forEach(u -> found.add(where + u));
            if (NO_PROSE.matcher(section).find()) {
                continue;
            }
            for (Figure figure : sentence.figures()) {
                boolean shown = free(figure)
                        || printed.stream().anyMatch(figure::tells)
                        || (exercises && solved.stream().anyMatch(figure::tells))
                        || elsewhere(sentence.text(), figure);
                if (!shown) {
                    found.add(where + figure.text() + " stands in no output: \"" + around(sentence.text(), figure)
                            + "\"");
                }
            }
        }
    }

    /** Whether a chapter that the sentence names prints the number. */
    private boolean elsewhere(String sentence, Figure figure) throws IOException {
        Matcher m = CHAPTER.matcher(sentence);
        while (m.find()) {
            for (String number : numbers(m.group(1))) {
                for (Path chapter : chapters) {
                    if (chapter.getFileName().toString().startsWith(number)
                            && printed(VerifyNotebook.read(chapter)).stream().anyMatch(figure::tells)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean free(Figure figure) {
        double v = figure.value();
        boolean whole = v == Math.rint(v) && !figure.percent();
        return whole && (Math.abs(v) <= 2 || (v >= 1950 && v <= 2030));
    }

    private static String around(String sentence, Figure figure) {
        int at = Math.max(0, sentence.replace('−', '-').indexOf(figure.text()));
        int begin = Math.max(0, at - 60);
        int end = Math.min(sentence.length(), at + 60);
        return (begin > 0 ? "..." : "") + sentence.substring(begin, end) + (end < sentence.length() ? "..." : "");
    }

    /** All numbers of code and outputs, and of the logs that the notebook names. */
    private List<Figure> printed(JsonObject notebook) throws IOException {
        List<Figure> printed = new ArrayList<>();
        for (JsonElement element : notebook.getAsJsonArray("cells")) {
            JsonObject cell = element.getAsJsonObject();
            String source = VerifyNotebook.text(cell.get("source"));
            Matcher run = RUN.matcher(source);
            while (run.find()) {
                Path log = (solution() ? folder.resolveSibling("runs") : folder.resolve("runs")).resolve(run.group(1));
                if (Files.exists(log)) {
                    printed.addAll(Figure.anywhere(Files.readString(log)));
                }
            }
            if (cell.get("cell_type").getAsString().equals("code")) {
                printed.addAll(Figure.anywhere(source));
                cell.getAsJsonArray("outputs").forEach(o -> printed.addAll(outputs(o.getAsJsonObject())));
            }
        }
        return printed;
    }

    private static List<Figure> outputs(JsonObject output) {
        List<Figure> printed = new ArrayList<>();
        if (output.has("text")) {
            printed.addAll(Figure.anywhere(VerifyNotebook.text(output.get("text"))));
        }
        if (output.has("data")) {
            for (Map.Entry<String, JsonElement> data :
                    output.getAsJsonObject("data").entrySet()) {
                if (data.getKey().startsWith("text/")) {
                    String text = VerifyNotebook.text(data.getValue());
                    printed.addAll(Figure.anywhere(
                            text.replaceAll("src=\"data:[^\"]*\"", "").replaceAll("(?s)<style.*?</style>", "")));
                }
            }
        }
        return printed;
    }
}
