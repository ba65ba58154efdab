package org.carousel.kernel.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.source.util.JavacTask;
import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final long SIGNATURES_NANOS =
            200_000_000; // each costs a look into the compiler; editors do not wait
    private static final int DEEPEST = 4;
    private static final Pattern PACKAGE = Pattern.compile("\\b(?:[a-z]\\w*\\.)+(?=[A-Z])");
    private static final String IN_METHOD = "class $ { void $() { %s\n } }";
    private static final Pattern CLASS =
            Pattern.compile("\\s*(?:(?:@\\w+|public|private|protected|static|final|abstract|sealed|non-sealed)\\s+)*"
                    + "(?:class|record|enum|interface|@interface)\\b");
    private static final Pattern MODIFIERS =
            Pattern.compile("\\A\\s*(?:(?:public|private|protected|static|sealed|non-sealed)\\s+)*");
    private static final Pattern IMPORT = Pattern.compile("\\s*import\\s+((?:\\w+\\s*\\.\\s*)+)(\\w+|\\*)\\s*;");
    private static final Pattern MAGIC_LINE = Pattern.compile("(?m)^%.*$");
    private static final Pattern MAGIC_NAME = Pattern.compile("(?:^|\n)(%\\w*|%%\\w*)$");
    private static final Pattern NAME = Pattern.compile("(?<![.\\w])([A-Za-z_$][\\w$]*)(\\s*\\()?");
    private static final Pattern TYPE_NAME = Pattern.compile("\\b[A-Z]\\w*\\b");

    private final JShell shell;

    CodeHelp(JShell shell) {
        this.shell = shell;
    }

    /** Whether some snippet of the code can never become Java, whatever follows. */
    boolean isInvalid(String code) {
        String rest = withoutMagics(code);
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
        for (String place : List.of(IN_METHOD, "class $ { Object $ = %s\n; }", "class $ { %s\n }", "%s")) {
            if (errors(compiler, place.replace("%s", snippet)) == 0) {
                return true;
            }
        }
        return false;
    }

    /** Where the first snippet ends, by the parser; -1 when no beginning of the code is one. */
    static int firstSnippet(String code) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        for (int end : JavaText.ends(code)) {
            String snippet = code.substring(0, end);
            for (String place : List.of(IN_METHOD, "class $ { %s\n }", "%s")) {
                if (errors(compiler, place.replace("%s", snippet)) == 0) {
                    return end;
                }
            }
        }
        return -1;
    }

    /** Whether a snippet is the declaration of a type or a method of one of these names. */
    static boolean declares(String snippet, Set<String> names) {
        String head = JavaText.codeOnly(snippet).replaceFirst("(?s)\\{.*", "{");
        return (CLASS.matcher(snippet).lookingAt() || !isStatement(snippet))
                && JavaText.declared(head).stream().anyMatch(names::contains);
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

    /** The code with blanks in place of magics, which are not Java; every character stands where it stood. */
    static String withoutMagics(String code) {
        return MAGIC_LINE.matcher(code).replaceAll(line -> " "
                .repeat(line.group().length()));
    }

    /** Where a cursor stands that is counted, as the protocol does, in characters beyond the 16 bits of Java's. */
    private static int index(String code, int cursor) {
        return code.offsetByCodePoints(0, Math.max(0, Math.min(cursor, code.codePointCount(0, code.length()))));
    }

    /**
     * A cell up to the cursor, as the shell understands it: it looks at one snippet only, so statements and types that
     * stand before it become statements of one block. Methods, which no block can hold, are left out, and so are imports,
     * in whose place their names are written in full.
     *
     * @param shift how many characters more there are in the cell than in the text
     */
    private record Place(String text, int shift) {}

    /** With {@code isWhole}, the code ends with a whole name, else with the beginning of one. */
    private Place place(String code, int at, boolean isWhole) {
        String text = withoutMagics(code).substring(0, at);
        StringBuilder before = new StringBuilder();
        List<Import> imports = new ArrayList<>();
        int start = 0;
        SourceCodeAnalysis.CompletionInfo info = shell.sourceCodeAnalysis().analyzeCompletion(text);
        while (info.completeness().isComplete() && !info.remaining().isBlank()) {
            int end = text.length() - info.remaining().length();
            String part = text.substring(start, end);
            part = part.substring(Evaluator.blank(part));
            Matcher line = IMPORT.matcher(part);
            if (CLASS.matcher(part).lookingAt()) {
                before.append(';').append(MODIFIERS.matcher(part).replaceFirst(""));
            } else if (line.lookingAt()) {
                imports.add(Import.of(line));
            } else if (isStatement(info.source())) {
                before.append(part);
            }
            start = end;
            info = shell.sourceCodeAnalysis().analyzeCompletion(info.remaining());
        }
        start += innermost(text.substring(start));
        String all = inFull(before + text.substring(start), imports, isWhole);
        return new Place(all, at - all.length());
    }

    private String inFull(String text, List<Import> imports, boolean isWhole) {
        if (imports.isEmpty()) {
            return text;
        }
        String code = JavaText.codeOnly(text);
        Map<String, String> known = new HashMap<>(); // an empty one for a name that no import brings
        JavaText.declared(code).forEach(own -> known.put(own, ""));
        StringBuilder full = new StringBuilder();
        int from = 0;
        Matcher name = TYPE_NAME.matcher(code);
        while (name.find()) {
            boolean isType = (isWhole || name.end() < code.length())
                    && (name.start() == 0 || code.charAt(name.start() - 1) != '.');
            String type = isType ? known.computeIfAbsent(name.group(), n -> inFullOf(n, imports)) : "";
            full.append(text, from, name.start()).append(type.isEmpty() ? name.group() : type);
            from = name.end();
        }
        return full + text.substring(from);
    }

    private String inFullOf(String name, List<Import> imports) {
        return imports.stream()
                .filter(line -> line.name().equals(name))
                .findFirst()
                .or(() -> imports.stream().filter(line -> brings(line, name)).findFirst())
                .map(line -> line.from() + name)
                .orElse("");
    }

    private boolean brings(Import line, String name) {
        String type = line.from() + name;
        return line.name().equals("*") && (line.isOfJava() ? GivingImports.isClass(type) : exists(type));
    }

    /**
     * A line such as {@code import java.util.zip.*;}.
     *
     * @param from the package, or the type around, and a dot
     * @param name a type's, or a star
     * @param isOfJava whether it is a package of the JDK's own, where a look needs no shell: to ask that one for many names
     *     takes longer than front ends wait
     */
    private record Import(String from, String name, boolean isOfJava) {
        static Import of(Matcher line) {
            String from = line.group(1).replaceAll("\\s", "");
            String of = from.substring(0, from.length() - 1);
            boolean isOfJava = ModuleLayer.boot().modules().stream()
                    .anyMatch(module -> module.getPackages().contains(of));
            return new Import(from, line.group(2), isOfJava);
        }
    }

    private boolean exists(String type) {
        return !shell.sourceCodeAnalysis()
                .documentation(type, type.length(), false)
                .isEmpty();
    }

    /**
     * Where the expression begins that holds the innermost {@value #DEEPEST} open brackets of a statement. Each level of
     * calls that are overloaded and not complete costs the compiler twice the time of the one before, and the cells that
     * wait meanwhile would wait for ever.
     */
    static int innermost(String statement) {
        String code = JavaText.codeOnly(statement);
        List<Integer> begins = new ArrayList<>(); // of what stands in each open bracket, after its last comma
        for (int k = 0; k < code.length(); k++) {
            char c = code.charAt(k);
            if (c == '(' || c == '[') {
                begins.add(k + 1);
            } else if ((c == ')' || c == ']' || c == ',') && !begins.isEmpty()) {
                begins.remove(begins.size() - 1);
                if (c == ',') {
                    begins.add(k + 1);
                }
            } else if (c == '{' || c == '}' || c == ';') {
                begins.clear(); // the level of statements, whose variables may be meant
            }
        }
        int begin = begins.size() > DEEPEST ? begins.get(begins.size() - 1 - DEEPEST) : 0;
        return code.substring(0, begin).contains("->") ? 0 : begin;
    }

    /** Asked of the parser: the shell's own answer makes it lose its documentation of the JDK on Java 25. */
    private static boolean isStatement(String source) {
        return !CLASS.matcher(source).lookingAt()
                && errors(ToolProvider.getSystemJavaCompiler(), IN_METHOD.replace("%s", source)) == 0;
    }

    /**
     * What may stand at the cursor.
     *
     * @param options the texts, and the part of the code that they replace
     * @param types what each of them is, as front ends show it
     */
    record Suggestions(ReplacementOptions options, JsonArray types) {}

    /** Imports what a cell names up to the cursor and does not declare, before anything was run that did. */
    void giveImports(String code, int cursor, GivingImports imports) {
        String text = JavaText.codeOnly(withoutMagics(code).substring(0, index(code, cursor)));
        Set<String> names = new LinkedHashSet<>();
        Matcher name = TYPE_NAME.matcher(text);
        while (name.find()) {
            names.add(name.group());
        }
        names.removeAll(JavaText.declared(text));
        for (String type : names) {
            if (imports.offers(type) && !exists(type)) {
                imports.give(type);
            }
        }
    }

    Suggestions complete(String code, int cursor) {
        int at = index(code, cursor);
        Matcher magic = MAGIC_NAME.matcher(code.substring(0, at));
        if (magic.find()) {
            List<String> names = Magics.NAMES.stream()
                    .filter(m -> m.startsWith(magic.group(1)))
                    .toList();
            int start = code.codePointCount(0, magic.start(1));
            return new Suggestions(new ReplacementOptions(names, start, cursor), new JsonArray());
        }
        Place place = place(code, at, false);
        int[] anchor = {place.text().length()};
        List<String> texts =
                shell
                        .sourceCodeAnalysis()
                        .completionSuggestions(place.text(), place.text().length(), anchor)
                        .stream()
                        .sorted(Comparator.comparing(s -> !s.matchesType()))
                        .map(SourceCodeAnalysis.Suggestion::continuation)
                        .sorted(Comparator.comparing(SourceVersion::isKeyword)) // class, for one, last
                        .distinct()
                        .toList();
        String before = code.substring(0, anchor[0] + place.shift());
        if (!before.stripTrailing().endsWith(".")) {
            texts = joined(ownNames(before, code.substring(anchor[0] + place.shift(), at)), texts);
        }
        int start = code.codePointCount(0, anchor[0] + place.shift());
        ReplacementOptions options = new ReplacementOptions(texts, start, code.codePointCount(0, at));
        return new Suggestions(options, types(place.text().substring(0, anchor[0]), options));
    }

    /** Names of the cell itself, which the shell does not know before it has run: variables, parameters, methods, types. */
    private static List<String> ownNames(String before, String begun) {
        Set<String> names = new LinkedHashSet<>();
        Matcher name = NAME.matcher(JavaText.codeOnly(withoutMagics(before)));
        while (name.find()) {
            if (!begun.isEmpty()
                    && name.group(1).startsWith(begun)
                    && name.group(1).length() > begun.length()
                    && !SourceVersion.isKeyword(name.group(1))) {
                names.add(name.group(1) + (name.group(2) == null ? "" : "("));
            }
        }
        return List.copyOf(names);
    }

    private static List<String> joined(List<String> first, List<String> more) {
        Set<String> all = new LinkedHashSet<>(first);
        all.addAll(more);
        return List.copyOf(all);
    }

    /**
     * {@code text}, {@code type} and {@code signature} of each suggestion, and the part of the code that it replaces; as
     * many signatures as there is time for, because JupyterLab drops an answer that takes a second.
     */
    private JsonArray types(String before, ReplacementOptions options) {
        JsonArray types = new JsonArray();
        long start = System.nanoTime();
        boolean late = false;
        for (String text : options.getReplacements()) {
            JsonObject one = new JsonObject();
            one.addProperty("start", options.getSourceStart());
            one.addProperty("end", options.getSourceEnd());
            one.addProperty("text", text);
            one.addProperty("type", kind(text));
            boolean call = text.endsWith("(") || text.endsWith(")");
            if (call && !late) {
                one.addProperty("signature", signature(before + text));
                late = System.nanoTime() - start > SIGNATURES_NANOS;
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
                .map(d -> simple(d.signature()))
                .distinct()
                .collect(Collectors.joining("\n"));
    }

    /** Signatures, each with its documentation where that is installed, of what stands at the cursor; else empty. */
    String documentation(String code, int cursor) {
        int at = index(code, cursor);
        int end = at;
        while (end < code.length() && Character.isJavaIdentifierPart(code.charAt(end))) {
            end++; // the whole of the name that the cursor is in
        }
        int open = end;
        while (open < code.length() && code.charAt(open) == ' ') {
            open++;
        }
        boolean call = open < code.length() && code.charAt(open) == '(';
        for (int candidate : new int[] {call ? open + 1 : end, end, Math.max(0, at - 1)}) {
            String text = place(code, candidate, true).text();
            List<SourceCodeAnalysis.Documentation> found =
                    shell.sourceCodeAnalysis().documentation(text, text.length(), true);
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
        return simple(signature) + (comment.isEmpty() ? "" : "\n" + comment);
    }

    /** A signature without the packages of its types. */
    static String simple(String signature) {
        return PACKAGE.matcher(signature).replaceAll("");
    }
}
