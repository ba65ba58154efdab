package org.carousel.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.carousel.files.internal.Json;
import org.carousel.fuzzing.Reader;
import org.carousel.fuzzing.Sealed;

/** Vocabularies of subwords, tokenizers, the manifest, music. */
public final class FuzzedData {
    private static final String TOKENIZER =
            """
            {"model": {"type": "WordPiece", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
             "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "[MASK]": 4, "a": 5, "##b": 6}},
             "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
             "lowercase": true, "strip_accents": null}, "pre_tokenizer": {"type": "BertPreTokenizer"}}
            """;

    private static final String BYTE_LEVEL = byteLevel();

    private FuzzedData() {}

    /** One reader for each. */
    public static List<Reader> readers() {
        String text = "lower lower newest newest widest";
        byte[] merges = Sealed.written(
                file -> SubwordVocabulary.bytePairEncoding(text, 20).save(file));
        byte[] pieces =
                Sealed.written(file -> SubwordVocabulary.wordPiece(text, 30).save(file));
        String manifest = Manifest.HEADER + "\nset\tx.txt\t12\t" + "ab".repeat(32) + "\thttps://h/x.txt\tCC0\ta set\n";
        return List.of(
                new Reader(
                        "subwords",
                        List.of(merges, pieces),
                        List.of(
                                Reader.bytes("2147483647 characters"),
                                Reader.bytes("\n0 0"),
                                Reader.bytes("WORD_PIECE")),
                        FuzzedData::sealed,
                        content -> Sealed.in(content, SubwordVocabulary::load)),
                Reader.of(
                        "tokenizer.json",
                        List.of(Reader.bytes(TOKENIZER)),
                        List.of("null", "[[", "{\"a\":", "\"vocab\": {}", "\\u0000", "\"a\": 5,"),
                        content -> Sealed.in(content, Reader.FILE + ".json", file -> BertTokenizer.load(file, true))),
                Reader.of(
                        "byte-level tokenizer.json",
                        List.of(Reader.bytes(BYTE_LEVEL)),
                        List.of("null", "[[", "\"a\":", "\"vocab\": {}", "\\u0120", "\"Ġa\"", "\"merges\": [[\"a\"]],"),
                        content -> Sealed.in(
                                content, file -> ByteLevelTokenizer.load(file).encode("a lower é 😀"))),
                Reader.of(
                        "vocab.txt",
                        List.of(Reader.bytes("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##b\n")),
                        List.of("\n\n", "##"),
                        content -> Sealed.in(content, Reader.FILE + ".txt", file -> BertTokenizer.load(file, true))),
                Reader.of(
                        "manifest",
                        List.of(Reader.bytes(manifest)),
                        List.of("\t", "../x", "file:///etc", "https://"),
                        content -> named(() -> Manifest.parse(utf8(content)))),
                Reader.of("zip", List.of(zip()), List.of("PK"), content -> named(() -> Archives.unzip(content))),
                Reader.of("tar", List.of(tar()), List.of("ustar"), content -> named(() -> Archives.untar(content))),
                Reader.of(
                        "chorales",
                        List.of(Reader.bytes("{\"train\": [[[60, 64], [-1, 62], []]], \"valid\": [], \"test\": []}")),
                        List.of("[[", "]]", "-1", "\"train\":"),
                        content -> named(() -> Chorales.parse(utf8(content)))),
                Reader.of(
                        "json",
                        List.of(Reader.bytes("{\"a\": [1, -2.5e3, true, null, \"\\u00e9\\n\"], \"b\": {}}")),
                        List.of("[[[[[[[[", "{\"a\":", "\\ud83d", "1e400", "-"),
                        content -> named(() -> Json.parse(utf8(content)))));
    }

    private static byte[] sealed(byte[] content) {
        String text = utf8(content);
        int last = text.lastIndexOf("end ");
        String before = last < 0 ? text + "\n" : text.substring(0, last);
        CRC32 crc = new CRC32();
        crc.update(Reader.bytes(before));
        return Reader.bytes(before + String.format(Locale.ROOT, "end %08x\n", crc.getValue()));
    }

    /** As text that was decoded before the reader gets it. */
    private static String utf8(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }

    private static byte[] zip() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry("folder/été.txt"));
            out.write(Reader.bytes("text"));
            out.putNextEntry(new ZipEntry("b"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] tar() {
        byte[] blocks = new byte[3 * 512];
        put(blocks, 0, "folder/a.txt");
        put(blocks, 124, "00000000004");
        put(blocks, 156, "0");
        put(blocks, 257, "ustar");
        put(blocks, 512, "text");
        return blocks;
    }

    private static void put(byte[] blocks, int at, String text) {
        System.arraycopy(Reader.bytes(text), 0, blocks, at, text.length());
    }

    /** Reads, with the name of the file that a caller further out adds to a refusal. */
    private static void named(Callable<?> reads) throws Exception {
        try {
            reads.call();
        } catch (IllegalArgumentException e) {
            throw Sealed.named(e);
        } catch (IOException e) { // of an archive, which Dataset names
            throw Sealed.named(new IllegalArgumentException("archive: " + e.getMessage(), e));
        }
    }

    /** All bytes, two merges and a special token. */
    private static String byteLevel() {
        StringBuilder vocab = new StringBuilder();
        for (int b = 0; b < 256; b++) { // the letters of bytes: those that can be seen, then 256 and on
            boolean seen = b > 32 && b < 127 || b > 160 && b != 173;
            int hidden = b <= 32 ? b : b < 161 ? 33 + b - 127 : 67;
            int letter = seen ? b : 256 + hidden;
            vocab.append(String.format("\"\\u%04x\": %d, ", letter, b));
        }
        return "{\"added_tokens\": [{\"id\": 258, \"content\": \"<end>\", \"single_word\": false, \"lstrip\": false,"
                + " \"rstrip\": false, \"normalized\": false, \"special\": true}], \"normalizer\": null,"
                + " \"pre_tokenizer\": {\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true,"
                + " \"use_regex\": true}, \"post_processor\": null, \"model\": {\"type\": \"BPE\", \"dropout\": null,"
                + " \"byte_fallback\": false, \"ignore_merges\": false, \"continuing_subword_prefix\": \"\","
                + " \"end_of_word_suffix\": \"\", \"vocab\": {" + vocab + "\"\\u0120a\": 256, \"lo\": 257},"
                + " \"merges\": [\"\\u0120 a\", [\"l\", \"o\"]]}}";
    }
}
