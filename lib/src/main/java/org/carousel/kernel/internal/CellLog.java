package org.carousel.kernel.internal;

import io.github.spencerpark.jupyter.channels.JupyterSocket;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What cells and their libraries log through {@code java.util.logging} goes to the cell, as the text that Java's own
 * handler would write to the terminal. What the kernel itself logs goes to the terminal, and past all that cells may set:
 * their handlers are code that may fail, never end or log in its turn, and must not run in the kernel's threads.
 */
final class CellLog extends Handler {
    private static final Pattern CELL = Pattern.compile("REPL\\.\\$JShell\\$(\\d+)[A-Z]*.*");

    /** The logger of the kernel; those of the base kernel's channels are below it. */
    static final Logger KERNEL = JupyterSocket.JUPYTER_LOGGER;

    private CellLog() {
        setFormatter(new SimpleFormatter());
        setLevel(Level.INFO); // that of Java's own handler
    }

    static void install() {
        Handler kernels = new StreamHandler(CellStreams.process(), new SimpleFormatter()) {
            @Override
            public synchronized void publish(LogRecord record) {
                super.publish(record);
                flush();
            }

            /** A cell that resets all logging does not close the terminal. */
            @Override
            public synchronized void close() {
                flush();
            }
        };
        kernels.setLevel(Level.WARNING); // the base kernel logs every message that it handles
        KERNEL.addHandler(kernels);
        KERNEL.setUseParentHandlers(false);
        Logger root = Logger.getLogger("");
        for (Handler terminal : root.getHandlers()) {
            terminal.setFilter(record -> Cell.current() == null);
        }
        root.addHandler(new CellLog());
    }

    @Override
    public void publish(@Nullable LogRecord record) {
        if (record == null || !isLoggable(record) || Cell.current() == null) {
            return;
        }
        Matcher cell = CELL.matcher(String.valueOf(record.getSourceClassName()));
        if (cell.matches()) {
            record.setSourceClassName("cell");
            record.setSourceMethodName(null);
        }
        CellStreams.err().print(getFormatter().format(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
