package org.carousel.kernel.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.channels.ShellChannel;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.channels.StdinChannel;
import io.github.spencerpark.jupyter.kernel.history.HistoryEntry;
import io.github.spencerpark.jupyter.messages.ContentType;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageContext;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.publish.PublishDisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishError;
import io.github.spencerpark.jupyter.messages.publish.PublishExecuteInput;
import io.github.spencerpark.jupyter.messages.publish.PublishExecuteResult;
import io.github.spencerpark.jupyter.messages.publish.PublishStream;
import io.github.spencerpark.jupyter.messages.reply.CompleteReply;
import io.github.spencerpark.jupyter.messages.reply.ErrorReply;
import io.github.spencerpark.jupyter.messages.reply.ExecuteReply;
import io.github.spencerpark.jupyter.messages.reply.HistoryReply;
import java.util.ArrayList;
import java.util.List;

/**
 * The answers to one request, as the messaging specification asks for them: every reply says {@code status}, the reply
 * to a cell has the {@code payload} of pages and the {@code user_expressions}, and what a cell has printed goes out
 * before anything that comes after it.
 *
 * <p>Replies are completed as JSON, which leaves the base kernel's classes as they are.
 */
final class Replies extends ShellReplyEnvironment {
    private final ShellChannel channel;
    private final Messages messages;
    private final Output output;
    private final List<String> pages = new ArrayList<>();
    private JsonObject expressions = new JsonObject();
    private JsonArray completions = new JsonArray();
    private CellErrors.Told error = new CellErrors.Told("", "", List.of());
    private boolean silent;
    private boolean answered;

    Replies(ShellChannel channel, StdinChannel stdin, Published outputs, MessageContext to, Messages messages) {
        super(channel, stdin, outputs, to);
        this.output = new Output(this::stream, outputs::awaitReaders);
        this.channel = channel;
        this.messages = messages;
    }

    Output output() {
        return output;
    }

    /** A silent request leaves no trace in the front end but its status. */
    void beSilent() {
        silent = true;
    }

    /** Shows a text in the pager of the front end, when the cell that runs now is over. */
    synchronized void page(String text) {
        pages.add(text);
    }

    /** What the expressions gave that the front end sent along. */
    void expressions(JsonObject values) {
        expressions = values;
    }

    /** What the suggestions of a completion are. */
    void completions(JsonArray types) {
        completions = types;
    }

    /** The error that ends the cell, to be told in place of the exception that carries it. */
    void error(CellErrors.Told told) {
        error = told;
    }

    /** The request is not carried out, because one before it failed. */
    void abort() {
        setBusyDeferIdle();
        JsonObject reply = new JsonObject();
        reply.addProperty("status", "aborted");
        send(MessageType.EXECUTE_REPLY, reply);
    }

    /** A request ends here although nothing of it may have been done; one that was answered already has its answer. */
    void fail(MessageType<?> request, String name, String message) {
        MessageType<?> type = Messages.replyTo(request);
        if (type == null || answered) {
            return;
        }
        JsonObject json = new CellErrors.Told(name, message, List.of(name + ": " + message)).json();
        if (request.equals(MessageType.EXECUTE_REQUEST)) {
            super.publish(message(MessageType.PUBLISH_ERROR, json.deepCopy()));
        }
        json.addProperty("status", request.equals(MessageType.IS_COMPLETE_REQUEST) ? "unknown" : "error");
        send(type, json);
    }

    @Override
    public void reply(Message<?> message) {
        answered = true;
        super.reply(message);
    }

    /** Whether the cell has failed; those that wait behind it are then dropped. */
    void abortQueued() {
        if (channel instanceof Channel own) {
            own.abortQueued();
        }
    }

    private void stream(Output.Stream stream, String text) {
        PublishStream.StreamType type =
                stream == Output.Stream.STDOUT ? PublishStream.StreamType.OUT : PublishStream.StreamType.ERR;
        super.publish(new Message<>(getContext(), PublishStream.MESSAGE_TYPE, new PublishStream(type, text)));
    }

    @Override
    public void publish(Message<?> message) {
        output.flush();
        Object content = message.getContent();
        if (content instanceof PublishDisplayData) {
            output.shown();
        }
        if (content instanceof PublishError) {
            super.publish(message(MessageType.PUBLISH_ERROR, error.json()));
        } else if (!silent || !(content instanceof PublishExecuteInput || content instanceof PublishExecuteResult)) {
            super.publish(message);
        }
    }

    @Override
    public <T extends ContentType<T>> void reply(T content) {
        JsonElement json = messages.json(content);
        JsonObject reply = json.isJsonObject() ? json.getAsJsonObject() : new JsonObject();
        if (!reply.has("status")) {
            reply.addProperty("status", "ok");
        }
        if (content instanceof CompleteReply) {
            JsonObject metadata = new JsonObject();
            metadata.add("_jupyter_types_experimental", completions);
            reply.add("metadata", metadata);
        }
        if (content instanceof HistoryReply history) {
            reply.add("history", tuples(history.getHistory()));
        }
        if (content instanceof ExecuteReply) {
            reply.add("payload", takePages());
            reply.add("user_expressions", expressions);
        }
        send(content.getType(), reply);
    }

    @Override
    public void replyError(MessageType<?> type, ErrorReply content) {
        JsonObject reply = messages.json(content).getAsJsonObject();
        if (!error.name().isEmpty()) {
            error.json().entrySet().forEach(e -> reply.add(e.getKey(), e.getValue()));
        }
        reply.addProperty("status", "error");
        send(type, reply);
    }

    private void send(MessageType<?> type, JsonObject content) {
        reply(message(type, content));
    }

    /** The header says whose content it is; the content is the finished JSON. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private Message<?> message(MessageType type, JsonObject content) {
        return new Message(getContext(), type, content);
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
}
