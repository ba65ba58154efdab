package org.carousel.kernel.internal;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What cells and their libraries log through {@code java.util.logging} goes to the cell, as the text that Java's own
 * handler would write to the terminal. The kernel's own warnings stay there.
 */
final class CellLog extends Handler {
    private static final Pattern CELL = Pattern.compile("REPL\\.\\$JShell\\$(\\d+)[A-Z]*.*");

    private CellLog() {
        setFormatter(new SimpleFormatter());
        setLevel(Level.INFO); // that of Java's own handler
    }

    static void install() {
        Logger root = Logger.getLogger("");
        for (Handler terminal : root.getHandlers()) {
            terminal.setFilter(record -> isOfKernel(record)
                    ? record.getLevel().intValue() >= Level.WARNING.intValue()
                    : Cell.current() == null);
        }
        root.addHandler(new CellLog());
    }

    /** The base kernel logs every message that it handles, under names without a common beginning. */
    private static boolean isOfKernel(LogRecord record) {
        String source = record.getSourceClassName();
        return source != null
                && (source.startsWith("io.github.spencerpark.") || source.startsWith("org.carousel.kernel."));
    }

    @Override
    public void publish(@Nullable LogRecord record) {
        if (record == null || !isLoggable(record) || isOfKernel(record) || Cell.current() == null) {
            return;
        }
        Matcher cell = CELL.matcher(String.valueOf(record.getSourceClassName()));
        if (cell.matches()) {
            record.setSourceClassName("cell");
            record.setSourceMethodName(null);
        }
        System.err.print(getFormatter().format(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
