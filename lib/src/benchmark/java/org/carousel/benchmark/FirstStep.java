package org.carousel.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.carousel.layers.Affine;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;

/**
 * How long a program takes from its start to the end of the first trained step of a small LSTM, beside PyTorch's: whole
 * processes in turn, with what they read in memory and, where the user may, after the system has forgotten it.
 *
 * <p>Arguments: the Python to use, the script, the number of rounds; none for the step itself.
 */
public final class FirstStep {
    private static final Path FORGET = Path.of("/proc/sys/vm/drop_caches");

    private FirstStep() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 0) {
            System.out.println(step());
            return;
        }
        List<String> peer = List.of(arguments[0], arguments[1]);
        List<String> ours = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                FirstStep.class.getName());
        System.out.println("| first trained step, ms | PyTorch | Carousel | ratio |");
        System.out.println("|---|--:|--:|--:|");
        for (boolean cold : Files.isWritable(FORGET) ? new boolean[] {false, true} : new boolean[] {false}) {
            List<Double> theirs = new ArrayList<>();
            List<Double> own = new ArrayList<>();
            for (int round = 0; round < Integer.parseInt(arguments[2]) + 1; round++) {
                double a = milliseconds(peer, cold);
                double b = milliseconds(ours, cold);
                if (round > 0) { // the first fills the cache of files
                    theirs.add(a);
                    own.add(b);
                }
            }
            double a = SpeedTable.median(theirs);
            double b = SpeedTable.median(own);
            System.out.printf(Locale.ROOT, "| %s | %.0f | %.0f | %.2f |%n", cold ? "cold disk" : "warm", a, b, b / a);
        }
    }

    private static double step() {
        RandomStream random = RandomStream.of(1);
        Lstm lstm = Lstm.of(16, 32, random.split("lstm"));
        Affine head = Affine.of(32, 10, random.split("head"));
        Parameters all = Parameters.of("lstm", lstm).and("head", head);
        Tensor x = Tensor.normal(random.split("x"), 1, 8, 20, 16);
        Tensor loss = Loss.crossEntropy(head.apply(lstm.run(x).h()), new int[8 * 20]);
        loss.backward();
        Optimizer.adam(0.01).step(all, 1);
        return loss.item();
    }

    private static double milliseconds(List<String> command, boolean cold) throws IOException, InterruptedException {
        if (cold) {
            if (new ProcessBuilder("sync").start().waitFor() != 0) {
                throw new IOException("sync failed");
            }
            Files.writeString(FORGET, "3");
        }
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
        return (System.nanoTime() - begin) / 1e6;
    }
}
