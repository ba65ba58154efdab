package org.carousel.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.carousel.tools.SourceSnapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorporaTest {
    @TempDir
    Path folder;

    @Test
    void theJavaSourcesHaveASmallVocabulary() {
        String text = Corpora.javaSources();
        CharacterVocabulary vocabulary = CharacterVocabulary.of(text);
        assertTrue(vocabulary.size() <= 97, vocabulary.characters());
        assertTrue(
                vocabulary.characters().codePoints().allMatch(c -> c == '\n' || c == '\t' || (c >= ' ' && c <= '~')));
        assertTrue(text.contains("package org.carousel.data;"));
        assertEquals(text, SourceSnapshot.toAscii(text));
    }

    @Test
    void aSnapshotJoinsTheJavaFilesInPathOrder() throws IOException {
        Files.createDirectories(folder.resolve("src/a"));
        Files.writeString(folder.resolve("src/a/B.java"), "class B {} // σ(x·W)\r\n");
        Files.writeString(folder.resolve("src/a.java"), "class a {}");
        Files.writeString(folder.resolve("src/Z.java"), "class Z {}\n");
        Files.writeString(folder.resolve("src/notes.txt"), "not Java");
        Path target = folder.resolve("text.txt");
        SourceSnapshot.main(target.toString(), folder.resolve("src").toString());
        assertEquals("class Z {}\nclass a {}\nclass B {} // sigma(x*W)\n", Files.readString(target));
        SourceSnapshot.main(target.toString(), folder.resolve("src/a").toString());
        assertEquals("class B {} // sigma(x*W)\n", Files.readString(target));
        assertEquals(4 + 1, Samples.filesBelow(folder).size());
    }

    @Test
    void everySymbolHasAnAsciiForm() {
        assertEquals(
                "a -> b <= c != d*e - f - g... \"h\" dy/dx Sigma alpha sigma 2 cafe ?? \t|\n\n",
                SourceSnapshot.toAscii("a → b ≤ c ≠ d×e − f – g… “h” ∂y/∂x Σ ά ς ² café ☃😀 \t|\n\n"));
    }

    @Test
    void aFailedSnapshotLeavesTheOldOne() throws IOException {
        Path target = Files.writeString(folder.resolve("text.txt"), "old");
        assertThrows(IllegalArgumentException.class, () -> SourceSnapshot.main(target.toString(), folder.toString()));
        Files.write(folder.resolve("Bad.java"), new byte[] {'x', (byte) 0xFF});
        String message = Samples.messageOf(
                UncheckedIOException.class, () -> SourceSnapshot.main(target.toString(), folder.toString()));
        assertEquals("source snapshot: " + folder.resolve("Bad.java") + ": not valid UTF-8", message);
        assertThrows(IllegalArgumentException.class, () -> SourceSnapshot.main(target.toString()));
        assertEquals("old", Files.readString(target));
        assertEquals(List.of("Bad.java", "text.txt"), namesBelow());
    }

    @Test
    void aMissingResourceIsNamed() {
        String message = Samples.messageOf(IllegalStateException.class, () -> Resources.text("nothing.txt"));
        assertTrue(message.contains("org/carousel/data/nothing.txt is missing"), message);
    }

    private List<String> namesBelow() {
        return Samples.filesBelow(folder).stream()
                .map(path -> path.getFileName().toString())
                .sorted()
                .toList();
    }
}
