package org.carousel.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ManifestTest {
    private static final String HASH = "0123456789abcdef".repeat(4);
    private static final String LINE = "set\tfile.txt\t12\t" + HASH + "\thttps://example.org/a%20b\tCC0\twords";

    @Test
    void everyAddressIsPinnedToACommit() {
        for (DataFile file : Manifest.packed().files()) {
            assertFalse(file.licence().isBlank(), file.id());
            assertFalse(file.description().isBlank(), file.id());
            if (!file.url().isEmpty()) {
                assertEquals("https", URI.create(file.url()).getScheme(), file.id());
                assertTrue(file.url().matches(".*/[0-9a-f]{40}(/|\\.tar\\.gz).*"), file.url());
            }
        }
    }

    @Test
    void everySetOfTheManifestHasAMethod() {
        List<Dataset> all = List.of(
                Datasets.tinyShakespeare(),
                Datasets.jsbChorales(),
                Datasets.cmudict(),
                Datasets.optdigits(),
                Datasets.pendigits(),
                Datasets.sentencePolarity(),
                Datasets.subjectivity(),
                Datasets.movieReviews(),
                Datasets.series(),
                Datasets.tatoeba(),
                Datasets.udEwt(),
                Datasets.proteinStructure(),
                Datasets.spliceJunctions(),
                Datasets.wordEval(),
                Datasets.pdEnglish(),
                Datasets.trials(),
                Datasets.fsdd(),
                Datasets.miniLm(),
                Datasets.sileroVad(),
                Datasets.g2pEn());
        assertEquals(
                Manifest.packed().files().stream().map(DataFile::set).collect(Collectors.toSet()),
                all.stream().map(Dataset::name).collect(Collectors.toSet()));
        assertEquals(2, Datasets.jsbChorales().files().size());
        assertEquals(3, Datasets.named("jsb-chorales").files().size());
    }

    @Test
    void anUnknownSetIsNamed() {
        String message = Samples.messageOf(IllegalArgumentException.class, () -> Datasets.named("imagenet"));
        assertTrue(message.startsWith("there is no data set 'imagenet'; known sets: [cmudict-g2p, "), message);
    }

    @Test
    void aLineIsRead() {
        assertEquals(
                List.of(new DataFile("set", "file.txt", 12, HASH, "https://example.org/a%20b", "CC0", "words")),
                parse(LINE).files());
    }

    @Test
    void aWrongLineIsNamed() {
        assertFails("manifest line 2: 6 columns instead of 7", LINE.substring(0, LINE.lastIndexOf('\t')));
        assertFails("manifest line 3: set/file.txt is listed twice", LINE + "\n" + LINE);
        assertFails("manifest line 2: ", LINE.replace("12", "many"));
        assertFails("'0' is not a valid number of bytes", LINE.replace("12", "0"));
        assertFails("'..' is not a valid name of the set", LINE.replace("set\t", "..\t"));
        assertFails("'a/b' is not a valid name of the file", LINE.replace("file.txt", "a/b"));
        assertFails("is not a valid SHA-256", LINE.replace("abcdef", "ABCDEF"));
        assertFails("'https://example.org/a b' is not a valid address", LINE.replace("%20", " "));
        assertFails("'ftp://example.org/a%20b' is not a valid address", LINE.replace("https", "ftp"));
        assertTrue(Samples.messageOf(IllegalArgumentException.class, () -> Manifest.parse(LINE))
                .startsWith("manifest line 1: the header must be name file bytes"));
        assertThrows(IllegalArgumentException.class, () -> Manifest.parse(""));
    }

    private static Manifest parse(String lines) {
        return Manifest.parse(Manifest.HEADER + "\n" + lines + "\n");
    }

    private static void assertFails(String part, String lines) {
        String message = Samples.messageOf(IllegalArgumentException.class, () -> parse(lines));
        assertTrue(message.contains(part), message);
    }
}
