package org.carousel.tools;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.carousel.files.internal.AsideFile;

/**
 * The links under a chapter's title: to Binder, all made from one address, {@code github.repository} in the project's
 * {@code pom.xml}, and to the chapters before and after it in the order of the file names.
 *
 * <p>Files are changed as text, so that nothing but the links changes in a notebook.
 */
public final class LaunchLinks {
    private static final Pattern ADDRESS = Pattern.compile("(<github\\.repository>)([^<]+)(</github\\.repository>)");
    private static final Pattern LINK = Pattern.compile("https://mybinder\\.org/v2/gh/[^/]+/[^/]+/HEAD");
    private static final Pattern TITLE = Pattern.compile("\"# [^\\n]*?(\\\\n\",|\")\\n");
    private static final Pattern NAME = Pattern.compile("\"# ((?:[^\"\\\\]|\\\\[^n])*)");
    private static final Pattern HEAD =
            Pattern.compile("(\\[Open on Binder\\]\\([^)]*\\))(?: · (?:Previous|Next): \\[[^\\]]*\\]\\([^)]*\\))*");

    private LaunchLinks() {}

    /** Arguments: the folder of the project; optionally the new address, {@code OWNER/REPOSITORY}. */
    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]);
        if (args.length > 1) {
            if (!args[1].matches("[\\w.-]+/[\\w.-]+")) {
                System.err.println("links: " + args[1] + " is not OWNER/REPOSITORY");
                System.exit(2);
            }
            Path pom = root.resolve("pom.xml");
            replace(pom, ADDRESS.matcher(Files.readString(pom)).replaceFirst("$1" + args[1] + "$3"));
        }
        String repository = repository(Files.readString(root.resolve("pom.xml")));
        int count = 0;
        List<Path> files = files(root);
        List<Path> chapters = files.stream()
                .filter(f -> f.getParent() != null && f.getParent().endsWith("notebooks"))
                .toList();
        for (Path file : files) {
            String text = Files.readString(file);
            String linked = linked(text, root.relativize(file).toString().replace('\\', '/'), repository);
            int at = chapters.indexOf(file);
            if (at >= 0) {
                linked = between(
                        linked,
                        at == 0 ? "" : neighbour("Previous", chapters.get(at - 1)),
                        at == chapters.size() - 1 ? "" : neighbour("Next", chapters.get(at + 1)));
            }
            if (!linked.equals(text)) {
                replace(file, linked);
                count++;
            }
        }
        System.out.println(repository + ": " + count + " files changed");
    }

    /** The address that the project names. */
    static String repository(String pom) {
        Matcher address = ADDRESS.matcher(pom);
        if (!address.find()) {
            throw new IllegalArgumentException("pom.xml: no property github.repository");
        }
        return address.group(2);
    }

    /** Where a notebook, or the folder of all of them, opens. */
    static String link(String repository, String path) {
        return "https://mybinder.org/v2/gh/" + repository + "/HEAD?urlpath=lab/tree/" + path;
    }

    /** The chapters and README. */
    static List<Path> files(Path root) throws IOException {
        try (Stream<Path> notebooks = Files.walk(root.resolve("notebooks"), 2)) {
            List<Path> files = notebooks
                    .filter(f -> f.toString().endsWith(".ipynb"))
                    .filter(f -> !f.startsWith(root.resolve("notebooks").resolve("tests")))
                    .filter(f -> !f.toString().contains(".ipynb_checkpoints"))
                    .sorted()
                    .collect(Collectors.toList());
            files.add(root.resolve("README.md"));
            return files;
        }
    }

    /** The text with the link of this address; a notebook that has none gets it under its title. */
    static String linked(String text, String path, String repository) {
        if (LINK.matcher(text).find()) {
            return LINK.matcher(text).replaceAll("https://mybinder.org/v2/gh/" + repository + "/HEAD");
        }
        Matcher title = TITLE.matcher(text);
        if (!path.endsWith(".ipynb") || !title.find()) {
            return text;
        }
        String link = "    \"\\n\",\n    \"[Open on Binder](" + link(repository, path) + ")";
        boolean alone = title.group(1).equals("\""); // nothing else is in the cell
        return text.substring(0, title.start(1))
                + "\\n\",\n"
                + link
                + (alone ? "\"\n" : "\\n\",\n")
                + text.substring(title.end());
    }

    /** The text with these links after the one to Binder, instead of the links to neighbours that stood there. */
    static String between(String text, String previous, String next) {
        return HEAD.matcher(text).replaceFirst(m -> Matcher.quoteReplacement(m.group(1) + previous + next));
    }

    private static String neighbour(String word, Path chapter) throws IOException {
        return neighbour(word, chapter.getFileName().toString(), Files.readString(chapter));
    }

    /** A link to a chapter, named by its title. */
    static String neighbour(String word, String file, String notebook) {
        Matcher title = NAME.matcher(notebook);
        String name = title.find() ? title.group(1).replace(" · ", " ") : file;
        return " · " + word + ": [" + name + "](" + file + ")";
    }

    private static void replace(Path file, String text) {
        AsideFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
