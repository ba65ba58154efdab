package org.carousel.kernel.internal;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Stack traces that cells print, with the lines of cells in place of those of the shell's classes. Public because the
 * classes of cells call it; not for use by hand.
 */
public final class Traces {
    private static final Pattern FRAME = Pattern.compile(
            "\\s+at REPL\\.\\$JShell\\$((\\d+)[A-Z]*)(?:\\$([\\w$]+))?\\.([\\w$<>]+)\\(\\$JShell\\$\\w+\\.java:(\\d+)\\)");
    private static final Pattern SNIPPET = Pattern.compile("REPL\\.\\$JShell\\$(\\d+)[A-Z]*");
    private static final String HEADER = "^(\\s*(?:Caused by: |Suppressed: )?(?:\\[CIRCULAR REFERENCE: ?)?)";
    private static final int MOST_EXCEPTIONS = 100;
    private static final int FIRST = 5; // the line of the shell's class that a snippet begins in
    private static final int INITIALISER = 7; // and that an initialiser of a variable begins in

    private static final Map<String, Evaluator.Place> PLACES = new ConcurrentHashMap<>();
    private static volatile Evaluator.@Nullable Place running;

    private Traces() {}

    /** What is evaluated now; its class has a name that is not known before. */
    static void begin(Evaluator.Place place) {
        running = place;
    }

    /** The snippet of this number stands here. */
    static void put(String number, Evaluator.Place place) {
        PLACES.put(number, place);
    }

    /** Takes the place of {@link Throwable#printStackTrace()} in cells. */
    public static void print(Throwable thrown) {
        print(thrown, System.err);
    }

    /** Takes the place of {@link Throwable#printStackTrace(PrintStream)} in cells. */
    public static void print(Throwable thrown, PrintStream out) {
        out.print(text(thrown));
    }

    /** As {@code printStackTrace} writes it, but for the frames of the kernel and of reflection, which are left out. */
    static String text(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        String lines = text.toString();
        for (Map.Entry<String, String> name : names(thrown).entrySet()) {
            lines = lines.replaceAll(
                    "(?m)" + HEADER + Pattern.quote(name.getKey()) + "(?=[:\\s]|$)", "$1" + name.getValue());
        }
        return inCells(lines.lines().collect(Collectors.toList()));
    }

    /** The names of the exceptions of cells in a trace, and what they are called in the cell. */
    private static Map<String, String> names(Throwable thrown) {
        Map<String, String> names = new HashMap<>();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Throwable> open = new ArrayDeque<>(List.of(thrown));
        while (!open.isEmpty() && seen.size() < MOST_EXCEPTIONS) {
            Throwable next = open.remove();
            if (seen.add(next)) {
                String name = next.getClass().getName();
                if (name.startsWith("REPL.")) {
                    String typed = name(next.getClass());
                    names.put(name, Matcher.quoteReplacement(typed.startsWith("REPL.") ? simple(typed) : typed));
                }
                open.addAll(List.of(next.getSuppressed()));
                Optional.ofNullable(next.getCause()).ifPresent(open::add);
            }
        }
        return names;
    }

    /** The name of an exception's class; where it has none, that of the class that it extends. */
    static String name(Class<?> exception) {
        for (Class<?> type = exception; type != null; type = type.getSuperclass()) {
            if (!type.isAnonymousClass()) {
                return type.getName();
            }
        }
        return exception.getName();
    }

    /** A name as in the code, without the package and the classes around it. */
    static String simple(String className) {
        String last = className.substring(Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1);
        return last.replaceFirst("^\\d+(?=\\D)", ""); // a class inside a method has a number before its name
    }

    /** The number of the cell that a frame is a statement of, or a lambda in one; -1 for all others, and for declarations. */
    static int cell(String className, String method) {
        if (!method.startsWith("do_it$") && !method.startsWith("lambda$do_it$")) {
            return -1;
        }
        Matcher snippet = SNIPPET.matcher(className);
        Evaluator.Place place = snippet.matches() ? PLACES.get(snippet.group(1)) : null;
        return place == null ? -1 : place.cell();
    }

    /** {@code at half, cell 3, line 2} for a frame of a cell; null for others. */
    static @Nullable String inCell(StackTraceElement frame) {
        Matcher matcher = FRAME.matcher("\tat " + frame);
        return matcher.matches() ? frame(matcher).strip() : null;
    }

    static String inCells(List<String> lines) {
        StringBuilder text = new StringBuilder();
        boolean below = false; // what called the cell
        for (String line : lines) {
            boolean isFrame = line.startsWith("\tat ") || line.startsWith("\t... ");
            below &= isFrame;
            if (!below) {
                Matcher frame = FRAME.matcher(line);
                boolean isCell = frame.matches();
                text.append(isCell ? frame(frame) : line).append('\n');
                below = isCell && frame.group(4).startsWith("do_it$");
            }
        }
        return text.toString();
    }

    private static String frame(Matcher frame) {
        String method = frame.group(4);
        boolean isTop = method.startsWith("do_it$") || method.startsWith("lambda$do_it$");
        Evaluator.Place known = PLACES.get(frame.group(2));
        Evaluator.Place now = running;
        boolean isNow = known == null || (now != null && method.startsWith("do_it$"));
        Evaluator.Place place = isNow ? now : known;
        String who = isTop
                ? method.startsWith("lambda$") ? "a lambda, " : ""
                : (frame.group(3) == null ? "" : frame.group(3) + ".") + method + ", ";
        if (place == null) {
            return "\tat " + who + "a cell";
        }
        int line = Integer.parseInt(frame.group(5)) - FIRST;
        int initialiser = place.initialiser();
        if (initialiser >= 0) {
            line += FIRST - INITIALISER + initialiser;
        }
        int last = (int) place.source().lines().count() - 1;
        return "\tat " + who + "cell " + place.cell() + ", line " + (place.line() + Math.max(0, Math.min(line, last)));
    }
}
