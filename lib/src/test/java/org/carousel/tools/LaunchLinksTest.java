package org.carousel.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LaunchLinksTest {
    private static final Path ROOT = Path.of("..");

    /** Every chapter and README hold exactly one link, to themselves, at the address of pom.xml. */
    @Test
    void allAgree() throws IOException {
        String repository = LaunchLinks.repository(Files.readString(ROOT.resolve("pom.xml")));
        for (Path file : LaunchLinks.files(ROOT)) {
            String text = Files.readString(file);
            String path = ROOT.relativize(file).toString().replace('\\', '/');
            String link = LaunchLinks.link(repository, path.equals("README.md") ? "notebooks" : path) + ")";
            assertEquals(2, text.split("mybinder\\.org", -1).length, path + " has one link");
            assertEquals(
                    2, (text + " ").split(java.util.regex.Pattern.quote(link), -1).length, path + " links to itself");
        }
    }

    @Test
    void changesNothingElse() {
        String notebook = "{\n \"source\": [\n    \"# 01 · A\\n\",\n    \"\\n\",\n    \"text\"\n]}";
        String linked = LaunchLinks.linked(notebook, "notebooks/a.ipynb", "one/two");
        assertEquals(
                "{\n \"source\": [\n    \"# 01 · A\\n\",\n    \"\\n\",\n"
                        + "    \"[Open on Binder](https://mybinder.org/v2/gh/one/two/HEAD?urlpath=lab/tree/notebooks/a.ipynb)\\n\",\n"
                        + "    \"\\n\",\n    \"text\"\n]}",
                linked);
        assertEquals(linked, LaunchLinks.linked(linked, "notebooks/a.ipynb", "one/two"));
        assertEquals(
                linked.replace("one/two", "three/four"), LaunchLinks.linked(linked, "notebooks/a.ipynb", "three/four"));
        assertThrows(IllegalArgumentException.class, () -> LaunchLinks.repository("<project/>"));
    }

    @Test
    void neighboursStandBesideIt() {
        String head =
                "    \"[Open on Binder](https://mybinder.org/v2/gh/one/two/HEAD?urlpath=lab/tree/notebooks/05.ipynb)";
        String before = LaunchLinks.neighbour("Previous", "04-a.ipynb", "\"# 04 · \\\"A\\\", and more\\n\",");
        assertEquals(" · Previous: [04 \\\"A\\\", and more](04-a.ipynb)", before);
        String after = LaunchLinks.neighbour("Next", "06-b.ipynb", "\"# 06 · B\\n\",");
        String both = LaunchLinks.between(head + "\\n\",\n", before, after);
        assertEquals(head + before + after + "\\n\",\n", both);
        assertEquals(both, LaunchLinks.between(both, before, after));
        assertEquals(head + after + "\\n\",\n", LaunchLinks.between(both, "", after));
    }
}
