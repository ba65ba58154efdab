package org.carousel.kernel.internal;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
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
        return inCells(text.toString().lines().collect(Collectors.toList()));
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
