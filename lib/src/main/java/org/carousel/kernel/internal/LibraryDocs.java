package org.carousel.kernel.internal;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The documentation of this library's own classes and methods, read from the sources that lie beside its jar. */
final class LibraryDocs {
    private static final String ROOT = "sources/";
    private static final Pattern INSIDE = Pattern.compile("/(?:internal|kernel|tools)/"); // nothing that cells use
    private static final Map<String, String> SOURCES = sources(); // last: it needs what is above
    private static final Pattern SIGNATURE = Pattern.compile("(?:.* )?([\\w.]+?)(?:\\.(\\w+))?\\((.*)\\)");

    private LibraryDocs() {}

    /**
     * The comment of what a signature of the shell names, such as {@code Lstm Lstm.of(int inputSize, ...)}, {@code
     * Lstm(Tensor W, ...)} or {@code org.carousel.recurrent.Lstm}; empty when it is none of this library.
     */
    static String of(String signature) {
        Matcher call = SIGNATURE.matcher(signature);
        boolean isCall = call.matches();
        String type = isCall ? call.group(1) : signature;
        String source = source(type.replaceFirst("^((?:[a-z]\\w*\\.)*\\w+).*", "$1"));
        if (source == null) {
            return "";
        }
        String name = !isCall ? "" : call.group(2) == null ? "<init>" : call.group(2);
        String inner = type.substring(type.lastIndexOf('.') + 1);
        return plain(comment(source, inner, name, isCall ? names(call.group(3)) : List.of()));
    }

    /** The text of the file that a type stands in, which may be named with its package or without. */
    private static @Nullable String source(String type) {
        String path = SOURCES.get(type);
        if (path == null) {
            return null;
        }
        try (InputStream in = LibraryDocs.class.getResourceAsStream("/" + path)) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * Where the source of each type lies that cells use, by its name with and without the package; of namesakes the
     * first counts.
     */
    private static Map<String, String> sources() {
        String own = ROOT + LibraryDocs.class.getName().replace('.', '/') + ".java";
        URL here = LibraryDocs.class.getResource("/" + own);
        if (here == null) {
            return Map.of();
        }
        Map<String, String> sources = new HashMap<>();
        try {
            if (here.openConnection() instanceof JarURLConnection connection) {
                try (FileSystem jar = FileSystems.newFileSystem(
                        Path.of(connection.getJarFileURL().toURI()))) {
                    collect(jar.getPath("/"), sources);
                }
            } else {
                String file = Path.of(here.toURI()).toString();
                collect(Path.of(file.substring(0, file.length() - own.length())), sources);
            }
        } catch (IOException | URISyntaxException e) {
            return Map.of(); // cells run as well without
        }
        return sources;
    }

    private static void collect(Path root, Map<String, String> sources) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve(ROOT))) {
            files.map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .filter(path ->
                            path.endsWith(".java") && !INSIDE.matcher(path).find())
                    .sorted()
                    .forEach(path -> {
                        String name = path.substring(ROOT.length(), path.length() - ".java".length())
                                .replace('/', '.');
                        sources.put(name, path);
                        sources.putIfAbsent(name.substring(name.lastIndexOf('.') + 1), path);
                    });
        }
    }

    /** The names of parameters: the last word of each, where commas inside generic types do not part. */
    private static List<String> names(String parameters) {
        List<String> names = new ArrayList<>();
        for (String parameter : parameters.replaceAll("<[^()]*>", "").split(",", -1)) {
            String[] words = parameter.strip().split("\\s+", -1);
            if (!words[words.length - 1].isEmpty()) {
                names.add(words[words.length - 1]);
            }
        }
        return names;
    }

    private static String comment(String source, String type, String method, List<String> parameters) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///" + type + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreErrors) {
                        return source;
                    }
                };
        JavacTask task =
                (JavacTask) compiler.getTask(null, null, problem -> {}, List.of("-proc:none"), null, List.of(file));
        DocTrees docs = DocTrees.instance(task);
        StringBuilder found = new StringBuilder();
        try {
            for (CompilationUnitTree unit : task.parse()) {
                new Finder(docs, type, method, parameters, found).scan(unit, null);
            }
        } catch (IOException e) {
            return "";
        }
        return found.toString();
    }

    private static final class Finder extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final DocTrees docs;
        private final String type;
        private final String method;
        private final List<String> parameters;
        private final StringBuilder found;

        Finder(DocTrees docs, String type, String method, List<String> parameters, StringBuilder found) {
            this.docs = docs;
            this.type = type;
            this.method = method;
            this.parameters = parameters;
            this.found = found;
        }

        @Override
        public @Nullable Void visitClass(ClassTree node, @Nullable Void nothing) {
            if (method.isEmpty() && node.getSimpleName().contentEquals(type)) {
                take();
            }
            return super.visitClass(node, null);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree node, @Nullable Void nothing) {
            boolean inType = getCurrentPath().getParentPath().getLeaf() instanceof ClassTree c
                    && c.getSimpleName().contentEquals(type);
            List<String> names = node.getParameters().stream()
                    .map(p -> p.getName().toString())
                    .collect(Collectors.toList());
            if (inType && node.getName().contentEquals(method) && names.equals(parameters)) {
                take();
            }
            return super.visitMethod(node, null);
        }

        private void take() {
            String comment = docs.getDocComment(getCurrentPath());
            if (comment != null && found.length() == 0) {
                found.append(comment);
            }
        }
    }

    /** Without the marks of Javadoc, which the pager shows as they are. */
    static String plain(String comment) {
        return comment.replaceAll("\\{@(?:code|link|linkplain|literal|value)\\s+#?([^{}]*)}", "$1")
                .replaceAll("<p>", "\n")
                .replaceAll("</?(?:pre|em|b|i|code|ul|li)>", "")
                .replaceAll("(?m)^ ", "")
                .replaceAll("\n{3,}", "\n\n")
                .strip();
    }
}
