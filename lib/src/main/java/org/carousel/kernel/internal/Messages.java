package org.carousel.kernel.internal;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.reflect.TypeToken;
import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import io.github.spencerpark.jupyter.messages.Header;
import io.github.spencerpark.jupyter.messages.KernelTimestamp;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.carousel.files.internal.Failures;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZMQ;

/**
 * Messages of the wire protocol, read with care: what comes over the network may be signed wrongly, cut short, or no
 * JSON at all.
 */
final class Messages {
    private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.US_ASCII);
    private static final String REQUEST = "_request";
    private static final int PARTS = 5; // signature, header, header of the parent, metadata, content

    private final HMACGenerator signatures;
    private final Gson gson = gsonOfTheBaseKernel();

    Messages(HMACGenerator signatures) {
        this.signatures = signatures;
    }

    HMACGenerator signatures() {
        return signatures;
    }

    /** The content as the JSON that is sent. */
    JsonElement json(Object content) {
        return gson.toJsonTree(content);
    }

    /**
     * All parts of the next message; empty when none came.
     *
     * @param flags 0 waits as long as the time limit of the socket, {@link ZMQ#DONTWAIT} does not wait
     */
    static List<byte[]> receive(ZMQ.Socket socket, int flags) {
        List<byte[]> parts = new ArrayList<>();
        byte[] part = socket.recv(flags);
        while (part != null) {
            parts.add(part);
            part = socket.hasReceiveMore() ? socket.recv() : null;
        }
        return parts;
    }

    /**
     * The message that the parts are.
     *
     * @throws Refused if the header can be read, and the rest not
     * @throws IllegalArgumentException if parts are missing, or the signature or the header is wrong
     */
    Message<?> read(List<byte[]> parts) {
        int start = 0;
        while (start < parts.size() && !Arrays.equals(parts.get(start), DELIMITER)) {
            start++;
        }
        if (parts.size() - start - 1 < PARTS) {
            throw new IllegalArgumentException("it has too few parts");
        }
        List<byte[]> five = parts.subList(start + 1, start + 1 + PARTS);
        checkSignature(five);
        List<byte[]> identities = List.copyOf(parts.subList(0, start));
        Header<?> header;
        try {
            header = header(object(five.get(1)));
        } catch (RuntimeException e) { // of many kinds, as converters meet what they do not expect
            throw new IllegalArgumentException(
                    "its header is not as expected: " + Failures.shortened(e.getMessage()), e);
        }
        try {
            JsonObject parent = object(five.get(2));
            Map<String, Object> metadata =
                    gson.fromJson(object(five.get(3)), new TypeToken<Map<String, Object>>() {}.getType());
            return message(
                    identities,
                    header,
                    parent.size() == 0 ? null : header(parent),
                    metadata,
                    object(five.get(4)),
                    parts.subList(start + 1 + PARTS, parts.size()));
        } catch (RuntimeException e) {
            throw new Refused(new Message<>(identities, header, null), notAsExpected(e));
        }
    }

    /** A header. Only its type and its id are needed for an answer; what else is missing is left empty. */
    private Header<?> header(JsonObject json) {
        String name = json.get("msg_type").getAsString();
        MessageType<?> known = MessageType.getType(name);
        KernelTimestamp date = null;
        try {
            date = gson.fromJson(json.get("date"), KernelTimestamp.class);
        } catch (RuntimeException e) {
            // not a date, which nobody needs
        }
        return new Header<>(
                json.get("msg_id").getAsString(),
                text(json.get("username")),
                text(json.get("session")),
                date,
                known.equals(MessageType.UNKNOWN) ? type(name) : known,
                text(json.get("version")));
    }

    private static String text(@Nullable JsonElement json) {
        return json != null && json.isJsonPrimitive() ? json.getAsString() : "";
    }

    private static String notAsExpected(RuntimeException e) {
        return e instanceof IllegalArgumentException && e.getCause() == null
                ? Failures.shortened(e.getMessage())
                : "it is not the JSON that was expected: " + Failures.shortened(e.getMessage());
    }

    /** A message whose sender is known, and whose content is not what its type asks for. */
    static final class Refused extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        private final transient Message<?> from;

        Refused(Message<?> from, String message) {
            super(message);
            this.from = from;
        }

        Message<?> from() {
            return from;
        }
    }

    /** The type of an answer to this request; null for a message that none is expected to. */
    static @Nullable MessageType<?> replyTo(MessageType<?> request) {
        String name = request.getName();
        if (!name.endsWith(REQUEST)) {
            return null;
        }
        String reply = name.substring(0, name.length() - REQUEST.length()) + "_reply";
        MessageType<?> known = MessageType.getType(reply);
        return known.equals(MessageType.UNKNOWN) ? type(reply) : known;
    }

    /** A type that the base kernel has no constant for; it is not kept, so that strange names cost no memory. */
    private static <T> MessageType<T> type(String name) {
        try {
            Constructor<?> constructor =
                    MessageType.class.getDeclaredConstructor(String.class, Class.class, boolean.class);
            constructor.setAccessible(true);
            @SuppressWarnings("unchecked")
            MessageType<T> type = (MessageType<T>) constructor.newInstance(name, Object.class, true);
            return type;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the base kernel makes types of messages in another way", e);
        }
    }

    private <T> Message<T> message(
            List<byte[]> identities,
            Header<T> header,
            @Nullable Header<?> parent,
            Map<String, Object> metadata,
            JsonObject content,
            List<byte[]> buffers) {
        T value = gson.fromJson(content, header.getType().getContentType());
        if (value == null) {
            throw new IllegalArgumentException("it has no content");
        }
        return new Message<>(List.copyOf(identities), header, parent, metadata, value, List.copyOf(buffers));
    }

    private void checkSignature(List<byte[]> five) {
        String right = signatures.calculateSignature(five.get(1), five.get(2), five.get(3), five.get(4));
        if (right != null && !MessageDigest.isEqual(right.getBytes(StandardCharsets.US_ASCII), five.get(0))) {
            throw new IllegalArgumentException("its signature is wrong");
        }
    }

    private static JsonObject object(byte[] part) {
        JsonElement json = new JsonParser().parse(new String(part, StandardCharsets.UTF_8));
        return json.getAsJsonObject();
    }

    /** The converters of messages, which the base kernel keeps to itself. */
    private static Gson gsonOfTheBaseKernel() {
        try {
            Field field = JupyterSocket.class.getDeclaredField("gson");
            field.setAccessible(true);
            @Nullable Object gson = field.get(null);
            return (Gson) Objects.requireNonNull(gson);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the base kernel has no converter of messages", e);
        }
    }
}
