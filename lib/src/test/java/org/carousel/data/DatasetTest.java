package org.carousel.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.carousel.files.internal.Failures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {
    private static final byte[] BODY = Samples.BODY;

    @TempDir
    Path folder;

    @Test
    void theSharedFolderComesBeforeTheCache() throws IOException {
        Path shared = Samples.put(folder.resolve("shared"), "input.txt", BODY);
        Path cached = Samples.put(folder.resolve("cache"), "input.txt", BODY);
        DataFile file = Samples.file("input.txt", BODY, "");
        assertEquals(shared, Samples.set(both(true), file).path("input.txt"));
        Files.delete(shared);
        assertEquals(cached, Samples.set(both(true), file).path("input.txt"));
    }

    @Test
    void aDamagedSharedFileIsNamedAndLeftAlone() throws IOException {
        Path shared = Samples.put(folder.resolve("shared"), "input.txt", new byte[] {1, 2, 3});
        try (LocalServer server = LocalServer.sending(BODY)) {
            DataFile file = Samples.file("input.txt", BODY, server.url("input.txt"));
            String message = messageOf(Samples.set(both(false), file));
            assertEquals(
                    shared + " in the CAROUSEL_DATA folder is damaged (3 bytes instead of " + BODY.length
                            + "); replace it, or remove it to use the cache",
                    message);
            assertEquals(0, server.requests.get());
            assertEquals(3, Files.size(shared));
        }
    }

    @Test
    void aDamagedCachedFileIsHealed() throws IOException {
        byte[] damaged = BODY.clone();
        damaged[7] ^= 1;
        for (byte[] content : List.of(damaged, new byte[] {1}, new byte[0])) {
            Path cached = Samples.put(folder.resolve("cache"), "input.txt", content);
            try (LocalServer server = LocalServer.sending(BODY)) {
                DataFile file = Samples.file("input.txt", BODY, server.url("input.txt"));
                assertEquals(cached, Samples.set(both(false), file).path("input.txt"));
                assertEquals(1, server.requests.get());
                assertEquals(List.of(cached), Samples.filesBelow(folder));
                assertEquals(Samples.sha256(BODY), Samples.sha256(Files.readAllBytes(cached)));
            }
        }
    }

    @Test
    void aDamagedCachedFileThatCannotBeHealedIsAnError() throws IOException {
        Samples.put(folder.resolve("cache"), "input.txt", new byte[] {1});
        DataFile file = Samples.file("input.txt", BODY, "http://127.0.0.1:1/input.txt");
        String message = messageOf(Samples.set(both(true), file));
        String damage = "the copy in the cache is damaged (1 bytes instead of " + BODY.length + ") and ";
        assertTrue(message.contains(damage + "carousel.offline forbids downloads"), message);
    }

    @Test
    void aFileThatChangesAfterItsCheckIsCheckedAgain() throws IOException {
        Path cached = Samples.put(folder.resolve("cache"), "input.txt", BODY);
        Dataset set = Samples.set(both(true), Samples.file("input.txt", BODY, ""));
        assertEquals(cached, set.path("input.txt"));
        byte[] changed = BODY.clone();
        changed[0] ^= 1;
        Files.write(cached, changed);
        Files.setLastModifiedTime(cached, FileTime.fromMillis(1_000_000));
        assertTrue(messageOf(set).contains("SHA-256 " + Samples.sha256(changed)));
    }

    @Test
    void offlineForbidsDownloads() throws IOException {
        try (LocalServer server = LocalServer.sending(BODY)) {
            String url = server.url("input.txt");
            Path target = folder.resolve("cache/sample/input.txt");
            DataLocations offline =
                    new DataLocations(Optional.empty(), Optional.empty(), folder.resolve("cache"), true);
            assertEquals(
                    "sample/input.txt is missing: carousel.offline forbids downloads. To get it, save " + url + " as "
                            + target + ", or set CAROUSEL_DATA to a folder that holds it as sample/input.txt",
                    messageOf(Samples.set(offline, Samples.file("input.txt", BODY, url))));
            assertEquals(0, server.requests.get());
        }
    }

    @Test
    void aDerivedFileSaysWhatToPutWhere() {
        assertEquals(
                "sample/input.txt is missing: it has no download address. To get it, put 'a sample' as "
                        + folder.resolve("shared/sample/input.txt"),
                messageOf(Samples.set(both(false), Samples.file("input.txt", BODY, ""))));
    }

    @Test
    void whyMissingDoesNotAskTheServerAgain() throws IOException {
        try (LocalServer server = LocalServer.failing(404)) {
            Dataset set = Samples.set(both(false), Samples.file("input.txt", BODY, server.url("input.txt")));
            assertFalse(set.available());
            assertTrue(set.whyMissing().contains("status 404"));
            assertEquals(1, server.requests.get());
            assertEquals(Optional.empty(), set.tryPath("input.txt"));
            assertEquals(2, server.requests.get());
        }
    }

    @Test
    void onlyNarrowsWhatMustBeAvailable() throws IOException {
        Samples.put(folder.resolve("cache"), "a.txt", BODY);
        Dataset set = Samples.set(both(true), Samples.file("a.txt", BODY, ""), Samples.file("b.txt", BODY, ""));
        assertFalse(set.available());
        assertTrue(set.whyMissing().startsWith("sample/b.txt is missing"));
        assertTrue(set.only("a.txt").available());
        assertEquals("", set.only("a.txt").whyMissing());
        assertThrows(IllegalArgumentException.class, () -> set.only("a.txt").path("b.txt"));
        assertThrows(IllegalArgumentException.class, set::only);
    }

    @Test
    void anUnknownFileIsABadArgument() {
        Dataset set = Samples.set(both(true), Samples.file("a.txt", BODY, ""));
        String message = Samples.messageOf(IllegalArgumentException.class, () -> set.tryPath("c.txt"));
        assertEquals("the data set sample has no file 'c.txt'; it has [a.txt]", message);
    }

    @Test
    void licenceAndSourceAreListedOnce() {
        Dataset set = Samples.set(
                both(true),
                Samples.file("a.txt", BODY, "https://example.org/x/a.txt"),
                Samples.file("b.txt", BODY, "https://example.org/x/b.txt"),
                Samples.file("c.txt", BODY, ""));
        assertEquals("CC0-1.0", set.licence());
        assertEquals("https://example.org/x/; a sample", set.source());
    }

    @Test
    void textIsStrictUtf8() throws IOException {
        Dataset good = Samples.ready(folder, "good.txt", "één\r\n😀\n".getBytes(StandardCharsets.UTF_8));
        assertEquals("één\r\n😀\n", good.text("good.txt"));
        assertEquals(List.of("één", "😀"), good.lines("good.txt"));
        Dataset latin1 = Samples.ready(folder, "latin1.txt", "caf\u00e9 x".getBytes(StandardCharsets.ISO_8859_1));
        String message = Samples.messageOf(DatasetException.class, () -> latin1.text("latin1.txt"));
        assertEquals(folder.resolve("sample/latin1.txt") + ": byte 3 (0xE9) is not valid UTF-8", message);
        Dataset cut = Samples.ready(folder, "cut.txt", new byte[] {'a', (byte) 0xF0, (byte) 0x9F});
        message = Samples.messageOf(DatasetException.class, () -> cut.text("cut.txt"));
        assertEquals(folder.resolve("sample/cut.txt") + ": byte 1 (0xF0) is not valid UTF-8", message);
    }

    @Test
    void gzipIsUnpacked() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(BODY);
        }
        Dataset set = Samples.ready(folder, "a.txt.gz", packed.toByteArray());
        assertEquals(new String(BODY, StandardCharsets.UTF_8), set.text("a.txt.gz"));
    }

    @Test
    void zipEntriesAreRead() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(packed)) {
            out.putNextEntry(new ZipEntry("folder/"));
            out.putNextEntry(new ZipEntry("folder/b.txt"));
            out.write("zwei\n".getBytes(StandardCharsets.UTF_8));
            out.putNextEntry(new ZipEntry("folder/a.txt"));
            out.write("eins\n".getBytes(StandardCharsets.UTF_8));
        }
        Dataset set = Samples.ready(folder, "a.zip", packed.toByteArray());
        assertEquals(
                List.of("folder/b.txt", "folder/a.txt"),
                List.copyOf(set.entries("a.zip").keySet()));
        assertEquals(List.of("eins"), set.lines("a.zip", "folder/a.txt"));
        String message = Samples.messageOf(IllegalArgumentException.class, () -> set.text("a.zip", "c.txt"));
        assertEquals("sample/a.zip has no entry 'c.txt'", message);
    }

    @Test
    void tarEntriesAreRead() throws IOException {
        byte[] tar = tar(header('g', "pax_global_header", "4"), "abcd", header('5', "d/", "0"), "");
        byte[] more = tar(header('0', "d/a.txt", "5"), "eins\n", header('0', "d/b.txt", "0"), "");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tar);
        all.write(more);
        all.write(new byte[1024]);
        Dataset set = Samples.ready(folder, "a.tar", all.toByteArray());
        assertEquals(
                List.of("d/a.txt", "d/b.txt"), List.copyOf(set.entries("a.tar").keySet()));
        assertEquals("eins\n", set.text("a.tar", "d/a.txt"));
        assertEquals("", set.text("a.tar", "d/b.txt"));
    }

    @Test
    void aBrokenTarIsNamed() throws IOException {
        assertTarFails("l.tar", tar(header('2', "link", "0"), "", header('0', "a", "0"), ""), "type '2'");
        assertTarFails("s.tar", tar(header('0', "a", "xyz"), "", header('0', "b", "0"), ""), "malformed size 'xyz'");
        assertTarFails("c.tar", tar(header('0', "a", "7777"), "", header('0', "b", "0"), ""), "tar entry a is cut off");
    }

    @Test
    void onlyArchivesHaveEntries() throws IOException {
        Dataset set = Samples.ready(folder, "a.txt", BODY);
        assertThrows(IllegalArgumentException.class, () -> set.entries("a.txt"));
    }

    @Test
    void failuresWithoutAMessageAreSaidInWords() {
        ConnectException unresolved = new ConnectException();
        unresolved.initCause(new UnresolvedAddressException());
        assertEquals("the server's name cannot be resolved (no network?)", Failures.describe(unresolved));
        assertEquals("no connection to the server", Failures.describe(new ConnectException()));
        assertEquals("IOException", Failures.describe(new IOException()));
        assertEquals("two lines", new DatasetException("two \r\n lines", null).getMessage());
    }

    private void assertTarFails(String name, byte[] tar, String reason) throws IOException {
        Dataset set = Samples.ready(folder, name, tar);
        String message = Samples.messageOf(DatasetException.class, () -> set.entries(name));
        assertTrue(message.contains(name + " cannot be read: ") && message.contains(reason), message);
    }

    private static byte[] tar(byte[] header1, String content1, byte[] header2, String content2) {
        byte[] all = new byte[2048];
        int at = 0;
        System.arraycopy(header1, 0, all, at, 512);
        at += 512;
        byte[] first = content1.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(first, 0, all, at, first.length);
        at += first.length == 0 ? 0 : 512;
        System.arraycopy(header2, 0, all, at, 512);
        at += 512;
        byte[] second = content2.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(second, 0, all, at, second.length);
        return Arrays.copyOf(all, at + (second.length == 0 ? 0 : 512));
    }

    private static byte[] header(char type, String name, String octalSize) {
        byte[] header = new byte[512];
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(nameBytes, 0, header, 0, nameBytes.length);
        byte[] size = octalSize.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(size, 0, header, 124, size.length);
        header[156] = (byte) type;
        return header;
    }

    private DataLocations both(boolean offline) {
        return new DataLocations(
                Optional.of(folder.resolve("shared")), Optional.empty(), folder.resolve("cache"), offline);
    }

    private static String messageOf(Dataset set) {
        String message = Samples.messageOf(DatasetException.class, () -> set.path("input.txt"));
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    /** On any clone, without network and without a folder of data: the text lies in the project itself. */
    @Test
    void theShippedTextIsThere(@TempDir Path nowhere) {
        DataLocations checkout = new DataLocations(
                Optional.empty(), DataLocations.ofThisProcess().shipped(), nowhere.resolve("cache"), true);
        Dataset text = new Dataset(
                "pd-english",
                Manifest.packed().files("pd-english"),
                new Resolver(checkout, new Downloader(Downloader.STANDARD)));
        assertTrue(text.available(), text.whyMissing());
        assertEquals(33_264_278, text.text("pd-english.txt.gz").length());
    }
}
