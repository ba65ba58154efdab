package org.carousel.data;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.carousel.files.internal.Failures;
import org.jspecify.annotations.Nullable;

/**
 * The body of an HTTP answer, chunk by chunk, with a limit on the wait for each.
 *
 * <p>The time limit of an {@code HttpRequest} ends with the headers, and reading the body as a stream waits for ever; a
 * server that stalls would hang a notebook's cell.
 */
final class BodyChunks implements BodySubscriber<BodyChunks>, AutoCloseable {
    /** Either buffers (none at the end of the body) or a failure. */
    private record Event(List<ByteBuffer> buffers, @Nullable Throwable failure) {}

    private final CompletableFuture<Subscription> subscription = new CompletableFuture<>();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    /** Handed out once there is a subscription, so that every later {@code join} returns at once. */
    @Override
    public CompletionStage<BodyChunks> getBody() {
        return subscription.thenApply(given -> this);
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription.complete(given);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        events.add(new Event(buffers, null));
    }

    @Override
    public void onError(Throwable failure) {
        events.add(new Event(List.of(), failure));
    }

    @Override
    public void onComplete() {
        events.add(new Event(List.of(), null));
    }

    /**
     * Asks for the next chunk and waits for it.
     *
     * @return its buffers; none at the end of the body
     * @throws HttpTimeoutException if nothing comes in time
     * @throws IOException if the connection breaks
     */
    List<ByteBuffer> next(Duration limit) throws IOException, InterruptedException {
        subscription.join().request(1);
        Event event = events.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (event == null) {
            throw new HttpTimeoutException("the server sent nothing for " + limit.toMillis() + " ms");
        }
        if (event.failure() != null) {
            throw new IOException("the connection broke: " + Failures.describe(event.failure()), event.failure());
        }
        return event.buffers();
    }

    /** Ends the transfer, also in the middle; harmless after its end. */
    @Override
    public void close() {
        subscription.join().cancel();
    }
}
