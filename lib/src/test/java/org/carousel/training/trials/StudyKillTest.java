package org.carousel.training.trials;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed at any moment leaves a file that the next one completes to the same bytes. */
class StudyKillTest {
    private static final int TRIALS = 400;

    /** Kills for each of the searches; by hand {@code -Dcarousel.kills=20}. */
    private static final int KILLS = Integer.getInteger("carousel.kills", 2);

    /** What the other process runs: FILE SEARCH. */
    public static void main(String[] arguments) {
        study(arguments[1]).threads(3).run(TRIALS, Path.of(arguments[0]));
    }

    private static Study<StudyTest.Loss> study(String search) {
        return Study.of(Space.of(Parameter.uniform("x", 0, 1)), StudyTest.Loss.class, (c, seed) -> {
                    Thread.sleep(RandomStream.of(seed).nextInt(3));
                    return new StudyTest.Loss(c.number("x"));
                })
                .search(search.equals("halving") ? new Halving("epochs", 1, 9, 3, "loss", 4) : Search.random());
    }

    private static Process start(Path file, String search) throws IOException {
        return new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StudyKillTest.class.getName(),
                        file.toString(),
                        search)
                .redirectErrorStream(true)
                .redirectOutput(file.resolveSibling("output.txt").toFile())
                .start();
    }

    @TempDir
    Path folder;

    @Test
    void killedAtRandomMomentsTheFileIsTheSame() throws Exception {
        for (String search : new String[] {"random", "halving"}) {
            Path whole = folder.resolve(search + "-whole.csv");
            Path file = folder.resolve(search + ".csv");
            study(search).threads(3).run(TRIALS, whole);
            RandomStream moments = RandomStream.of(System.nanoTime());
            int before = 0;
            for (int k = 0; k < KILLS; k++) {
                Process process = start(file, search);
                int until = before + 1 + moments.nextInt(2 * (TRIALS / (2 * KILLS)));
                while (process.isAlive() && lines(file) < until) {
                    Thread.sleep(1);
                }
                TimeUnit.MICROSECONDS.sleep(moments.nextInt(3000));
                process.destroyForcibly().waitFor();
                int now = lines(file);
                assertTrue(now >= before, now + " lines after " + before);
                before = now;
            }
            System.out.println(search + ": " + KILLS + " kills, " + (before - 2) + " trials before the last start");
            Process process = start(file, search);
            assertEquals(0, process.waitFor(), Files.readString(folder.resolve("output.txt")));
            assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(file), search);
        }
    }

    private static int lines(Path file) throws IOException {
        return Files.exists(file)
                ? (int) Files.readString(file).chars().filter(c -> c == '\n').count()
                : 0;
    }
}
