package org.carousel.notebook;

import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.carousel.tensor.internal.kernels.Kernels;
import org.jspecify.annotations.Nullable;

/** What cells call, by static import: {@link #begin}, {@link #show}, {@link #say}, {@link #progress}, {@link #clearOutput}. */
public final class Notebook {
    private static final List<Renderer> RENDERERS = new CopyOnWriteArrayList<>();
    private static @Nullable Frontend frontend;

    private Notebook() {}

    /**
     * Makes charts, tables, tensors and matrices show as such when they are the value of a cell. Our own kernel and
     * JJava call it themselves; on the stock IJava kernel the first cell of each chapter does. Calling it again, or
     * outside Jupyter, does nothing.
     */
    public static synchronized void begin() {
        if (frontend == null) {
            Frontend found = find();
            if (found != null) {
                use(found);
            }
        }
    }

    /** From now on values are shown by this front end; the kernels call it when they start. */
    public static synchronized void use(Frontend found) {
        Kernels.silence(); // a reader did not start this Java and cannot add a flag to it
        frontend = found;
        Rendering.types().forEach(found::register);
        ServiceLoader.load(Renderer.class).forEach(Notebook::add);
    }

    /** From now on values of the renderer's type look as it says; the last one added for a type counts. */
    public static synchronized void add(Renderer renderer) {
        RENDERERS.add(0, renderer);
        if (frontend != null) {
            frontend.register(renderer.type());
        }
    }

    static @Nullable Renderer renderer(Object value) {
        for (Renderer renderer : RENDERERS) {
            if (renderer.type().isInstance(value)) {
                return renderer;
            }
        }
        return null;
    }

    /** Shows values inside a cell, each as it would look as the cell's own value. Outside Jupyter: prints text. */
    public static void show(@Nullable Object... values) {
        for (Object value : values == null ? new Object[] {null} : values) {
            Rendering rendering = Rendering.of(value);
            Frontend there = frontend();
            if (there == null) {
                System.out.println(rendering.data().get("text/plain"));
            } else {
                there.display(
                        rendering.data(),
                        rendering.imageSize(),
                        UUID.randomUUID().toString());
            }
        }
    }

    /** Clears what the cell has shown so far. Does nothing outside Jupyter, and on kernels that cannot. */
    public static void clearOutput() {
        Frontend there = frontend();
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
        return new Progress(title, frontend());
    }

    static synchronized @Nullable Frontend frontend() {
        begin();
        return frontend;
    }

    private static @Nullable Frontend find() {
        try {
            return IJavaFrontend.find();
        } catch (LinkageError e) {
            return null; // IJava is not on the class path
        }
    }
}
