package org.carousel.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
    private static final byte[] BODY = Samples.BODY;
    private static final Downloader.Limits HASTY =
            new Downloader.Limits(Duration.ofSeconds(20), Duration.ofMillis(200), Duration.ofSeconds(60));

    @TempDir
    Path cache;

    @Test
    void aDownloadedFileLiesInTheCacheAndIsNotFetchedAgain() throws IOException {
        try (LocalServer server = LocalServer.sending(BODY)) {
            Dataset set = set(server, BODY);
            Path path = set.path("input.txt");
            assertEquals(cache.resolve("sample").resolve("input.txt"), path);
            assertArrayEquals(BODY, Files.readAllBytes(path));
            assertTrue(set.available());
            assertEquals("", set.whyMissing());
            assertEquals(1, server.requests.get());
            assertEquals(List.of(path), Samples.filesBelow(cache));
        }
    }

    @Test
    void aRedirectIsFollowed() throws IOException {
        LocalServer redirecting = new LocalServer((exchange, server) -> {
            if (exchange.getRequestURI().getPath().equals("/input.txt")) {
                exchange.getResponseHeaders().set("Location", "/moved");
                exchange.sendResponseHeaders(302, -1);
            } else {
                LocalServer.send(exchange, BODY);
            }
        });
        try (redirecting) {
            assertArrayEquals(BODY, Files.readAllBytes(set(redirecting, BODY).path("input.txt")));
        }
    }

    @Test
    void anotherContentOfTheSameSizeIsRefused() throws IOException {
        byte[] forged = BODY.clone();
        forged[100] ^= 1;
        try (LocalServer server = LocalServer.sending(forged)) {
            assertFails(set(server, BODY), "SHA-256 " + Samples.sha256(forged) + " instead of " + Samples.sha256(BODY));
        }
    }

    @Test
    void aShorterBodyIsRefused() throws IOException {
        try (LocalServer server = LocalServer.sending(Arrays.copyOf(BODY, 10))) {
            assertFails(set(server, BODY), "the server sent 10 of " + BODY.length + " bytes");
        }
    }

    @Test
    void aConnectionCutInTheMiddleFails() throws IOException {
        LocalServer cutting = new LocalServer((exchange, server) -> {
            exchange.sendResponseHeaders(200, BODY.length);
            exchange.getResponseBody().write(BODY, 0, BODY.length / 2);
            exchange.getResponseBody().flush();
        });
        try (cutting) {
            assertFails(set(cutting, BODY), "the connection broke: ");
        }
    }

    @Test
    void anEndlessBodyIsStopped() throws Exception {
        long limit = 1L << 30;
        AtomicLong sent = new AtomicLong();
        CountDownLatch stopped = new CountDownLatch(1);
        LocalServer endless = new LocalServer((exchange, server) -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                while (sent.get() < limit) {
                    out.write(BODY);
                    sent.addAndGet(BODY.length);
                }
            } finally {
                stopped.countDown();
            }
        });
        try (endless) {
            assertFails(set(endless, BODY), "the server sends more than the declared " + BODY.length + " bytes");
            assertTrue(stopped.await(30, TimeUnit.SECONDS));
            assertTrue(sent.get() < limit, "the server could send everything");
        }
    }

    @Test
    void statusesOtherThan200Fail() throws IOException {
        for (int status : new int[] {404, 500}) {
            try (LocalServer server = LocalServer.failing(status)) {
                assertFails(set(server, BODY), "the server answered with status " + status);
            }
        }
    }

    @Test
    void noServerIsNoConnection() throws IOException {
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = socket.getLocalPort();
        }
        DataFile file = Samples.file("input.txt", BODY, "http://127.0.0.1:" + closedPort + "/input.txt");
        assertFails(Samples.set(Samples.cacheOnly(cache), file), "no connection to the server");
    }

    @Test
    void aServerThatNeverAnswersTimesOut() throws IOException {
        var limits = new Downloader.Limits(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofSeconds(60));
        assertStalls(limits, "the server did not answer for 300 ms", (exchange, server) -> server.stall());
    }

    @Test
    void aServerThatStallsInTheBodyTimesOut() throws IOException {
        assertStalls(HASTY, "the server sent nothing for 200 ms", (exchange, server) -> {
            exchange.sendResponseHeaders(200, BODY.length);
            exchange.getResponseBody().write(BODY, 0, 100);
            exchange.getResponseBody().flush();
            server.stall();
        });
    }

    @Test
    void theWholeDownloadHasATimeLimit() throws IOException {
        var limits = new Downloader.Limits(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofNanos(1));
        try (LocalServer server = LocalServer.sending(BODY)) {
            assertFails(set(server, BODY, limits), "it took more than 0 s");
        }
    }

    @Test
    void anInterruptEndsTheDownload() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        LocalServer silent = new LocalServer((exchange, server) -> {
            asked.countDown();
            server.stall();
        });
        try (silent) {
            BlockingQueue<String> messages = new LinkedBlockingQueue<>();
            Thread reader = new Thread(() -> {
                try {
                    set(silent, BODY).path("input.txt");
                } catch (DatasetException e) {
                    messages.add(e.getMessage() + " interrupted="
                            + Thread.currentThread().isInterrupted());
                }
            });
            reader.start();
            assertTrue(asked.await(30, TimeUnit.SECONDS));
            reader.interrupt();
            reader.join();
            String message = messages.remove();
            assertTrue(message.contains("the download was interrupted"), message);
            assertTrue(message.endsWith("interrupted=true"), message);
            assertEquals(List.of(), Samples.filesBelow(cache));
        }
    }

    @Test
    void aCacheBelowAFileIsAnError() throws IOException {
        Path file = Files.writeString(cache.resolve("taken"), "not a folder");
        try (LocalServer server = LocalServer.sending(BODY)) {
            DataFile wanted = Samples.file("input.txt", BODY, server.url("input.txt"));
            Dataset set = Samples.set(Samples.cacheOnly(file.resolve("carousel")), wanted);
            String message = Samples.messageOf(DatasetException.class, () -> set.path("input.txt"));
            assertTrue(message.contains("the download failed: " + file), message);
            assertEquals(List.of(file), Samples.filesBelow(cache));
            assertEquals("not a folder", Files.readString(file));
        }
    }

    @Test
    void aReadOnlyCacheIsAnError() throws IOException {
        Path folder = Files.createDirectories(cache.resolve("sample"));
        Assumptions.assumeTrue(folder.toFile().setWritable(false) && !Files.isWritable(folder), "permissions bind");
        try (LocalServer server = LocalServer.sending(BODY)) {
            assertFails(set(server, BODY), "access denied");
        } finally {
            assertTrue(folder.toFile().setWritable(true));
        }
    }

    @Test
    void threadsThatWantTheSameFileFetchItOnce() throws Exception {
        int readers = 6;
        CountDownLatch started = new CountDownLatch(readers);
        LocalServer waiting = new LocalServer((exchange, server) -> {
            await(started);
            LocalServer.send(exchange, BODY);
        });
        ExecutorService threads = Executors.newFixedThreadPool(readers);
        try (waiting) {
            List<Future<Path>> paths = new ArrayList<>();
            for (int i = 0; i < readers; i++) {
                paths.add(threads.submit(() -> {
                    started.countDown();
                    return set(waiting, BODY).path("input.txt");
                }));
            }
            for (Future<Path> path : paths) {
                assertArrayEquals(BODY, Files.readAllBytes(path.get(30, TimeUnit.SECONDS)));
            }
            assertEquals(1, waiting.requests.get());
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void processesThatFetchTheSameFileAtOnceBothGetIt() throws Exception {
        CyclicBarrier bothAsked = new CyclicBarrier(2);
        LocalServer pairing = new LocalServer((exchange, server) -> {
            exchange.sendResponseHeaders(200, BODY.length);
            exchange.getResponseBody().write(BODY, 0, 100);
            exchange.getResponseBody().flush();
            await(bothAsked);
            exchange.getResponseBody().write(BODY, 100, BODY.length - 100);
        });
        try (pairing) {
            String url = pairing.url("input.txt");
            Process other = OtherProcess.start(cache, url);
            Path path = set(pairing, BODY).path("input.txt");
            assertTrue(other.waitFor(60, TimeUnit.SECONDS));
            String output = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, other.exitValue(), output);
            assertEquals(2, pairing.requests.get());
            assertArrayEquals(BODY, Files.readAllBytes(path));
            assertEquals(List.of(path), Samples.filesBelow(cache));
        }
    }

    /** A second Java process that wants the same file. */
    static final class OtherProcess {
        static Process start(Path cache, String url) throws Exception {
            Path library = Path.of(Downloader.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path tests = Path.of(OtherProcess.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            library + System.getProperty("path.separator") + tests,
                            OtherProcess.class.getName(),
                            cache.toString(),
                            url)
                    .redirectErrorStream(true)
                    .start();
        }

        public static void main(String... arguments) {
            DataFile file = Samples.file("input.txt", BODY, arguments[1]);
            Samples.set(Samples.cacheOnly(Path.of(arguments[0])), file).path("input.txt");
        }
    }

    private void assertStalls(Downloader.Limits limits, String reason, LocalServer.Handler handler) throws IOException {
        try (LocalServer server = new LocalServer(handler)) {
            assertFails(set(server, BODY, limits), reason);
        }
    }

    /** One line that says what, why and how to get it; and no file, whole or half, anywhere. */
    private void assertFails(Dataset set, String reason) {
        String message = Samples.messageOf(DatasetException.class, () -> set.path("input.txt"));
        DataFile file = set.files().get(0);
        Path target = cache.resolve("sample").resolve("input.txt");
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.startsWith("sample/input.txt is missing: the download failed: "), message);
        assertTrue(message.contains(reason), message);
        assertTrue(message.contains("save " + file.url() + " as " + target), message);
        assertTrue(message.endsWith("or set CAROUSEL_DATA to a folder that holds it as sample/input.txt"), message);
        assertEquals(message, set.whyMissing());
        assertFalse(set.available());
        assertEquals(List.of(), Samples.filesBelow(cache));
    }

    private Dataset set(LocalServer server, byte[] expected) {
        return set(server, expected, Samples.PATIENT);
    }

    private Dataset set(LocalServer server, byte[] expected, Downloader.Limits limits) {
        DataFile file = Samples.file("input.txt", expected, server.url("input.txt"));
        return new Dataset("sample", List.of(file), new Resolver(Samples.cacheOnly(cache), new Downloader(limits)));
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void await(CyclicBarrier barrier) throws IOException {
        try {
            barrier.await(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
