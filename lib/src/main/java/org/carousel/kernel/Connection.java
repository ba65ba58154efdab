package org.carousel.kernel;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.channels.ShellChannel;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.channels.StdinChannel;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.kernel.history.HistoryEntry;
import io.github.spencerpark.jupyter.messages.ContentType;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageContext;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.reply.ExecuteReply;
import io.github.spencerpark.jupyter.messages.reply.HistoryReply;
import java.lang.reflect.Field;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * IJava's connection with replies as the messaging specification asks for them: every reply says {@code status}, and the
 * reply to a cell has the {@code payload} of pages.
 *
 * <p>Replies are completed as JSON, which leaves the base kernel's classes as they are.
 */
final class Connection extends JupyterConnection {
    private static final Gson GSON = gsonOfTheBaseKernel();
    private final List<String> pages = new ArrayList<>();

    Connection(KernelConnectionProperties properties) throws NoSuchAlgorithmException, InvalidKeyException {
        super(properties);
    }

    /** Shows a text in the pager of the front end, when the cell that runs now is over. */
    synchronized void page(String text) {
        pages.add(text);
    }

    private synchronized JsonArray takePages() {
        JsonArray payload = new JsonArray();
        for (String text : pages) {
            JsonObject data = new JsonObject();
            data.addProperty("text/plain", text);
            JsonObject page = new JsonObject();
            page.addProperty("source", "page");
            page.add("data", data);
            page.addProperty("start", 0);
            payload.add(page);
        }
        pages.clear();
        return payload;
    }

    @Override
    public ShellReplyEnvironment prepareReplyEnv(ShellChannel channel, MessageContext context) {
        return new Replies(channel, stdin, iopub, context);
    }

    /** Session, number and input of each cell; with its output the last one is a pair. */
    private static JsonArray tuples(List<HistoryEntry> entries) {
        JsonArray all = new JsonArray();
        for (HistoryEntry entry : entries) {
            JsonArray tuple = new JsonArray();
            tuple.add(entry.getSession());
            tuple.add(entry.getCellNumber());
            if (entry.hasOutput()) {
                JsonArray pair = new JsonArray();
                pair.add(entry.getInput());
                pair.add(entry.getOutput());
                tuple.add(pair);
            } else {
                tuple.add(entry.getInput());
            }
            all.add(tuple);
        }
        return all;
    }

    private final class Replies extends ShellReplyEnvironment {
        Replies(ShellChannel shell, StdinChannel stdin, JupyterSocket iopub, MessageContext context) {
            super(shell, stdin, iopub, context);
        }

        @Override
        public <T extends ContentType<T>> void reply(T content) {
            JsonElement json = GSON.toJsonTree(content);
            JsonObject reply = json.isJsonObject() ? json.getAsJsonObject() : new JsonObject();
            if (!reply.has("status")) {
                reply.addProperty("status", "ok");
            }
            if (content instanceof HistoryReply history) {
                reply.add("history", tuples(history.getHistory()));
            }
            if (content instanceof ExecuteReply) {
                reply.add("payload", takePages());
                if (!reply.has("user_expressions")) {
                    reply.add("user_expressions", new JsonObject());
                }
            }
            send(content.getType(), reply);
        }

        /** The header says whose content it is; the content is the finished JSON. */
        @SuppressWarnings({"unchecked", "rawtypes"})
        private void send(MessageType type, JsonObject reply) {
            reply((Message<?>) new Message(getContext(), type, reply));
        }
    }

    /** The converters of messages, which the base kernel keeps to itself. */
    private static Gson gsonOfTheBaseKernel() {
        try {
            Field field = JupyterSocket.class.getDeclaredField("gson");
            field.setAccessible(true);
            @Nullable Object gson = field.get(null);
            return (Gson) java.util.Objects.requireNonNull(gson);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the base kernel has no converter of messages", e);
        }
    }
}
