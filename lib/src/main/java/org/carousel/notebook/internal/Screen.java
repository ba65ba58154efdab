package org.carousel.notebook.internal;

import java.util.List;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.carousel.notebook.Renderer;
import org.carousel.tensor.internal.kernels.Kernels;
import org.jspecify.annotations.Nullable;

/** Where cells show what they show: the front end of this process, if there is one, and the renderers of users. */
public final class Screen {
    private static final List<Renderer> RENDERERS = new CopyOnWriteArrayList<>();
    private static @Nullable Frontend frontend;

    private Screen() {}

    /** Looks for a front end, unless there is one. */
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
        ServiceLoader.load(Renderer.class).forEach(Screen::add);
    }

    /** From now on values of the renderer's type look as it says. */
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

    /** Shows a value, or prints its text where there is no front end. */
    public static void show(@Nullable Object value) {
        Rendering rendering = Rendering.of(value);
        Frontend there = frontend();
        if (there == null) {
            System.out.println(rendering.data().get("text/plain"));
        } else {
            there.display(
                    rendering.data(), rendering.imageSize(), UUID.randomUUID().toString());
        }
    }

    /** The front end, or null where there is none. */
    public static synchronized @Nullable Frontend frontend() {
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
