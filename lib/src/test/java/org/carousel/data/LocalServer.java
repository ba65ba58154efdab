package org.carousel.data;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A web server on this computer that answers every request alike and counts them. */
final class LocalServer implements AutoCloseable {
    /** Answers one request; the exchange is closed after it, whatever was sent. */
    @FunctionalInterface
    interface Handler {
        void handle(HttpExchange exchange, LocalServer server) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closing = new CountDownLatch(1);
    final AtomicInteger requests = new AtomicInteger();

    LocalServer(Handler handler) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            try (exchange) {
                handler.handle(exchange, this);
            }
        });
        server.start();
    }

    static LocalServer sending(byte[] body) throws IOException {
        return new LocalServer((exchange, server) -> send(exchange, body));
    }

    static LocalServer failing(int status) throws IOException {
        return new LocalServer((exchange, server) -> exchange.sendResponseHeaders(status, -1));
    }

    static void send(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    /** For a handler that is to say nothing until the test is over. */
    void stall() {
        try {
            closing.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    String url(String path) {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + "/" + path;
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
