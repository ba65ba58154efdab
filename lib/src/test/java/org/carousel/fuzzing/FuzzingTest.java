package org.carousel.fuzzing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.carousel.data.FuzzedData;
import org.carousel.embedding.FuzzedVectors;
import org.carousel.embedding.counting.FuzzedGlove;
import org.carousel.embedding.text.FuzzedVocabulary;
import org.carousel.embedding.word2vec.FuzzedModel;
import org.carousel.kernel.FuzzedMessages;
import org.carousel.tensor.RandomStream;
import org.carousel.training.FuzzedTraining;
import org.carousel.weights.FuzzedWeights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damaged files and messages, a few thousand for each reader.
 *
 * <p>By hand, for hours: {@code java -Xmx96m ... org.carousel.fuzzing.FuzzingTest 10000000 1}, contents and seed.
 */
class FuzzingTest {
    private static final int INPUTS = 3000;

    static List<Reader> readers() {
        List<Reader> all = new ArrayList<>(FuzzedVectors.readers());
        all.add(FuzzedVocabulary.reader());
        all.add(FuzzedModel.reader());
        all.add(FuzzedGlove.reader());
        all.add(FuzzedTraining.reader());
        all.addAll(FuzzedWeights.readers());
        all.addAll(FuzzedData.readers());
        all.add(FuzzedMessages.reader());
        return all;
    }

    @ParameterizedTest
    @MethodSource("readers")
    void damagedContentIsRefusedOrRead(Reader reader) {
        new Fuzzer().read(reader, reader.samples().get(0)); // what is made once, such as patterns, is not the content's
        Fuzzer fuzzer = new Fuzzer();
        for (byte[] sound : reader.samples()) {
            assertNull(fuzzer.read(reader, sound));
        }
        assertTrue(fuzzer.toString().contains(" 0.0 % refused"), "what is sound is read: " + fuzzer);
        assertNull(fuzzer.run(reader, INPUTS, RandomStream.of(1)));
    }

    /** Contents that were once read wrongly, hexadecimal, with the name of their reader. */
    private static final Map<String, List<String>> FOUND = Map.of();

    @Test
    void whatWasFoundStaysMended() {
        Fuzzer fuzzer = new Fuzzer();
        int tried = 0;
        for (Reader reader : readers()) {
            for (String content : FOUND.getOrDefault(reader.name(), List.of())) {
                assertNull(fuzzer.read(reader, HexFormat.of().parseHex(content)));
                tried++;
            }
        }
        assertEquals(FOUND.values().stream().mapToInt(List::size).sum(), tried);
    }

    /** So many contents in all, dealt out to all readers. */
    public static void main(String[] args) {
        long contents = Long.parseLong(args[0]);
        RandomStream random = RandomStream.of(Long.parseLong(args[1]));
        List<Reader> readers = readers().stream()
                .filter(reader -> args.length < 3 || reader.name().equals(args[2]))
                .toList();
        for (Reader reader : readers) {
            for (byte[] sound : reader.samples()) {
                new Fuzzer().read(reader, sound); // what is made once, such as patterns, is not the content's
            }
            Fuzzer fuzzer = new Fuzzer();
            int finds = 0;
            for (long left = contents / readers.size(); left > 0; left -= 1000) {
                Fuzzer.Find find = fuzzer.run(reader, (int) Math.min(left, 1000), random);
                if (find != null && finds++ < 20) {
                    System.out.println(find);
                }
            }
            System.out.printf(Locale.ROOT, "%-22s %s%n", reader.name(), fuzzer);
        }
    }
}
