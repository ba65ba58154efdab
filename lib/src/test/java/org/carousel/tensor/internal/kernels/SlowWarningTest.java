package org.carousel.tensor.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** What a program is told whose Java was started without the module of the fast kernels. */
class SlowWarningTest {
    static final class Program {
        public static void main(String[] arguments) {
            if (arguments.length > 0) {
                Kernels.silence(); // as the front end of a notebook does
            }
            for (int k = 0; k < 3; k++) {
                System.out.println(
                        Tensor.ones(2, 2).matmul(Tensor.ones(2, 2)).sum().item());
            }
        }
    }

    private static String errors(List<String> options, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Djava.awt.headless=true");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), errors);
        return errors;
    }

    @Test
    void aSlowProgramIsToldOnceWhichFlagItLacks() throws Exception {
        String errors = errors(List.of());
        assertEquals(
                2,
                errors.split(
                                "plain kernels, about half as fast: start Java with --add-modules jdk.incubator.vector",
                                -1)
                        .length,
                errors);
    }

    @Test
    void whoChoseIsToldNothing() throws Exception {
        assertEquals("", errors(List.of("-Dcarousel.kernels=plain")));
        String fast = errors(List.of("--add-modules", "jdk.incubator.vector"));
        assertTrue(!fast.contains("plain kernels"), fast);
    }

    @Test
    void aNotebookIsToldNothing() throws Exception {
        assertEquals("", errors(List.of(), "notebook"));
    }
}
