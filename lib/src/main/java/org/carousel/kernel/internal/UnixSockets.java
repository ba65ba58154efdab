package org.carousel.kernel.internal;

import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The transport {@code ipc}, which Colab uses: Unix sockets in front of ports of this machine.
 *
 * <p>The ZeroMQ of Java knows no Unix sockets. What goes over them is the same as over TCP, byte for byte, so it is
 * enough to carry the bytes to and fro.
 */
final class UnixSockets {
    private static final int CHANNELS = 5;

    private UnixSockets() {}

    /**
     * Where the kernel is to listen for these properties: on ports of this machine when the front end wants Unix
     * sockets, which then lead to them, else where the properties say.
     *
     * @throws UncheckedIOException if a socket cannot be made
     */
    static KernelConnectionProperties behind(KernelConnectionProperties wanted) {
        if (!"ipc".equals(wanted.getTransport())) {
            return wanted;
        }
        try {
            int[] ports = freePorts();
            int[] names = {
                wanted.getControlPort(),
                wanted.getShellPort(),
                wanted.getStdinPort(),
                wanted.getHbPort(),
                wanted.getIopubPort()
            };
            for (int k = 0; k < CHANNELS; k++) {
                lead(Path.of(wanted.getIp() + "-" + names[k]), ports[k]);
            }
            return new KernelConnectionProperties(
                    InetAddress.getLoopbackAddress().getHostAddress(),
                    ports[0],
                    ports[1],
                    ports[2],
                    ports[3],
                    ports[4],
                    "tcp",
                    wanted.getSignatureScheme(),
                    wanted.getKey());
        } catch (IOException e) {
            throw new UncheckedIOException("transport ipc: " + wanted.getIp() + ": " + e.getMessage(), e);
        }
    }

    private static int[] freePorts() throws IOException {
        int[] ports = new int[CHANNELS];
        List<ServerSocket> open = new ArrayList<>(); // all at once, or one port might be given twice
        try {
            for (int k = 0; k < CHANNELS; k++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                open.add(socket);
                ports[k] = socket.getLocalPort();
            }
        } finally {
            for (ServerSocket socket : open) {
                socket.close();
            }
        }
        return ports;
    }

    /** From now on who connects to the socket at this path speaks with the port. */
    static void lead(Path path, int port) throws IOException {
        Files.deleteIfExists(path); // of a kernel that was killed
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        path.toFile().deleteOnExit();
        begin(() -> {
            while (true) {
                connect(server.accept(), port);
            }
        });
    }

    private static void connect(SocketChannel outside, int port) throws IOException {
        SocketChannel inside;
        try {
            inside = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            inside.setOption(StandardSocketOptions.TCP_NODELAY, true);
        } catch (IOException e) {
            outside.close(); // nobody listens yet: the front end connects again
            return;
        }
        begin(() -> carry(outside, inside));
        begin(() -> carry(inside, outside));
    }

    private static void carry(SocketChannel from, SocketChannel to) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 16);
        try (from;
                to) {
            while (from.read(bytes) >= 0) {
                bytes.flip();
                while (bytes.hasRemaining()) {
                    to.write(bytes);
                }
                bytes.clear();
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void begin(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // one side has gone; the other side is closed by now
                    }
                },
                "ipc");
        thread.setDaemon(true);
        thread.start();
    }
}
