package org.carousel.kernel.internal;

import io.github.spencerpark.jupyter.channels.IOPubChannel;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.Set;
import org.zeromq.ZMQ;

/**
 * The channel of outputs. Nothing is lost that a front end reads late: it waits here, in memory, up to a limit; from then on
 * whoever prints waits, too.
 *
 * <p>The socket library does not say what its readers have not yet taken. A content that was sent is garbage when all of them
 * have, so what the collector has not found is what waits; before anybody is kept waiting it is made to look.
 */
final class Published extends IOPubChannel {
    private static final int PER_MESSAGE = 1000; // its header and what the socket library needs
    private static final long PAUSE_MILLIS = 200;
    private static final int MOST_PAUSES = 50;

    private final long most;
    private final Set<Unread> unread = new HashSet<>();
    private final ReferenceQueue<byte[]> taken = new ReferenceQueue<>();
    private long bytes;

    private static final class Unread extends PhantomReference<byte[]> {
        final int size;

        Unread(byte[] content, ReferenceQueue<byte[]> taken) {
            super(content, taken);
            size = content.length + PER_MESSAGE;
        }
    }

    Published(ZMQ.Context context, HMACGenerator signatures) {
        super(context, signatures);
        most = Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 4);
        setSndHWM(0); // a front end that is slow to read must not lose output
    }

    @Override
    public boolean send(byte[] content, int flags) {
        if (flags == 0) {
            synchronized (unread) {
                forgetTaken();
                bytes += content.length + PER_MESSAGE;
                unread.add(new Unread(content, taken));
            }
        }
        return super.send(content, flags);
    }

    private long waiting() {
        synchronized (unread) {
            forgetTaken();
            return bytes;
        }
    }

    private void forgetTaken() {
        for (Reference<?> gone = taken.poll(); gone != null; gone = taken.poll()) {
            bytes -= ((Unread) gone).size;
            unread.remove(gone);
        }
    }

    /**
     * Waits until front ends have read enough of what was sent. One that goes on reading, however slowly, is waited for.
     *
     * @throws CellError when none does
     * @throws CellInterrupted when the thread is interrupted
     */
    void awaitReaders() {
        if (waiting() <= most) {
            return;
        }
        System.gc();
        long least = Long.MAX_VALUE;
        int pauses = 0;
        while (waiting() > most) {
            if (waiting() < least) {
                least = waiting();
                pauses = 0;
            } else if (++pauses == MOST_PAUSES) {
                throw new CellError(
                        "System.out: " + (least >> 20) + " MB of output wait for a front end that does not read"
                                + " them; what this cell would print further is not kept");
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CellInterrupted();
            }
            if (pauses % 5 == 0) {
                System.gc();
            }
        }
    }
}
