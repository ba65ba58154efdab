package org.carousel.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.source.util.JavacTask;
import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis;

/** What JShell knows of code that has not run: whether it is complete, and what a name means. */
final class CodeHelp {
    private static final int MOST_SIGNATURES = 25; // each costs a look into the compiler

    private final JShell shell;

    CodeHelp(JShell shell) {
        this.shell = shell;
    }

    /** Whether some snippet of the code can never become Java, whatever follows. */
    boolean isInvalid(String code) {
        String rest = code.lines()
                .filter(line -> !line.startsWith("%") && !line.isBlank()) // magics are not Java
                .collect(Collectors.joining("\n"));
        while (!rest.isBlank()) {
            SourceCodeAnalysis.CompletionInfo info = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            if (info.completeness() == SourceCodeAnalysis.Completeness.UNKNOWN) {
                return true;
            }
            if (!info.completeness().isComplete() || info.remaining().length() >= rest.length()) {
                return false;
            }
            if (!parses(info.source())) {
                return true;
            }
            rest = info.remaining();
        }
        return false;
    }

    /** Whether a snippet that JShell takes for complete is Java in one of the places where it may stand. */
    private static boolean parses(String snippet) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        for (String place :
                List.of("class $ { void $() { %s\n } }", "class $ { Object $ = %s\n; }", "class $ { %s\n }", "%s")) {
            if (errors(compiler, place.replace("%s", snippet)) == 0) {
                return true;
            }
        }
        return false;
    }

    private static long errors(JavaCompiler compiler, String source) {
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///$.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreErrors) {
                return source;
            }
        };
        JavacTask task = (JavacTask) compiler.getTask(null, null, found, List.of("-proc:none"), null, List.of(file));
        try {
            task.parse();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return found.getDiagnostics().stream()
                .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
                .count();
    }

    /**
     * What each suggestion is, as front ends show it: {@code text}, {@code type}, {@code signature}, and the part of the
     * code that it replaces.
     */
    JsonArray types(String code, ReplacementOptions options) {
        JsonArray types = new JsonArray();
        for (String text : options.getReplacements()) {
            JsonObject one = new JsonObject();
            one.addProperty("start", options.getSourceStart());
            one.addProperty("end", options.getSourceEnd());
            one.addProperty("text", text);
            one.addProperty("type", kind(text));
            boolean call = text.endsWith("(") || text.endsWith(")");
            if (call && types.size() < MOST_SIGNATURES) {
                one.addProperty("signature", signature(code.substring(0, options.getSourceStart()) + text));
            }
            types.add(one);
        }
        return types;
    }

    private static String kind(String suggestion) {
        if (suggestion.endsWith("(") || suggestion.endsWith(")")) {
            return "function";
        }
        boolean capital = Character.isUpperCase(suggestion.charAt(0));
        if (capital && suggestion.equals(suggestion.toUpperCase(Locale.ROOT)) && suggestion.length() > 1) {
            return "constant";
        }
        return capital ? "class" : SourceVersion.isKeyword(suggestion.strip()) ? "keyword" : "variable";
    }

    private String signature(String call) {
        String open = call.endsWith(")") ? call.substring(0, call.length() - 1) : call;
        return shell.sourceCodeAnalysis().documentation(open, open.length(), false).stream()
                .map(SourceCodeAnalysis.Documentation::signature)
                .distinct()
                .collect(Collectors.joining("\n"));
    }

    /** Signatures, each with its documentation where that is installed, of what stands at the cursor; else empty. */
    String documentation(String code, int cursor) {
        for (int at = Math.min(cursor, code.length()); at >= Math.max(0, cursor - 1); at--) {
            List<SourceCodeAnalysis.Documentation> found =
                    shell.sourceCodeAnalysis().documentation(code, at, true);
            if (!found.isEmpty()) {
                return found.stream().map(CodeHelp::text).distinct().collect(Collectors.joining("\n\n"));
            }
        }
        return "";
    }

    private static String text(SourceCodeAnalysis.Documentation documentation) {
        // some JDKs write a record with all its components in front of the name of its method
        String signature = documentation.signature().replaceAll("\\([^()]*\\)\\.", ".");
        String javadoc = documentation.javadoc();
        String comment = javadoc == null || javadoc.isBlank() ? LibraryDocs.of(signature) : javadoc.strip();
        return comment.isEmpty() ? signature : signature + "\n" + comment;
    }
}
