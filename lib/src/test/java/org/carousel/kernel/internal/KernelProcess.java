package org.carousel.kernel.internal;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** A kernel in a process of its own, and the front end's side of the protocol. */
final class KernelProcess implements AutoCloseable {
    private static final String KEY = "a key";
    private static final int PATIENCE_MILLIS = 60_000;

    private final Process process;
    private final JsonObject connection = new JsonObject();
    private final Path log;
    private final ZMQ.Context context = ZMQ.context(1);
    private final ZMQ.Socket shell = context.socket(SocketType.DEALER);
    private final ZMQ.Socket control = context.socket(SocketType.DEALER);
    private final ZMQ.Socket stdin = context.socket(SocketType.DEALER);
    private final ZMQ.Socket iopub = context.socket(SocketType.SUB);

    /** A message: its type, its own id, the request it belongs to, and its content. */
    record Received(String type, String id, String parent, JsonObject content) {}

    /** What a cell led to: the reply, and everything that was published meanwhile. */
    record Outcome(JsonObject reply, List<Received> published) {
        String status() {
            return reply.get("status").getAsString();
        }

        String text(String stream) {
            StringBuilder text = new StringBuilder();
            for (Received message : published) {
                if (message.type().equals("stream")
                        && message.content().get("name").getAsString().equals(stream)) {
                    text.append(message.content().get("text").getAsString());
                }
            }
            return text.toString();
        }

        String value() {
            return published.stream()
                    .filter(m -> m.type().equals("execute_result"))
                    .map(m -> m.content()
                            .getAsJsonObject("data")
                            .get("text/plain")
                            .getAsString())
                    .findFirst()
                    .orElse("");
        }

        /** The lines that the reader sees of an error, without their colours. */
        String error() {
            StringBuilder text = new StringBuilder();
            for (Received message : published) {
                if (message.type().equals("error")) {
                    message.content().getAsJsonArray("traceback").forEach(line -> text.append(line.getAsString())
                            .append('\n'));
                }
            }
            return text.toString().replaceAll("\u001B\\[[0-9;]*m", "");
        }

        long count(String type) {
            return published.stream().filter(m -> m.type().equals(type)).count();
        }
    }

