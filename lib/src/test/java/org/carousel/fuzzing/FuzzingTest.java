package org.carousel.fuzzing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.carousel.data.FuzzedData;
import org.carousel.data.FuzzedTexts;
import org.carousel.data.signal.FuzzedRecordings;
import org.carousel.embedding.FuzzedVectors;
import org.carousel.embedding.counting.FuzzedGlove;
import org.carousel.embedding.text.FuzzedCorpus;
import org.carousel.embedding.text.FuzzedVocabulary;
import org.carousel.embedding.word2vec.FuzzedFastText;
import org.carousel.embedding.word2vec.FuzzedModel;
import org.carousel.kernel.internal.FuzzedHistory;
import org.carousel.kernel.internal.FuzzedMessages;
import org.carousel.tensor.RandomStream;
import org.carousel.training.FuzzedTraining;
import org.carousel.training.trials.FuzzedStudy;
import org.carousel.weights.FuzzedWeights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damaged files and messages, a thousand for each reader.
 *
 * <p>By hand, for hours: {@code java -Xmx96m ... org.carousel.fuzzing.FuzzingTest 10000000 1}, contents and seed; after
 * them, if given, the most bytes of a content (65536) and the name of one reader.
 */
class FuzzingTest {
    private static final int INPUTS = 1000;
    private static final int LONG_INPUTS = 30;
    private static final long MOST_NANOS = 60_000_000_000L;

