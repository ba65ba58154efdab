package org.carousel.kernel.internal;

import io.github.spencerpark.jupyter.channels.StdinChannel;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageContext;
import io.github.spencerpark.jupyter.messages.reply.InputReply;
import io.github.spencerpark.jupyter.messages.request.InputRequest;
import java.util.List;
import java.util.logging.Level;
import org.zeromq.ZMQ;

/** The channel over which a cell asks the reader for a line. Waiting for the line can be interrupted. */
final class InputChannel extends StdinChannel {
    private final Messages messages;

    InputChannel(ZMQ.Context context, Messages messages) {
        super(context, messages.signatures());
        this.messages = messages;
        setReceiveTimeOut(50);
        setLinger(200);
    }

    /**
     * The line that the reader enters, with a line feed.
     *
     * @throws CellInterrupted if the cell is interrupted meanwhile
     */
    @Override
    public synchronized String getInput(MessageContext context, String prompt, boolean password) {
        while (recv(ZMQ.DONTWAIT) != null) {
            // the answer to a question that nobody asks any more
        }
        sendMessage(new Message<>(context, InputRequest.MESSAGE_TYPE, new InputRequest(prompt, password)));
        while (true) {
            if (Thread.interrupted()) {
                throw new CellInterrupted();
            }
            List<byte[]> parts = Messages.receive(this, 0);
            if (parts.isEmpty()) {
                continue;
            }
            try {
                if (messages.read(parts).getContent() instanceof InputReply reply) {
                    return reply.getValue() + "\n";
                }
            } catch (IllegalArgumentException e) {
                logger.log(Level.WARNING, "an answer was dropped: {0}", e.getMessage());
            }
        }
    }
}
