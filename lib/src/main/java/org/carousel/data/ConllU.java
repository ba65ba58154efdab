package org.carousel.data;

import java.util.ArrayList;
import java.util.List;

/**
 * A sentence of a treebank in the format CoNLL-U: ten columns with tabs between them, a line per word.
 *
 * <p>Read are the words of the syntax, numbered 1, 2, ..: neither the lines of what is written together ({@code 1-2
 * don't}) nor the empty nodes of the enhanced dependencies ({@code 8.1}). {@code _} in a column means that nothing is
 * said there, and reads as itself.
 *
 * <p>Source: Universal Dependencies, version 2 of the format.
 *
 * @param comments the lines that begin with {@code #}, without it
 * @param words in their order
 */
public record ConllU(List<String> comments, List<Word> words) {
    private static final int COLUMNS = 10;

    /**
     * A word.
     *
     * @param form as it is written
     * @param lemma its dictionary form
     * @param universal the universal part of speech, UPOS
     * @param language the language's own tag, XPOS
     * @param features {@code Number=Sing|Person=3}
     * @param head the number of the word it hangs on, from 1; 0 for the root
     * @param relation how it hangs on it
     */
    public record Word(
            String form, String lemma, String universal, String language, String features, int head, String relation) {}

    /** Copies the lists. */
    public ConllU {
        comments = List.copyOf(comments);
        words = List.copyOf(words);
    }

    /** The words with their parts of speech alone. */
    public TaggedSentences.Sentence tagged() {
        return new TaggedSentences.Sentence(
                words.stream().map(Word::form).toList(),
                words.stream().map(Word::universal).toList(),
                words.stream().map(Word::language).toList());
    }

    /**
     * Reads the sentences of a file.
     *
     * @param name of the file, for messages
     * @throws DatasetException when a line is malformed; the message names it
     */
    public static List<ConllU> parse(List<String> lines, String name) {
        List<ConllU> sentences = new ArrayList<>();
        List<String> comments = new ArrayList<>();
        List<Word> words = new ArrayList<>();
        for (int n = 0; n <= lines.size(); n++) {
            String line = n < lines.size() ? lines.get(n) : "";
            if (line.startsWith("#")) {
                comments.add(line.substring(1).strip());
            } else if (!line.isEmpty()) {
                read(line, name + " line " + (n + 1), words);
            } else if (!words.isEmpty()) {
                requireHeads(words, name + ": the sentence before line " + (n + 1));
                sentences.add(new ConllU(comments, words));
                comments.clear();
                words.clear();
            }
        }
        return List.copyOf(sentences);
    }

    private static void read(String line, String where, List<Word> words) {
        String[] columns = line.split("\t", -1);
        if (columns.length != COLUMNS) {
            throw new DatasetException(where + ": " + columns.length + " columns instead of " + COLUMNS, null);
        }
        if (columns[0].matches("\\d+[-.]\\d+")) {
            return; // written together, or an empty node
        }
        if (!columns[0].equals(Integer.toString(words.size() + 1))) {
            throw new DatasetException(
                    where + ": word number '" + columns[0] + "' where " + (words.size() + 1) + " was due", null);
        }
        if (!columns[6].matches("\\d{1,6}")) {
            throw new DatasetException(where + ": head '" + columns[6] + "' is not a number", null);
        }
        words.add(new Word(
                columns[1], columns[2], columns[3], columns[4], columns[5], Integer.parseInt(columns[6]), columns[7]));
    }

    private static void requireHeads(List<Word> words, String where) {
        for (Word word : words) {
            if (word.head() > words.size()) {
                throw new DatasetException(
                        where + " has " + words.size() + " words, and a head of number " + word.head(), null);
            }
        }
    }
}
