package org.carousel.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Sentences with the part of speech of every word: the three parts of a Universal Dependencies treebank.
 *
 * @param training what may be learned from
 * @param development for choices on the way
 * @param test what is asked at the end
 */
public record TaggedSentences(List<Sentence> training, List<Sentence> development, List<Sentence> test) {
    /**
     * A sentence.
     *
     * @param words as they are written
     * @param universal a universal tag for each: NOUN, VERB, ..
     * @param penn a tag of the Penn Treebank for each: NN, VBZ, ..
     */
    public record Sentence(List<String> words, List<String> universal, List<String> penn) {
        /** Checks that every word has its tags. */
        public Sentence {
            if (words.size() != universal.size() || words.size() != penn.size()) {
                throw new IllegalArgumentException("sentence: " + words.size() + " words with " + universal.size()
                        + " universal tags and " + penn.size() + " tags of the Penn Treebank");
            }
            words = List.copyOf(words);
            universal = List.copyOf(universal);
            penn = List.copyOf(penn);
        }
    }

    /**
     * The English Web Treebank, {@link Datasets#udEwt}: 12,544, 2,001 and 2,077 sentences.
     *
     * @throws DatasetException when a file cannot be had or read, or a line is malformed
     */
    public static TaggedSentences of(Dataset treebank) {
        return new TaggedSentences(part(treebank, "train"), part(treebank, "dev"), part(treebank, "test"));
    }

    private static List<Sentence> part(Dataset treebank, String part) {
        String file = treebank.fileNames().stream()
                .filter(f -> f.matches(".*-" + part + "\\.(tsv|conllu)"))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("tagged sentences: the set " + treebank.name()
                        + " has no part \"" + part + "\" among " + treebank.fileNames()));
        List<String> lines = treebank.lines(file);
        String name = treebank.name() + "/" + file;
        return file.endsWith(".conllu")
                ? ConllU.parse(lines, name).stream().map(ConllU::tagged).toList()
                : columns(lines, name);
    }

    /** Reads lines of word, universal tag and Penn tag with tabs between them, an empty line after each sentence. */
    static List<Sentence> columns(List<String> lines, String name) {
        List<Sentence> sentences = new ArrayList<>();
        List<String[]> open = new ArrayList<>();
        for (int n = 0; n <= lines.size(); n++) {
            String line = n < lines.size() ? lines.get(n) : "";
            if (!line.isEmpty()) {
                String[] columns = line.split("\t", -1);
                if (columns.length != 3) {
                    throw new DatasetException(
                            name + " line " + (n + 1) + ": " + columns.length + " columns instead of 3", null);
                }
                open.add(columns);
            } else if (!open.isEmpty()) {
                sentences.add(new Sentence(column(open, 0), column(open, 1), column(open, 2)));
                open.clear();
            }
        }
        return List.copyOf(sentences);
    }

    private static List<String> column(List<String[]> rows, int column) {
        return rows.stream().map(row -> row[column]).toList();
    }
}
