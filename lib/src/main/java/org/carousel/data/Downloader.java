package org.carousel.data;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.carousel.files.internal.AsideFile;
import org.carousel.files.internal.Failures;

/**
 * Fetches one file of the manifest, all of it or nothing.
 *
 * <p>The bytes go into a temporary file beside the target while they are counted and hashed; only a file of the declared
 * size and SHA-256 is forced to disk and renamed. Two processes that fetch the same file therefore do not disturb each
 * other: each has its own temporary file, and the second rename replaces equal bytes.
 */
final class Downloader {
    /**
     * How long to wait.
     *
     * @param connect for a connection
     * @param idle for the headers after it, and for each chunk of the body
     * @param total for the whole file
     */
    record Limits(Duration connect, Duration idle, Duration total) {}

    static final Limits STANDARD = new Limits(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(15));

    private final Limits limits;

    Downloader(Limits limits) {
        this.limits = limits;
    }

    /**
     * Downloads a file that has an address.
     *
     * @param file what to fetch
     * @param target where it is to lie; its folder is made if need be, a file there is replaced
     * @throws IOException if it cannot be had whole and right, or not written; the target is then as before
     * @throws InterruptedException if this thread is interrupted; the target is then as before
     */
    void fetch(DataFile file, Path target) throws IOException, InterruptedException {
        AsideFile.<InterruptedException>replace(target, out -> stream(file, out));
    }

    private void stream(DataFile file, OutputStream out) throws IOException, InterruptedException {
        long start = System.nanoTime();
        MessageDigest digest = Verification.newDigest();
        long bytes = 0;
        try (BodyChunks body = open(file)) {
            for (List<ByteBuffer> chunk = body.next(limits.idle());
                    !chunk.isEmpty();
                    chunk = body.next(limits.idle())) {
                for (ByteBuffer buffer : chunk) {
                    bytes += buffer.remaining();
                    require(
                            bytes <= file.bytes(),
                            "the server sends more than the declared " + file.bytes() + " bytes");
                    digest.update(buffer.duplicate());
                    write(out, buffer);
                }
                require(
                        System.nanoTime() - start < limits.total().toNanos(),
                        "it took more than " + limits.total().toSeconds() + " s");
            }
            require(bytes == file.bytes(), "the server sent " + bytes + " of " + file.bytes() + " bytes");
            String sha256 = Verification.hex(digest);
            require(sha256.equals(file.sha256()), "SHA-256 " + sha256 + " instead of " + file.sha256());
        }
    }

    /** The body of the answer, once its headers are there and say 200. */
    private BodyChunks open(DataFile file) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(limits.connect())
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(file.url())).build();
        CompletableFuture<HttpResponse<BodyChunks>> reply = client.sendAsync(request, info -> new BodyChunks());
        HttpResponse<BodyChunks> response = await(reply);
        if (response.statusCode() != 200) {
            response.body().close();
            throw new IOException("the server answered with status " + response.statusCode());
        }
        return response.body();
    }

    private HttpResponse<BodyChunks> await(CompletableFuture<HttpResponse<BodyChunks>> reply)
            throws IOException, InterruptedException {
        Duration limit = limits.connect().plus(limits.idle());
        try {
            return reply.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("the server did not answer for " + limit.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw new IOException(Failures.describe(Objects.requireNonNullElse(e.getCause(), e)), e);
        } finally {
            reply.cancel(true); // no effect on a reply that is there
        }
    }

    private static void write(OutputStream out, ByteBuffer buffer) throws IOException {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        out.write(bytes);
    }

    private static void require(boolean condition, String message) throws IOException {
        if (!condition) {
            throw new IOException(message);
        }
    }
}
