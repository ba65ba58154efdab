package org.carousel.kernel.internal;

import io.github.spencerpark.jupyter.kernel.magic.registry.Magics;
import io.github.spencerpark.jupyter.kernel.util.GlobFinder;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.carousel.files.internal.AsideFile;
import org.jspecify.annotations.Nullable;

/**
 * The magics that add libraries to a notebook, all over one resolver: IJava's {@code %maven}, {@code %mavenRepo}, {@code
 * %%loadFromPOM}, {@code %jars} and {@code %classpath}, with the words that BeakerX and rapaio's kernel have for them.
 */
final class LibraryMagics {
    private static final Pattern JAR = Pattern.compile("(.+?)-(\\d[\\w.+\\-]*)\\.jar");
    /** Types of these stand in signatures of this library. */
    private static final Set<String> HANDED_OUT = Set.of("xchart", "tablesaw-core", "ejml-simple", "ejml-core");

    private static final Pattern IVY = Pattern.compile("([^#;:]+)#([^#;:]+);([^#;:]+)");

    private final Consumer<String> addToClasspath;
    private final CellLoader loader;
    private final Map<String, Path> ofKernel = new TreeMap<>(); // jars by artifact
    private final Map<String, String> added = new TreeMap<>(); // versions by group, artifact and classifier
    private final Map<String, String> repositories = new LinkedHashMap<>();
    private final Set<String> boms = new LinkedHashSet<>();
    private final List<String> noted = new ArrayList<>(); // named by "/add", for "/resolve"

    LibraryMagics(Consumer<String> addToClasspath, CellLoader loader) {
        this.addToClasspath = addToClasspath;
        this.loader = loader;
        for (Path entry : Libraries.classPathEntries()) {
            Matcher jar = JAR.matcher(String.valueOf(entry.getFileName()));
            if (jar.matches()) {
                ofKernel.put(jar.group(1), entry);
            }
        }
    }

    void register(Magics magics) {
        for (String name : List.of("maven", "addMavenDependency", "addMavenDependencies", "dependency")) {
            magics.registerLineMagic(name, words -> dependency(name, words));
        }
        for (String name : List.of("mavenRepo", "addMavenRepo")) {
            magics.registerLineMagic(name, words -> repository(name, words));
        }
        magics.registerLineMagic("loadFromPOM", this::pom);
        magics.registerCellMagic("loadFromPOM", this::pom);
        magics.registerLineMagic("jars", words -> files("jars", words));
        magics.registerLineMagic("classpath", this::classpath);
    }

    // ------------------------------------------------------------------ libraries by name

    private @Nullable Object dependency(String magic, List<String> words) {
        List<String> coordinates = new ArrayList<>();
        for (int k = 0; k < words.size(); k++) {
            String word = words.get(k);
            switch (word) {
                case "/add" -> {
                    if (k + 1 < words.size()) {
                        noted.add(words.get(++k));
                    }
                }
                case "/add-repo" -> {
                    return repository(magic + " /add-repo", words.subList(k + 1, words.size()));
                }
                case "/resolve" -> {
                    coordinates.addAll(noted);
                    noted.clear();
                }
                default -> {
                    if (word.startsWith("/")) {
                        throw new IllegalArgumentException("%" + magic + " " + word
                                + " is not known here; %maven group:artifact:version adds a library");
                    }
                    if (!word.startsWith("-")) { // -v and --from=... say nothing that is not so anyway
                        coordinates.add(word);
                    }
                }
            }
        }
        boolean isNote =
                coordinates.isEmpty() && words.size() > 0 && words.get(0).startsWith("/");
        if (!isNote) {
            find(magic, coordinates.stream().map(LibraryMagics::asMaven).toList());
        }
        return null;
    }

    /** {@code group#artifact;version}, as Ivy writes it, in Maven's way. */
    private static String asMaven(String coordinates) {
        Matcher ivy = IVY.matcher(coordinates);
        return ivy.matches() ? ivy.group(1) + ":" + ivy.group(2) + ":" + ivy.group(3) : coordinates;
    }

    private void find(String magic, List<String> coordinates) {
        coordinates.stream()
                .filter(c -> c.split(":", -1).length > 3 && c.split(":", -1)[2].equals("pom"))
                .forEach(boms::add);
        resolve(
                magic,
                new Libraries.Request(coordinates, List.copyOf(boms), Map.copyOf(repositories), null, List.of()));
    }

    private void resolve(String magic, Libraries.Request request) {
        List<Libraries.Found> found;
        try {
            found = Libraries.resolve(request);
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new IllegalArgumentException("%" + magic + ": " + e.getMessage(), e);
        }
        for (Libraries.Found library : found) {
            add(library);
        }
    }

