package org.carousel.kernel.internal;

import io.github.spencerpark.jupyter.channels.StdinChannel;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageContext;
import io.github.spencerpark.jupyter.messages.reply.InputReply;
import io.github.spencerpark.jupyter.messages.request.InputRequest;
import java.util.List;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
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
     * @throws CellError if the cell ends meanwhile: its field for the answer is gone, and other cells may ask
     */
    @Override
    public synchronized String getInput(MessageContext context, String prompt, boolean password) {
        Cell cell = Cell.running();
        goesOn(cell);
        while (recv(ZMQ.DONTWAIT) != null) {
            // the answer to a question that nobody asks any more
        }
        Message<InputRequest> question =
                new Message<>(context, InputRequest.MESSAGE_TYPE, new InputRequest(prompt, password));
        sendMessage(question);
        while (true) {
            goesOn(cell);
            List<byte[]> parts = Messages.receive(this, 0);
            if (parts.isEmpty()) {
                continue;
            }
            try {
                Message<?> message = messages.read(parts);
                if (message.getContent() instanceof InputReply reply && answers(message, question)) {
                    if (reply.getValue() != null) {
                        return reply.getValue() + "\n";
                    }
                    logger.log(Level.WARNING, "an answer without a value was dropped");
                }
            } catch (IllegalArgumentException e) {
                logger.log(Level.WARNING, "an answer was dropped: {0}", e.getMessage());
            }
        }
    }

    /** The socket library may take the mark of an interrupt from the thread, but not from the cell. */
    private static void goesOn(@Nullable Cell asking) {
        if (Thread.interrupted() || (asking != null && asking.isInterrupted())) {
            throw new CellInterrupted();
        }
        if (Cell.running() != asking) {
            throw new CellError("System.in: the cell that asked is over");
        }
    }

    /** Not one that came late to the question before; some front ends do not say which one they answer. */
    private static boolean answers(Message<?> answer, Message<?> question) {
        return !answer.hasParentHeader()
                || answer.getParentHeader().getId().equals(question.getHeader().getId());
    }
}