    static List<Reader> readers() {
        List<Reader> all = new ArrayList<>(FuzzedVectors.readers());
        all.add(FuzzedVocabulary.reader());
        all.add(FuzzedModel.reader());
        all.add(FuzzedFastText.reader());
        all.add(FuzzedGlove.reader());
        all.add(FuzzedTraining.reader());
        all.addAll(FuzzedWeights.readers());
        all.addAll(FuzzedData.readers());
        all.addAll(FuzzedTexts.readers());
        all.add(FuzzedRecordings.reader());
        all.add(FuzzedRecordings.pen());
        all.addAll(FuzzedCorpus.readers());
        all.add(FuzzedStudy.reader());
        all.add(FuzzedHistory.reader());
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

    /** Up to 2 MB: a million lines, a line of a megabyte, brackets in brackets. */
    @ParameterizedTest
    @MethodSource("readers")
    void longContentIsRefusedOrReadInProportion(Reader reader) {
        assertNull(new Fuzzer(1 << 21).run(reader, LONG_INPUTS, RandomStream.of(2)));
    }

    /** What once took minutes, or gigabytes of copies. */
    @Test
    void longLinesAndRepeatedWordsCostTimeInProportion() {
        StringBuilder spoken = new StringBuilder();
        for (int k = 0; k < 50_000; k++) {
            spoken.append("cat(")
                    .append(k)
                    .append(") A")
                    .append("B".repeat(k % 200))
                    .append(" C".repeat(k / 200));
            spoken.append('\n');
            if (spoken.length() > 1 << 21) {
                break;
            }
        }
        String blanks = " ".repeat(1 << 20);
        Map<String, String> contents = Map.of(
                "pronunciations", spoken.toString(),
                "translations", "a" + blanks + "b\n",
                "splice junctions", "kind,name,bases\nEI," + blanks + "x\n",
                ".words", "a".repeat(15 << 20) + "\n");
        int tried = 0;
        for (Reader reader : readers()) {
            String content = contents.get(reader.name());
            if (content != null) {
                assertNull(new Fuzzer(16 << 20).read(reader, Reader.bytes(content)));
                tried++;
            }
        }
        assertEquals(contents.size(), tried);
    }

    /** Such as one that names 400,001 tensors without elements in 23 MB, which is read in a heap of 150 MB. */
    @Test
    void aLongHeaderCostsMemoryInProportion() {
        StringBuilder header = new StringBuilder("{\"t\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}");
        for (int k = 0; k < 40_000; k++) {
            header.append(",\"t").append(k).append("\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}");
        }
        byte[] text = Reader.bytes(header.append('}').toString());
        byte[] content = ByteBuffer.allocate(8 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
        Reader safetensors = readers().stream()
                .filter(reader -> reader.name().equals("safetensors"))
                .findFirst()
                .orElseThrow();
        Fuzzer fuzzer = new Fuzzer();
        assertNull(fuzzer.read(safetensors, content));
        assertTrue(fuzzer.toString().contains(" 0.0 % refused"), fuzzer.toString());
    }

    /** Contents that were once read wrongly, hexadecimal, with the name of their reader. */
    private static final Map<String, List<String>> FOUND = Map.of(
            "vocabulary", // counts whose sum is no long
            List.of("61203132300a6772c3b6c39f652031320a6320393232333337323033363835343737353830370a203320"
                    + "776f7264732c204352432d33322063366232343330390a"),
            "word2vec in training", // more buckets than an index counts
            List.of("0009534b49505f4752414d0000000300000005000000053f50624dd2f1a9fc000000013f999999999999"
                    + "9a3f1a36e2eb1c432d0000000200000002000000037fffffff0000000100000000000000010000000200"
                    + "000000c8fa55e491c0b78400000000000000000000000000000000000000000000000000000000000000"
                    + "000000000400000001610000000000000005000000016200000000000000030000000163000000000000"
                    + "000300000001640000000000000003bd7b8440be1d43d1bdd70ce33c6644abbdd93043bd2aa9253cfdad"
                    + "60bdb0764d3c451e2b3ded8a903df5339b3da0bc553e1c1a283e159e0bbdf9a5783e1f3e34bdf69e603e"
                    + "17a1783e0bee903dc139bbbdc2b4ddbdf896303cfe636bbe09aafcbdb2f093bde4ebfdbda0f4953c64db"
                    + "c0bd8e6dc33d4216db3e07f7033ca395f53d3c7960000000000000000000000000000000000000000000"
                    + "0000000000000000000000"),
            "npz", // a name that is not UTF-8
            List.of("504b03041400000000000000215c9645978a480000004800000006000000fe652e6e7079934e554d5059"
                    + "01003a007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a2046616c73"
                    + "652c20277368617065273a2028312c292c207d0a0000803f504b010214031400000000000000215c9645"
                    + "978a4800000048000000060000000000000000000000800100000000fe652e6e7079504b050600000000"
                    + "01000100340000006c0000000000"),
            "npz arrays", // a shape of forty digits, which a pattern took in all possible ways
            List.of("934e554d5059010061007b276465736372273a20273c6634272c2027666f727472616e5f6f7264657227"
                    + "3a2046616c73652c20277368617065273a20283131313131313131313131313131313131313131313131"
                    + "313131313131313131313131313131313178292c207d0a"),
            "signed messages", // a header without fields
            List.of("6964656e746974791f3c4944537c4d53473e1f6361373637623032633562633036316564313834613961"
                    + "30323965376639336137663266376564346538666537343132306663313231326630623030386661331f"
                    + "7b7d1f7b7d1f7b7d1f7b7d1f"));

    @Test
    void whatWasFoundStaysMended() {
        Fuzzer fuzzer = new Fuzzer();
        int tried = 0;
        for (Reader reader : readers()) {
            for (String content : FOUND.getOrDefault(reader.name(), List.of())) {
                assertNull(fuzzer.read(reader, HexFormat.of().parseHex(content)));
                assertTrue(fuzzer.toString().contains(" 100.0 % refused"), fuzzer.toString());
                tried++;
            }
        }
        assertEquals(FOUND.values().stream().mapToInt(List::size).sum(), tried);
    }

    /** What one reader was tried with so far. */
    private static final class Trial {
        final Reader reader;
        final RandomStream random;
        final Fuzzer fuzzer;
        long nanos;
        int finds;

        Trial(Reader reader, RandomStream all, Fuzzer fuzzer) {
            this.reader = reader;
            this.fuzzer = fuzzer;
            this.random = all.split(reader.name());
            for (byte[] sound : reader.samples()) {
                new Fuzzer().read(reader, sound); // what is made once, such as patterns, is not the content's
            }
        }

        void run(int contents) {
            long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            Fuzzer.Find find = fuzzer.run(reader, contents, random);
            nanos += ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began;
            if (find != null && finds++ < 20) {
                System.out.println(find);
            }
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%-26s %s; %.0f s of a processor", reader.name(), fuzzer, nanos * 1e-9);
        }
    }

    /**
     * So many contents in all, dealt out in turn; slow readers get no more after a minute of the processor's time. What was
     * done is told at the end, also when that comes early. Every reader has random numbers of its own.
     */
    public static void main(String[] args) {
        long left = Long.parseLong(args[0]);
        RandomStream random = RandomStream.of(Long.parseLong(args[1]));
        int longest = args.length < 3 ? 1 << 16 : Integer.parseInt(args[2]);
        List<Trial> all = readers().stream()
                .filter(reader -> args.length < 4 || reader.name().equals(args[3]))
                .map(reader -> new Trial(reader, random, new Fuzzer(longest)))
                .toList();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> all.forEach(System.out::println)));
        while (left > 0) {
            long before = left;
            for (Trial trial : all) {
                if (trial.nanos < MOST_NANOS && left > 0) {
                    int contents = (int) Math.min(left, longest > 1 << 16 ? 100 : 2000);
                    trial.run(contents);
                    left -= contents;
                }
            }
            if (left == before) {
                return;
            }
        }
    }
}
