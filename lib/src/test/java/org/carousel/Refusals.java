package org.carousel;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.function.Executable;

/** What is refused, and in which words. */
public final class Refusals {
    private Refusals() {}

    /** Holds that a call is refused as a wrong argument and that the message contains a part. */
    public static void assertMessage(String part, Executable call) {
        String message = Objects.requireNonNull(
                assertThrows(IllegalArgumentException.class, call).getMessage());
        assertTrue(message.contains(part), message);
    }
}
