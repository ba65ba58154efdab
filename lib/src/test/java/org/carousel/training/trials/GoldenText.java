package org.carousel.training.trials;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What golden/fanova.py wrote. */
final class GoldenText {
    private GoldenText() {}

    static List<String> lines(String name) throws IOException {
        try (InputStream in = GoldenText.class.getResourceAsStream("/golden/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