    private KernelProcess(Path folder, Map<String, String> environment, List<String> launcher) throws IOException {
        int[] ports = freePorts(5);
        connection.addProperty("transport", "tcp");
        connection.addProperty("ip", "127.0.0.1");
        connection.addProperty("signature_scheme", "hmac-sha256");
        connection.addProperty("key", KEY);
        String[] names = {"shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"};
        for (int k = 0; k < names.length; k++) {
            connection.addProperty(names[k], ports[k]);
        }
        Path file = Files.writeString(folder.resolve("connection.json"), connection.toString());
        log = folder.resolve("log");
        List<String> words = new ArrayList<>(launcher);
        words.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx300m",
                "-Djava.awt.headless=true",
                "-Dcarousel.history=" + folder.resolve("history"),
                "-XX:+UseSerialGC",
                "-XX:NewRatio=8",
                "-XX:+UseCountedLoopSafepoints",
                "-XX:LoopStripMiningIter=1000",
                "--add-opens",
                "jdk.jshell/jdk.jshell=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "org.carousel.kernel.internal.CarouselKernel",
                file.toString()));
        ProcessBuilder command =
                new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile());
        command.environment().putAll(environment);
        process = command.start();
        byte[] identity = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
        iopub.setRcvHWM(0);
        iopub.subscribe(new byte[0]);
        ZMQ.Socket[] sockets = {shell, iopub, stdin, control};
        for (int k = 0; k < sockets.length; k++) {
            sockets[k].setLinger(0);
            sockets[k].setIdentity(identity);
            sockets[k].setReceiveTimeOut(PATIENCE_MILLIS);
            sockets[k].connect("tcp://127.0.0.1:" + ports[k]);
        }
    }

    /** Starts a kernel and waits until it answers and its output is heard. */
    static KernelProcess start(Path folder) throws IOException {
        return start(folder, Map.of(), List.of());
    }

    /**
     * As {@link #start(Path)}, with variables of the environment, and by a command that runs the one behind it.
     *
     * @param launcher the first words of the command line, such as {@code sh -c ... sh}
     */
    static KernelProcess start(Path folder, Map<String, String> environment, List<String> launcher) throws IOException {
        KernelProcess kernel = new KernelProcess(folder, environment, launcher);
        String request = kernel.send(kernel.shell, "kernel_info_request", new JsonObject());
        kernel.reply(kernel.shell, request);
        kernel.iopub.setReceiveTimeOut(100);
        do { // a subscription takes a moment; what was published before is lost
            kernel.reply(kernel.shell, kernel.send(kernel.shell, "kernel_info_request", new JsonObject()));
        } while (receive(kernel.iopub) == null);
        kernel.drain();
        kernel.iopub.setReceiveTimeOut(PATIENCE_MILLIS);
        return kernel;
    }

    private void drain() {
        while (receive(iopub) != null) {
            // what earlier requests published
        }
    }

    private static int[] freePorts(int count) throws IOException {
        int[] ports = new int[count];
        List<ServerSocket> open = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            ServerSocket socket = new ServerSocket(0);
            open.add(socket);
            ports[k] = socket.getLocalPort();
        }
        for (ServerSocket socket : open) {
            socket.close();
        }
        return ports;
    }

    /** The process, or the launcher's. */
    ProcessHandle process() {
        return process.toHandle();
    }

    /** What the process wrote itself. */
    String log() throws IOException {
        return Files.readString(log);
    }

    /** The number of a port, by its name in the connection file. */
    int port(String name) {
        return connection.get(name).getAsInt();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    // ------------------------------------------------------------------ requests

    /** Runs a cell and waits for its end. */
    Outcome run(String code) {
        return await(begin(code));
    }

    /** Sends a cell; {@link #await} waits for it. */
    String begin(String code) {
        return send(shell, "execute_request", cell(code));
    }

    static JsonObject cell(String code) {
        JsonObject content = new JsonObject();
        content.addProperty("code", code);
        content.addProperty("silent", false);
        content.addProperty("store_history", true);
        content.add("user_expressions", new JsonObject());
        content.addProperty("allow_stdin", true);
        content.addProperty("stop_on_error", true);
        return content;
    }

    Outcome await(String request) {
        List<Received> published = new ArrayList<>();
        while (true) {
            Received message = receive(iopub);
            if (message == null) {
                throw new AssertionError("no end of the cell; published so far: " + published + "; process "
                        + (process.isAlive() ? "alive" : "ended with " + process.exitValue()));
            }
            if (message.parent().equals(request)) {
                published.add(message);
                if (message.type().equals("status")
                        && message.content()
                                .get("execution_state")
                                .getAsString()
                                .equals("idle")) {
                    return new Outcome(reply(shell, request).content(), published);
                }
            }
        }
    }

    /** Waits until a cell has printed something, and gives that. */
    String awaitText(String request) {
        return awaitPublished(request, "stream").content().get("text").getAsString();
    }

    /** Waits until a cell has published something of a type. */
    Received awaitPublished(String request, String type) {
        while (true) {
            Received message = receive(iopub);
            if (message == null) {
                throw new AssertionError("no " + type);
            }
            if (message.parent().equals(request) && message.type().equals(type)) {
                return message;
            }
            if (message.parent().equals(request) && message.type().equals("error")) {
                throw new AssertionError("no " + type + " but " + message.content());
            }
        }
    }

    /** Interrupts what runs, as the stop button does. */
    void interrupt() {
        reply(control, send(control, "interrupt_request", new JsonObject()));
    }

    JsonObject request(String type, JsonObject content) {
        return reply(shell, send(shell, type, content)).content();
    }

    /** As {@link #request}, on the channel that is free while a cell runs. */
    JsonObject control(String type, JsonObject content) {
        return reply(control, send(control, type, content)).content();
    }

    /** Sends a request with what editors write into header and metadata beside what is asked for. */
    String sendAsEditor(String type, JsonObject content) {
        String id = UUID.randomUUID().toString();
        String header = "{\"msg_id\":\"" + id + "\",\"msg_type\":\"" + type + "\",\"session\":\"s\",\"username\":\"\","
                + "\"version\":\"5.2\",\"date\":\"2026-01-31T10:00:00.000Z\",\"subshell_id\":null}";
        String metadata = "{\"cellId\":\"vscode-notebook-cell:/a.ipynb#W0\",\"deletedCells\":[],\"trusted\":true}";
        String[] four = {header, "{}", metadata, content.toString()};
        sendRaw(sign(four), four);
        return id;
    }

    /** Answers the next question of a cell; gives its prompt. */
    String answer(String line) {
        Received question = receive(stdin);
        JsonObject content = new JsonObject();
        content.addProperty("value", line);
        send(stdin, "input_reply", content);
        return question.content().get("prompt").getAsString();
    }

    /** Waits until a cell asks; gives the id of its question. */
    String awaitQuestion() {
        Received question = receive(stdin);
        if (question == null) {
            throw new AssertionError("no question");
        }
        return question.id();
    }

    /** Answers a question, saying which one. */
    void answer(String question, JsonObject content) {
        String parent = "{\"msg_id\":\"" + question + "\",\"msg_type\":\"input_request\"}";
        send(stdin, "input_reply", content, parent);
    }

    String send(String type, JsonObject content) {
        return send(shell, type, content);
    }

    private String send(ZMQ.Socket socket, String type, JsonObject content) {
        return send(socket, type, content, "{}");
    }

    private String send(ZMQ.Socket socket, String type, JsonObject content, String parent) {
        String id = UUID.randomUUID().toString();
        JsonObject header = new JsonObject();
        header.addProperty("msg_id", id);
        header.addProperty("username", "test");
        header.addProperty("session", "session");
        header.addProperty("date", Instant.now().toString());
        header.addProperty("msg_type", type);
        header.addProperty("version", "5.3");
        String[] four = {header.toString(), parent, "{}", content.toString()};
        sendRaw(socket, sign(four), four);
        return id;
    }

    /** The answer to parts that were sent as they are. */
    JsonObject replyTo(String request) {
        return reply(shell, request).content();
    }

    /** Sends parts as they are, after the delimiter, on the channel of requests. */
    void sendRaw(String signature, String... parts) {
        sendRaw(shell, signature, parts);
    }

    private static void sendRaw(ZMQ.Socket socket, String signature, String... parts) {
        socket.sendMore("<IDS|MSG>");
        for (int k = -1; k < parts.length - 1; k++) {
            socket.sendMore(k < 0 ? signature : parts[k]);
        }
        socket.send(parts.length == 0 ? signature : parts[parts.length - 1]);
    }

    static String sign(String... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            for (String part : parts) {
                mac.update(part.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Received reply(ZMQ.Socket socket, String request) {
        Received message;
        do {
            message = receive(socket);
            if (message == null) {
                throw new AssertionError("no reply");
            }
        } while (!message.parent().equals(request));
        return message;
    }

    private static Received receive(ZMQ.Socket socket) {
        List<byte[]> parts = Messages.receive(socket, 0);
        if (parts.isEmpty()) {
            return null;
        }
        int start = 0;
        while (!new String(parts.get(start), StandardCharsets.UTF_8).equals("<IDS|MSG>")) {
            start++;
        }
        JsonObject header = json(parts.get(start + 2));
        JsonObject parent = json(parts.get(start + 3));
        return new Received(
                header.get("msg_type").getAsString(),
                header.get("msg_id").getAsString(),
                parent.has("msg_id") ? parent.get("msg_id").getAsString() : "",
                json(parts.get(start + 5)));
    }

    private static JsonObject json(byte[] part) {
        return new JsonParser().parse(new String(part, StandardCharsets.UTF_8)).getAsJsonObject();
    }

    /** Asks for the end and waits for it; gives the exit code. */
    int shutDown() throws InterruptedException {
        JsonObject content = new JsonObject();
        content.addProperty("restart", false);
        reply(control, send(control, "shutdown_request", content));
        return process.waitFor(30, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        for (ZMQ.Socket socket : new ZMQ.Socket[] {shell, control, stdin, iopub}) {
            socket.close();
        }
        context.close();
    }
}
