package org.carousel.kernel.internal;

import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.ShellChannel;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageContext;
import io.github.spencerpark.jupyter.messages.publish.PublishStatus;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/** IJava's connection, with channels of its own; see {@link Channel} and {@link Published}. */
final class Connection extends JupyterConnection {
    /** The socket library makes room for a message before anybody has looked at its signature. */
    static final long LARGEST_MESSAGE = 64L << 20;

    private final KernelConnectionProperties properties;
    private final Messages messages;
    private final ZMQ.Context context = ZMQ.context(1);
    private final Channel requests;
    private final Channel commands;
    private final InputChannel input;
    private final Published outputs;
    private final CountDownLatch closing = new CountDownLatch(1);

    Connection(KernelConnectionProperties properties) throws NoSuchAlgorithmException, InvalidKeyException {
        super(properties);
        this.properties = properties;
        messages = new Messages(properties.createHMACGenerator());
        requests = new Channel(context, messages, false, this);
        commands = new Channel(context, messages, true, this);
        input = new InputChannel(context, messages);
        outputs = new Published(context, messages.signatures());
        for (ZMQ.Socket socket : List.of(requests, commands, input, outputs, heartbeat)) {
            socket.setMaxMsgSize(LARGEST_MESSAGE);
        }
    }

    /** Listens where the connection file says, and nowhere else. */
    @Override
    public void connect() {
        KernelConnectionProperties at = UnixSockets.behind(properties);
        outputs.bind(at);
        input.bind(at);
        heartbeat.bind(Channel.address(at, at.getHbPort()));
        Thread pulse = new Thread(this::beat, "heartbeat");
        pulse.setDaemon(true);
        pulse.start();
        requests.bind(at);
        commands.bind(at);
        outputs.sendMessage(new Message<>((MessageContext) null, PublishStatus.MESSAGE_TYPE, PublishStatus.STARTING));
    }

    /** Gives back what comes; unlike that of the base class it lives on when there is no memory for a moment. */
    private void beat() {
        while (true) {
            try {
                byte[] part = heartbeat.recv();
                boolean more = heartbeat.hasReceiveMore();
                if (part != null) {
                    heartbeat.send(part, more ? ZMQ.SNDMORE : 0);
                }
            } catch (ZMQException e) {
                return; // the context is closed
            } catch (OutOfMemoryError e) {
                // what is kept back is not for this: who waits for a beat asks again
            }
        }
    }

    @Override
    public Replies prepareReplyEnv(ShellChannel channel, MessageContext to) {
        return new Replies(channel, input, outputs, to, messages);
    }

    /** Ends both channels of messages, each after the one that it handles; {@link #waitUntilClose} then returns. */
    @Override
    public void close() {
        requests.close();
        commands.close();
        closing.countDown();
    }

    @Override
    public void waitUntilClose() {
        try {
            closing.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        requests.waitUntilClose();
        commands.waitUntilClose(); // a cell that does not end keeps its channel; the process ends nevertheless
    }
}
