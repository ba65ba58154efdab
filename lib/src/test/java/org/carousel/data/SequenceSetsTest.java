package org.carousel.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.carousel.data.signal.SpokenDigits;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SequenceSetsTest {
    private static final String CONLLU =
            """
            # sent_id = 1
            # text = I don't
            1\tI\tI\tPRON\tPRP\tNumber=Sing\t3\tnsubj\t3:nsubj\t_
            2-3\tdon't\t_\t_\t_\t_\t_\t_\t_\t_
            2\tdo\tdo\tAUX\tVBP\t_\t3\taux\t_\t_
            3\tn't\tnot\tPART\tRB\t_\t0\troot\t_\t_
            3.1\tgo\tgo\tVERB\tVB\t_\t_\t_\t_\t_

            1\tYes\tyes\tINTJ\tUH\t_\t0\troot\t_\t_
            """;

    @Test
    void conlluIsRead() {
        List<ConllU> sentences = ConllU.parse(CONLLU.lines().toList(), "t.conllu");
        assertEquals(2, sentences.size());
        assertEquals(List.of("sent_id = 1", "text = I don't"), sentences.get(0).comments());
        assertEquals(
                new ConllU.Word("I", "I", "PRON", "PRP", "Number=Sing", 3, "nsubj"),
                sentences.get(0).words().get(0));
        assertEquals(
                new TaggedSentences.Sentence(
                        List.of("I", "do", "n't"), List.of("PRON", "AUX", "PART"), List.of("PRP", "VBP", "RB")),
                sentences.get(0).tagged());
        assertEquals(List.of(), sentences.get(1).comments());
    }

    @Test
    void malformedConlluIsNamed() {
        assertMalformed("t line 3: 9 columns instead of 10", CONLLU.replace("\t3:nsubj", ""));
        assertMalformed("t line 5: word number '4' where 2 was due", CONLLU.replace("2\tdo\t", "4\tdo\t"));
        assertMalformed(
                "t line 6: head '_' is not a number", CONLLU.replace("0\troot\t_\t_\n3.1", "_\troot\t_\t_\n3.1"));
        assertMalformed("has 3 words, and a head of number 7", CONLLU.replace("3\tnsubj", "7\tnsubj"));
    }

    private static void assertMalformed(String message, String text) {
        String said = Samples.messageOf(
                DatasetException.class, () -> ConllU.parse(text.lines().toList(), "t"));
        assertTrue(said.contains(message), said);
    }

    @Test
    void columnsAreRead() {
        List<TaggedSentences.Sentence> all =
                TaggedSentences.columns(List.of("a\tDET\tDT", "cat\tNOUN\tNN", "", "", "ran\tVERB\tVBD"), "t.tsv");
        assertEquals(2, all.size());
        assertEquals(List.of("a", "cat"), all.get(0).words());
        assertEquals(List.of("VBD"), all.get(1).penn());
        String said =
                Samples.messageOf(DatasetException.class, () -> TaggedSentences.columns(List.of("a\tDET"), "t.tsv"));
        assertEquals("t.tsv line 1: 2 columns instead of 3", said);
        assertThrows(
                IllegalArgumentException.class,
                () -> new TaggedSentences.Sentence(List.of("a"), List.of(), List.of("DT")));
    }

    @Test
    void theTreebankHasItsCounts() {
        assumeTrue(Datasets.udEwt().files().get(0).name().endsWith(".tsv"), "the set is not at hand");
        TaggedSentences ewt = TaggedSentences.of(Datasets.udEwt());
        assertEquals(
                List.of(12544, 2001, 2077),
                List.of(
                        ewt.training().size(),
                        ewt.development().size(),
                        ewt.test().size()));
        assertEquals(25094, ewt.test().stream().mapToInt(s -> s.words().size()).sum());
    }

    @Test
    void theFormThatLiesReadyIsTaken(@TempDir Path folder) throws IOException {
        byte[] content = "x".getBytes(StandardCharsets.UTF_8);
        DataLocations there = new DataLocations(Optional.of(folder), Optional.empty(), folder.resolve("cache"), true);
        Dataset derived = Samples.set(there, Samples.file("a.tsv", content, ""));
        Dataset original = Samples.set(there, Samples.file("a.conllu", content, "https://localhost/a"));
        assertEquals("a.conllu", derived.orElse(original).files().get(0).name());
        Samples.put(folder, "a.tsv", content);
        assertEquals(
                "a.tsv",
                Samples.set(there, Samples.file("a.tsv", content, ""))
                        .orElse(original)
                        .files()
                        .get(0)
                        .name());
    }

    @Test
    void proteinsAreRead() {
        List<ProteinChains.Chain> chains = ProteinChains.parse(
                List.of("# remark", "<>", "G _", "V h", "L h", "A e", "<end>", "<>", "K e", "end", "<>", "M _"), "p");
        assertEquals(
                List.of(
                        new ProteinChains.Chain("GVLA", "_hhe"),
                        new ProteinChains.Chain("K", "e"),
                        new ProteinChains.Chain("M", "_")),
                chains);
        assertEquals(List.of("O", "B-h", "I-h", "B-e"), chains.get(0).spans());
        assertArrayEquals(new int[] {0, 1, 1, 2}, chains.get(0).labels());
        assertArrayEquals(new int[] {5, 17, 9, 0}, chains.get(0).inputs());
        String said = Samples.messageOf(DatasetException.class, () -> ProteinChains.parse(List.of("<>", "B h"), "p"));
        assertEquals("p line 2: \"B h\" is no amino acid with a structure of _he", said);
        assertThrows(IllegalArgumentException.class, () -> new ProteinChains.Chain("GV", "_"));
    }

    @Test
    void theProteinsHaveTheirCounts() {
        assumeTrue(Datasets.proteinStructure().available(), "the set is not at hand");
        ProteinChains proteins = ProteinChains.of(Datasets.proteinStructure());
        assertEquals(
                List.of(111, 17),
                List.of(proteins.training().size(), proteins.test().size()));
        String all =
                proteins.test().stream().map(ProteinChains.Chain::structure).collect(Collectors.joining());
        assertEquals(3520, all.length());
        assertEquals(1923, all.chars().filter(c -> c == '_').count());
    }

    @Test
    void spliceWindowsAreReadAndFoldsKeepEqualOnesTogether() {
        String bases = "ACGTNDRS".repeat(8).substring(0, 60);
        StringBuilder text = new StringBuilder("Class, Donor, Sequence\n");
        for (int n = 0; n < 30; n++) { // ten different windows, each three times
            String own = "ACGTACGTAC".charAt(n % 10) + "ACGT".repeat(n % 10 < 4 ? 15 : n % 10 < 8 ? 14 : 13);
            text.append("EI,  d")
                    .append(n)
                    .append(",   ")
                    .append((own + bases).substring(0, 60))
                    .append('\n');
        }
        SpliceJunctions all = SpliceJunctions.parse(text.toString().lines().toList(), "s");
        assertEquals(30, all.windows().size());
        assertEquals(1, all.windows().get(0).label());
        List<SpliceJunctions.Fold> folds = all.folds(5, RandomStream.of(1));
        assertEquals(30, folds.stream().mapToInt(f -> f.test().size()).sum());
        for (SpliceJunctions.Fold fold : folds) {
            Set<String> here =
                    fold.test().stream().map(SpliceJunctions.Window::bases).collect(Collectors.toSet());
            assertTrue(fold.training().stream().noneMatch(w -> here.contains(w.bases())));
            Set<SpliceJunctions.Window> both = new HashSet<>(fold.test());
            both.addAll(fold.training());
            assertEquals(30, both.size());
        }
        float[][] shares = new SpliceJunctions.Window("N", "x", bases).shares();
        assertArrayEquals(new float[] {0, 1, 0, 0}, shares[1]);
        assertArrayEquals(new float[] {0.25f, 0.25f, 0.25f, 0.25f}, shares[4]);
        assertArrayEquals(new float[] {1 / 3f, 0, 1 / 3f, 1 / 3f}, shares[5]);
        String said = Samples.messageOf(
                DatasetException.class, () -> SpliceJunctions.parse(List.of("head", "XX, a, ACGT"), "s"));
        assertTrue(said.startsWith("s line 2: \"XX, a, ACGT\" is not kind, name and 60 bases"), said);
        assertThrows(IllegalArgumentException.class, () -> all.folds(1, RandomStream.of(1)));
    }

    @Test
    void theSpliceSetHasItsCounts() {
        assumeTrue(Datasets.spliceJunctions().available(), "the set is not at hand");
        List<SpliceJunctions.Window> all =
                SpliceJunctions.of(Datasets.spliceJunctions()).windows();
        assertEquals(3190, all.size());
        assertEquals(767, all.stream().filter(w -> w.kind().equals("EI")).count());
        assertEquals(768, all.stream().filter(w -> w.kind().equals("IE")).count());
    }

    @Test
    void theSpokenDigitsHaveTheirCounts() {
        assumeTrue(Datasets.fsdd().files().get(0).name().equals("fsdd.tar"), "the set is not at hand");
        SpokenDigits digits = SpokenDigits.of(Datasets.fsdd());
        assertEquals(3000, digits.recordings().size());
        assertEquals(List.of("george", "jackson", "lucas", "nicolas", "theo", "yweweler"), digits.speakers());
        assertEquals(1000, digits.of("theo", "lucas").size());
        assertEquals(8000, digits.recordings().get(0).sound().sampleRate());
    }

    @Test
    void anArchiveWithoutRecordingsIsNamed(@TempDir Path folder) throws IOException {
        byte[] empty = new byte[1024];
        Dataset set = Samples.ready(folder, "a.tar", empty);
        String said = Samples.messageOf(DatasetException.class, () -> SpokenDigits.of(set));
        assertEquals("a.tar has no entry recordings/DIGIT_SPEAKER_TAKE.wav", said);
        assertTrue(Files.exists(folder.resolve("sample").resolve("a.tar")));
    }
}
