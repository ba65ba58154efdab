package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutputTest {
    private final List<String> sent = Collections.synchronizedList(new ArrayList<>());
    private int paces;
    private final Output output = new Output((stream, text) -> sent.add(stream + " " + text), () -> paces++);

    private void write(Output.Stream stream, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        output.write(stream, bytes, 0, bytes.length);
    }

    @Test
    void keepsTheOrderOfBothStreams() {
        write(Output.Stream.STDOUT, "a");
        write(Output.Stream.STDERR, "b");
        write(Output.Stream.STDOUT, "c");
        output.flush();
        assertEquals(List.of("STDOUT a", "STDERR b", "STDOUT c"), sent);
        output.flush();
        assertEquals(3, sent.size(), "nothing is sent twice");
    }

    @Test
    void sendsSoonWithoutBeingAsked() throws InterruptedException {
        LinkedBlockingQueue<String> arrived = new LinkedBlockingQueue<>();
        Output own = new Output((stream, text) -> arrived.add(text), () -> {});
        for (String line : new String[] {"first\n", "second\n"}) {
            own.write(Output.Stream.STDOUT, line.getBytes(StandardCharsets.UTF_8), 0, line.length());
            assertEquals(line, arrived.poll(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void cutsNoCharacterInTwo() {
        String text = "aé−😀".repeat(100_000); // 10 bytes each: parts end inside of characters
        write(Output.Stream.STDOUT, text);
        output.flush();
        StringBuilder all = new StringBuilder();
        for (String part : sent) {
            assertTrue(part.length() <= (1 << 18) + 7, "a part of " + part.length() + " characters");
            all.append(part.substring("STDOUT ".length()));
        }
        assertTrue(sent.size() >= 4, sent.size() + " parts");
        assertEquals(text, all.toString());
    }

    @Test
    void sendsAlsoWhatStaysIncomplete() {
        byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
        output.write(Output.Stream.STDOUT, euro, 0, 2);
        output.flush();
        assertEquals(List.of("STDOUT \uFFFD"), sent);
    }

    @Test
    void countsWholeCharacters() {
        assertEquals(0, Output.wholeCharacters(new byte[0]));
        for (String last : new String[] {"a", "é", "€", "😀"}) {
            byte[] bytes = ("xé" + last).getBytes(StandardCharsets.UTF_8);
            assertEquals(bytes.length, Output.wholeCharacters(bytes), last);
            for (int length = 4; length < bytes.length; length++) {
                assertEquals(3, Output.wholeCharacters(java.util.Arrays.copyOf(bytes, length)), last + " " + length);
            }
        }
    }

    @Test
    void waitsForReadersOnlyAfterVeryMuch() {
        String line = "x".repeat(1 << 18);
        for (int k = 0; k < 64; k++) {
            write(Output.Stream.STDOUT, line);
        }
        assertEquals(0, paces, "16 MB are free");
        for (int k = 0; k < 8; k++) {
            write(Output.Stream.STDOUT, line);
        }
        assertEquals(7, paces);
    }

    @Test
    void takesNothingMoreOnceReadersWereWaitedForInVain() {
        StringBuilder sent = new StringBuilder();
        Output output = new Output((stream, text) -> sent.append(text), () -> {
            throw new CellError("nobody reads");
        });
        byte[] much = new byte[17 << 20];
        output.write(Output.Stream.STDOUT, much, 0, much.length);
        assertThrows(CellError.class, () -> output.write(Output.Stream.STDOUT, much, 0, much.length));
        assertTrue(output.isFull());
        output.write(Output.Stream.STDOUT, new byte[] {'x'}, 0, 1);
        output.flush();
        assertEquals(much.length, sent.length());
    }
}
