package org.carousel.tools;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a chapter is and how soon there is something to see.
 *
 * <ul>
 *   <li>Its running text has 900 to 1,800 words. Not counted are headings, tables, equations, code, what pictures say to
 *       those who cannot see them, exercises, solutions and references. The chapters of {@link #LONG} tell several papers,
 *       or a whole architecture, and may have up to 2,400.
 *   <li>A picture or a chart stands among the first five cells after title and imports.
 * </ul>
 */
final class ChapterShape {
    private static final int FEWEST = 900;
    private static final int MOST = 1800;
    private static final int MOST_OF_LONG = 2400;
    private static final Set<String> LONG = Set.of("04", "12", "19a", "19b", "19c", "21", "23", "26");

    private static final int FIRST_CELLS = 2 + 5;

    private static final Pattern CHAPTER = Pattern.compile("\\d\\d[a-z]?(?=-)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+\\s.*$");
    private static final Pattern NO_TEXT =
            Pattern.compile("(?i)\\b(exercises?|solutions?|references|literature|further reading)\\b");
    private static final Pattern PICTURE = Pattern.compile("!\\[(?:[^\\[\\]]|\\[[^\\[\\]]*\\])*\\]\\([^)]*\\)");
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)\\]\\([^)]*\\)");
    private static final Pattern LEFT_OUT =
            Pattern.compile("(?m)<!--[\\s\\S]*?-->|\\$[^$]*\\$|</?[a-zA-Z][^>]*>|^\\s*\\|.*$");
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\d][\\p{L}\\d_’'-]*");

    private ChapterShape() {}

    /** What is wrong with a chapter; nothing is asked of solutions. */
    static List<String> check(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        Matcher number = CHAPTER.matcher(name);
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (!number.lookingAt() || (folder != null && folder.endsWith("solutions"))) {
            return List.of();
        }
        List<String> found = new ArrayList<>();
        JsonObject notebook = VerifyNotebook.read(file);
        int words = words(notebook);
        int most = LONG.contains(number.group()) ? MOST_OF_LONG : MOST;
        if (words < FEWEST || words > most) {
            found.add(name + ": " + words + " words of running text, not " + FEWEST + " to " + most);
        }
        int first = firstPicture(notebook);
        if (first >= FIRST_CELLS) {
            found.add(name + ": the first picture or chart stands in cell " + first + ", not among cells 0 to "
                    + (FIRST_CELLS - 1));
        }
        return found;
    }

    /** Words of the running text. */
    static int words(JsonObject notebook) {
        int words = 0;
        String section = "";
        for (JsonElement element : notebook.getAsJsonArray("cells")) {
            JsonObject cell = element.getAsJsonObject();
            if (!cell.get("cell_type").getAsString().equals("markdown")) {
                continue;
            }
            String text = VerifyNotebook.text(cell.get("source"));
            int begin = 0;
            Matcher heading = HEADING.matcher(text);
            while (heading.find()) {
                words += words(section, text.substring(begin, heading.start()));
                // a subsection belongs to the section it stands in
                boolean deep = heading.group().startsWith("###");
                section = deep && NO_TEXT.matcher(section).find() ? section : heading.group();
                begin = heading.end();
            }
            words += words(section, text.substring(begin));
        }
        return words;
    }

    private static int words(String section, String part) {
        if (NO_TEXT.matcher(section).find()) {
            return 0;
        }
        String text = PICTURE.matcher(Prose.plain(part)).replaceAll(" ");
        text = LEFT_OUT.matcher(LINK.matcher(text).replaceAll("$1")).replaceAll(" ");
        return (int) WORD.matcher(text).results().count();
    }

    private static int firstPicture(JsonObject notebook) {
        int at = 0;
        for (JsonElement element : notebook.getAsJsonArray("cells")) {
            JsonObject cell = element.getAsJsonObject();
            if (PICTURE.matcher(VerifyNotebook.text(cell.get("source"))).find() || chart(cell)) {
                return at;
            }
            at++;
        }
        return at;
    }

    private static boolean chart(JsonObject cell) {
        if (!cell.has("outputs")) {
            return false;
        }
        for (JsonElement output : cell.getAsJsonArray("outputs")) {
            JsonObject data = output.getAsJsonObject().getAsJsonObject("data");
            if (data != null && data.keySet().stream().anyMatch(k -> k.startsWith("image/"))) {
                return true;
            }
        }
        return false;
    }
}
