package org.carousel.notebook;

import java.util.Locale;
import org.carousel.notebook.internal.Frontend;
import org.carousel.notebook.internal.Screen;
import org.jspecify.annotations.Nullable;

/** What cells call, by static import: {@link #begin}, {@link #show}, {@link #say}, {@link #progress}, {@link #clearOutput}. */
public final class Notebook {
    private Notebook() {}

    /**
     * Makes charts, tables, tensors and matrices show as such when they are the value of a cell. Our own kernel and
     * JJava do it themselves; on the stock IJava kernel the first cell of each chapter does. Calling it again, or
     * outside Jupyter, does nothing.
     */
    public static void begin() {
        Screen.begin();
    }

    /** From now on values of the renderer's type look as it says; the last one added for a type counts. */
    public static void add(Renderer renderer) {
        Screen.add(renderer);
    }

    /** Shows values inside a cell, each as it would look as the cell's own value. Outside Jupyter: prints text. */
    public static void show(@Nullable Object... values) {
        for (Object value : values == null ? new Object[] {null} : values) {
            Screen.show(value);
        }
    }

    /** Clears what the cell has shown so far. Does nothing outside Jupyter, and on kernels that cannot. */
    public static void clearOutput() {
        Frontend there = Screen.frontend();
        if (there != null) {
            there.clearOutput();
        }
    }

    /** Prints one line, formatted as by {@link String#format}, with a decimal point in every country. */
    public static void say(String format, @Nullable Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    /** A bar that fills while something runs. Close it, or let it reach its end. */
    public static Progress progress(String title) {
        return new Progress(title, Screen.frontend());
    }
}
