package org.carousel.kernel.internal;

import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.channels.ShellChannel;
import io.github.spencerpark.jupyter.channels.ShellHandler;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * The channel of requests, and that of control. It waits for messages without polling, and no message ends it: one that
 * is not signed, not complete or not JSON is logged and dropped.
 */
final class Channel extends ShellChannel {
    private static final long PATIENCE_MILLIS = 1000;

    /** What runs code or asks the shell about code, which does one thing at a time. */
    private static final Set<MessageType<?>> NOT_FOR_CONTROL = Set.of(
            MessageType.EXECUTE_REQUEST,
            MessageType.COMPLETE_REQUEST,
            MessageType.INSPECT_REQUEST,
            MessageType.IS_COMPLETE_REQUEST);

    private final Connection connection;
    private final Messages messages;
    private final boolean control;
    private @Nullable Thread thread;
    private volatile boolean open = true;
    private final Deque<List<byte[]>> overtaken = new ArrayDeque<>(); // what waited already when a cell failed

    Channel(ZMQ.Context context, Messages messages, boolean control, Connection connection) {
        super(context, messages.signatures(), control, connection);
        this.connection = connection;
        this.messages = messages;
        this.control = control;
        setRcvHWM(0);
        setReceiveTimeOut(200); // how long a close may take
        setLinger(200);
    }

    /** Of a port, as the socket library wants it. */
    static String address(KernelConnectionProperties at, int port) {
        return JupyterSocket.formatAddress(at.getTransport(), at.getIp(), port);
    }

    @Override
    public void bind(KernelConnectionProperties at) {
        bind(address(at, control ? at.getControlPort() : at.getShellPort()));
        Thread reader = new Thread(this::serve, control ? "control" : "shell");
        thread = reader;
        reader.start();
    }

    private void serve() {
        while (open) {
            try {
                serveNext();
            } catch (OutOfMemoryError e) {
                // not even that could be said; the next request may need less
            }
        }
        super.close();
    }

    private void serveNext() {
        try {
            boolean aborting = !overtaken.isEmpty();
            List<byte[]> parts = aborting ? overtaken.remove() : Messages.receive(this, 0);
            if (!parts.isEmpty()) {
                handle(messages.read(parts), aborting);
            }
        } catch (ZMQException e) {
            open = false; // the context is closed
        } catch (Messages.Refused e) {
            logger.log(Level.WARNING, "a message was refused: {0}", e.getMessage());
            refuse(e.from(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            logger.log(Level.WARNING, "a message was dropped: {0}", String.valueOf(e.getMessage()));
        } catch (Error e) {
            insist(() -> logger.log(Level.SEVERE, "a request failed", e));
        }
    }

    /**
     * The cells that wait already are not run; the front end asked for this in case of an error. They are taken in before
     * the error is told, because what is sent in answer to it must run.
     */
    void abortQueued() {
        List<byte[]> parts = Messages.receive(this, ZMQ.DONTWAIT);
        while (!parts.isEmpty()) {
            overtaken.add(parts);
            parts = Messages.receive(this, ZMQ.DONTWAIT);
        }
    }

    private <T> void handle(Message<T> message, boolean aborting) {
        MessageType<T> type = message.getHeader().getType();
        ShellHandler<T> handler = connection.getHandler(type);
        if (handler == null) {
            logger.log(Level.WARNING, "no answer to messages of type {0}", type.getName());
            refuse(message, "this kernel does not know it");
            return;
        }
        if (control && NOT_FOR_CONTROL.contains(type)) {
            refuse(message, "it belongs on the channel \"shell\": this one is to be free while cells run");
            return;
        }
        Replies replies = connection.prepareReplyEnv(this, message);
        try {
            if (aborting && type.equals(MessageType.EXECUTE_REQUEST)) {
                replies.abort();
            } else {
                handler.handle(replies, message);
            }
        } catch (OutOfMemoryError e) {
            Reserve.release();
            insist(() -> replies.fail(type, "OutOfMemoryError", "the kernel has no memory left for this; it goes on"));
        } catch (Exception | Error e) {
            logger.log(Level.SEVERE, "a request of type " + type.getName() + " failed", e);
            insist(() -> replies.fail(type, e.getClass().getSimpleName(), String.valueOf(e.getMessage())));
        } finally {
            insist(replies::resolveDeferrals); // the front end waits for "idle" also after a failure
        }
        if (replies.isMarkedForShutdown()) {
            connection.close();
        }
    }

    /** Who asks waits for an answer, also for one that says no. */
    private void refuse(Message<?> message, String why) {
        MessageType<?> type = message.getHeader().getType();
        if (Messages.replyTo(type) != null) {
            Replies replies = connection.prepareReplyEnv(this, message);
            replies.setBusyDeferIdle();
            replies.fail(type, "BadRequest", type.getName() + ": " + why);
            replies.resolveDeferrals();
        }
    }

    /** Says something or, after a while without memory for it, nothing; the channel goes on. */
    private static void insist(Runnable saying) {
        try {
            boolean unused = Reserve.insist(() -> {
                saying.run();
                return true;
            });
        } catch (OutOfMemoryError e) {
            // the next request may need less
        }
    }

    /** Ends the thread, which closes the socket: sockets may not be used by two threads at once. */
    @Override
    public void close() {
        open = false;
        if (thread == null) {
            super.close();
        }
    }

    @Override
    public void waitUntilClose() {
        Thread reader = thread;
        if (reader != null) {
            try {
                reader.join(PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
