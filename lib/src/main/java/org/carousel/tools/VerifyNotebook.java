package org.carousel.tools;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares a notebook with a fresh execution of it: text must be the same to the last character, images must be there.
 *
 * <p>Cells tagged {@code timing} are left out, because a clock is not reproducible. Pixels are not compared, because
 * fonts differ between machines.
 */
public final class VerifyNotebook {
    private static final int LONGEST = 200;

    /** What a data set says of itself when it cannot be had, see {@code Dataset.whyMissing()}. */
    private static final Pattern MISSING = Pattern.compile("[\\w-]+/[\\w.-]+ is missing: .*");

    /** The size and pixels of a chart in HTML, which hang on the fonts of a machine; its description is compared. */
    private static final Pattern PIXELS = Pattern.compile(
            "(<img alt=\"\\[[^\"]*\") width=\"\\d+\" height=\"\\d+\" src=\"data:image/png;base64,[^\"]*");

    private VerifyNotebook() {}

    /** The exit code when the two differ because a data set was not there. */
    private static final int DATA_MISSING = 3;

    /**
     * Arguments: the stored notebook, the executed copy. Prints what differs; exit code 1 when something does, 3 when the
     * copy says that a data set is missing which the stored notebook had.
     */
    public static void main(String[] args) throws IOException {
        JsonObject stored = read(Path.of(args[0]));
        JsonObject fresh = read(Path.of(args[1]));
        List<String> differences = compare(stored, fresh);
        List<String> missing = differences.isEmpty() ? List.of() : missing(stored, fresh);
        if (!missing.isEmpty()) {
            missing.forEach(m -> System.out.println("  " + Path.of(args[0]).getFileName() + ": " + m));
            System.exit(DATA_MISSING);
        }
        differences.forEach(d -> System.out.println("  " + Path.of(args[0]).getFileName() + ": " + d));
        System.exit(differences.isEmpty() ? 0 : 1);
    }

    /** What the executed notebook says about missing data sets and the stored one does not. */
    static List<String> missing(JsonObject stored, JsonObject fresh) {
        List<String> before = said(stored);
        return said(fresh).stream().filter(m -> !before.contains(m)).toList();
    }

    private static List<String> said(JsonObject notebook) {
        List<String> said = new ArrayList<>();
        for (JsonObject cell : codeCells(notebook)) {
            for (String text : outputs(cell).values()) {
                Matcher m = MISSING.matcher(text);
                while (m.find()) {
                    said.add(m.group());
                }
            }
        }
        return said.stream().distinct().toList();
    }

    static JsonObject read(Path notebook) throws IOException {
        return new Gson().fromJson(Files.readString(notebook), JsonObject.class);
    }

    static List<String> compare(JsonObject stored, JsonObject fresh) {
        List<String> differences = new ArrayList<>();
        List<JsonObject> storedCells = codeCells(stored);
        List<JsonObject> freshCells = codeCells(fresh);
        if (storedCells.size() != freshCells.size()) {
            return List.of(storedCells.size() + " code cells stored, " + freshCells.size() + " executed");
        }
        for (int i = 0; i < storedCells.size(); i++) {
            JsonObject cell = storedCells.get(i);
            if (!text(cell.get("source")).equals(text(freshCells.get(i).get("source")))) {
                differences.add("code cell " + (i + 1) + ": the sources differ");
            } else if (!text(cell.get("source")).isBlank() && isNull(cell.get("execution_count"))) {
                differences.add("code cell " + (i + 1) + " was never executed; store a full run");
            } else if (!tagged(cell, "timing")) {
                compareOutputs("code cell " + (i + 1), cell, freshCells.get(i), differences);
            }
        }
        return differences;
    }

    private static void compareOutputs(String where, JsonObject stored, JsonObject fresh, List<String> differences) {
        Map<String, String> before = outputs(stored);
        Map<String, String> after = outputs(fresh);
        Set<String> kinds = new TreeSet<>(before.keySet());
        kinds.addAll(after.keySet());
        for (String kind : kinds) {
            String text = before.getOrDefault(kind, "");
            String now = after.getOrDefault(kind, "");
            if (!before.containsKey(kind)) {
                differences.add(where + ", " + kind + ": is not stored, and begins \"" + beginning(now) + "\"");
            } else if (!after.containsKey(kind)) {
                differences.add(where + ", " + kind + ": is stored, begins \"" + beginning(text)
                        + "\", and does not come any more");
            } else if (!text.equals(now)) {
                differences.add(where + ", " + kind + ": " + firstDifference(text, now));
            }
        }
    }

    /** By number and kind, all outputs of a cell; streams of one name are joined, however they were cut. */
    private static Map<String, String> outputs(JsonObject cell) {
        Map<String, String> result = new TreeMap<>();
        int number = 0;
        for (JsonElement element : cell.getAsJsonArray("outputs")) {
            JsonObject output = element.getAsJsonObject();
            switch (output.get("output_type").getAsString()) {
                case "stream" ->
                    result.merge(
                            "stream " + output.get("name").getAsString(), text(output.get("text")), String::concat);
                case "error" -> result.put("error", output.get("ename").getAsString() + ": " + output.get("evalue"));
                default -> {
                    number++;
                    for (Map.Entry<String, JsonElement> data :
                            output.getAsJsonObject("data").entrySet()) {
                        boolean image = data.getKey().startsWith("image/");
                        String kind = String.format("output %02d %s", number, data.getKey());
                        result.put(
                                kind,
                                image
                                        ? "an image"
                                        : PIXELS.matcher(text(data.getValue())).replaceAll("$1"));
                    }
                }
            }
        }
        return result;
    }

    private static String beginning(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }

    private static String firstDifference(String stored, String fresh) {
        String[] a = stored.split("\n", -1);
        String[] b = fresh.split("\n", -1);
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            if (!a[i].equals(b[i])) {
                return "line " + (i + 1) + " was \"" + a[i] + "\" and is \"" + b[i] + "\"";
            }
        }
        return a.length + " lines stored, " + b.length + " executed";
    }

    private static List<JsonObject> codeCells(JsonObject notebook) {
        List<JsonObject> cells = new ArrayList<>();
        for (JsonElement cell : notebook.getAsJsonArray("cells")) {
            if (cell.getAsJsonObject().get("cell_type").getAsString().equals("code")) {
                cells.add(cell.getAsJsonObject());
            }
        }
        return cells;
    }

    static boolean tagged(JsonObject cell, String tag) {
        JsonElement tags = cell.getAsJsonObject("metadata").get("tags");
        return tags != null && tags.getAsJsonArray().contains(new com.google.gson.JsonPrimitive(tag));
    }

    /** Multi-line strings of the format: one string, or an array of lines. */
    static String text(JsonElement element) {
        if (!element.isJsonArray()) {
            return element.isJsonPrimitive() ? element.getAsString() : element.toString();
        }
        StringBuilder joined = new StringBuilder();
        JsonArray lines = element.getAsJsonArray();
        lines.forEach(line -> joined.append(line.getAsString()));
        return joined.toString();
    }

    private static boolean isNull(JsonElement element) {
        return element == null || element.isJsonNull();
    }
}
