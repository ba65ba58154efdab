package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class UnixSocketsTest {
    private static KernelConnectionProperties properties(String transport, String ip) {
        return new KernelConnectionProperties(ip, 1, 2, 3, 4, 5, transport, "hmac-sha256", "key");
    }

    @Test
    void leavesTcpAlone() {
        KernelConnectionProperties tcp = properties("tcp", "127.0.0.1");
        assertSame(tcp, UnixSockets.behind(tcp));
    }

    @Test
    void carriesBytesBothWaysUntilOneSideCloses(@TempDir Path folder) throws IOException {
        byte[] many = new byte[300_000];
        for (int k = 0; k < many.length; k++) {
            many[k] = (byte) (k * 31);
        }
        Path path = folder.resolve("s");
        Files.writeString(path, "left over");
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            UnixSockets.lead(path, listening.getLocalPort());
            try (SocketChannel outside = SocketChannel.open(UnixDomainSocketAddress.of(path));
                    Socket inside = listening.accept()) {
                Thread writer = new Thread(() -> write(outside, many));
                writer.start();
                assertArrayEquals(many, inside.getInputStream().readNBytes(many.length));
                inside.getOutputStream().write(Arrays.copyOf(many, 1000));
                ByteBuffer answer = ByteBuffer.allocate(1000);
                while (answer.hasRemaining() && outside.read(answer) >= 0) {
                    continue;
                }
                assertArrayEquals(Arrays.copyOf(many, 1000), answer.array());
                inside.shutdownOutput();
                assertEquals(-1, outside.read(ByteBuffer.allocate(1)));
            }
        }
    }

    private static void write(SocketChannel channel, byte[] bytes) {
        try {
            channel.write(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void makesOneSocketPerChannelNamedAsJupyterNamesThem(@TempDir Path folder) {
        KernelConnectionProperties inside =
                UnixSockets.behind(properties("ipc", folder.resolve("k").toString()));
        assertEquals("tcp", inside.getTransport());
        assertEquals("127.0.0.1", inside.getIp());
        assertEquals("key", inside.getKey());
        for (int k = 1; k <= 5; k++) {
            assertTrue(Files.exists(folder.resolve("k-" + k)), "channel " + k);
        }
    }
}
