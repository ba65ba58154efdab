package org.carousel.labelling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SpansTest {
    @Test
    void equalSeqeval() throws IOException {
        List<String> lines;
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(SpansTest.class.getResourceAsStream("/golden/spans.txt")),
                StandardCharsets.UTF_8))) {
            lines = in.lines().toList();
        }
        assertEquals(40, lines.size());
        for (String line : lines) {
            String[] parts = line.split("\t", -1);
            List<String> right = List.of(parts[0].split(" "));
            List<String> said = List.of(parts[1].split(" "));
            String spans = Spans.of(right).stream()
                    .map(s -> s.type() + ":" + s.begin() + ":" + s.end())
                    .collect(Collectors.joining(","));
            assertEquals(parts[2], spans, parts[0]);
            Spans.Score score = Spans.score(List.of(said), List.of(right));
            assertEquals(Double.parseDouble(parts[3]), score.precision(), 1e-11, line);
            assertEquals(Double.parseDouble(parts[4]), score.recall(), 1e-11, line);
            assertEquals(Double.parseDouble(parts[5]), score.f1(), 1e-11, line);
        }
    }

    @Test
    void badTagsAreNamed() {
        assertThrows(IllegalArgumentException.class, () -> Spans.of(List.of("B-X", "X")));
        assertThrows(
                IllegalArgumentException.class, () -> Spans.score(List.of(List.of("O")), List.of(List.of("O", "O"))));
    }
}