    /** Adds a library, unless another version of it is there already; of one that was asked for a line says so. */
    private void add(Libraries.Found library) {
        String name = library.group() + ":" + library.artifact() + ":" + library.classifier();
        String before = added.get(name);
        if (before != null) {
            tell(
                    library,
                    !before.equals(library.version()),
                    " is not used: " + before + " was added before; restart the kernel to have another version");
            return;
        }
        Path own = library.classifier().isEmpty() ? ofKernel.get(library.artifact()) : null;
        if (own != null && !library.group().equals("org.slf4j")) { // loggers find each other where they lie together
            String version = versionOf(own);
            if (version.equals(library.version())) {
                return;
            }
            if (isUsed(own)) {
                tell(
                        library,
                        true,
                        " is not used: the cells already use the kernel's " + version
                                + "; restart the kernel and add it before anything else");
                return;
            }
            tell(
                    library,
                    HANDED_OUT.contains(library.artifact()),
                    " takes the place of the kernel's " + version
                            + " in the cells; what this library itself draws and counts keeps to " + version);
        }
        added.put(name, library.version());
        addToClasspath.accept(library.file().toString());
    }

    private static void tell(Libraries.Found library, boolean isNews, String what) {
        if (isNews && library.isAsked()) {
            CellStreams.err().println(library.group() + ":" + library.artifact() + " " + library.version() + what);
        }
    }

    private static String versionOf(Path jar) {
        Matcher name = JAR.matcher(String.valueOf(jar.getFileName()));
        return name.matches() ? name.group(2) : "";
    }

    private boolean isUsed(Path jar) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream()
                    .map(e -> e.getName())
                    .filter(n -> n.endsWith(".class") && n.indexOf('/') > 0)
                    .map(n -> n.substring(0, n.lastIndexOf('/')).replace('/', '.'))
                    .distinct()
                    .anyMatch(loader::isLent);
        } catch (IOException e) {
            return false; // no jar, so nothing of it can be in use
        }
    }

    private @Nullable Object repository(String magic, List<String> words) {
        if (words.size() != 2) {
            throw new IllegalArgumentException(
                    "%" + magic + ": a name and an address are needed, such as: %mavenRepo jitpack https://jitpack.io");
        }
        try {
            repositories.put(words.get(0), URI.create(words.get(1)).toString());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%" + magic + ": " + words.get(1) + " is no address", e);
        }
        return null;
    }

    // ------------------------------------------------------------------ projects

    private @Nullable Object pom(List<String> words) {
        if (words.isEmpty() || !Files.isRegularFile(Path.of(words.get(0)))) {
            throw new IllegalArgumentException(
                    "%loadFromPOM: " + (words.isEmpty() ? "which file?" : words.get(0) + " is no file"));
        }
        project(Path.of(words.get(0)).toAbsolutePath(), words.subList(1, words.size()));
        return null;
    }

    private @Nullable Object pom(List<String> scopes, String xml) throws IOException {
        Path file = Files.createTempFile("cell", ".pom");
        try {
            byte[] whole = Poms.whole(xml).getBytes(StandardCharsets.UTF_8);
            AsideFile.write(file, out -> out.write(whole));
            project(file, scopes);
        } finally {
            Files.delete(file);
        }
        return null;
    }

    private void project(Path pom, List<String> scopes) {
        resolve(
                "loadFromPOM",
                new Libraries.Request(List.of(), List.copyOf(boms), Map.copyOf(repositories), pom, scopes));
    }

    // ------------------------------------------------------------------ files

    /** IJava's own words, and BeakerX's {@code add mvn}, {@code add jar} and {@code config resolver}. */
    private @Nullable Object classpath(List<String> words) {
        String first = words.isEmpty() ? "" : words.get(0);
        String second = words.size() > 1 ? words.get(1) : "";
        List<String> rest = words.subList(Math.min(2, words.size()), words.size());
        if (first.equals("add") && second.equals("mvn")) {
            find("classpath add mvn", List.of(String.join(":", rest)));
            return null;
        }
        if (first.equals("add") && (second.equals("jar") || second.equals("dynamic"))) {
            return files("classpath add jar", rest);
        }
        if (first.equals("config") && second.equals("resolver")) {
            return repository("classpath config resolver", rest);
        }
        return files("classpath", words);
    }

    private List<String> files(String magic, List<String> globs) {
        List<String> found = new ArrayList<>();
        for (String glob : globs) {
            try {
                int before = found.size();
                for (Path path : new GlobFinder(glob).computeMatchingPaths()) {
                    boolean isJar = Files.isRegularFile(path);
                    if (isJar || !magic.equals("jars")) {
                        found.add(path.toAbsolutePath().toString());
                    }
                }
                if (found.size() == before) {
                    CellStreams.err().println("%" + magic + " " + glob + ": nothing is there");
                }
            } catch (IOException e) {
                throw new IllegalArgumentException("%" + magic + " " + glob + ": " + e.getMessage(), e);
            }
        }
        found.forEach(addToClasspath);
        return found;
    }
}
