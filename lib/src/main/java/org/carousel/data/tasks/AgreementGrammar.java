package org.carousel.data.tasks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.carousel.tensor.RandomStream;

/**
 * Agreement of subject and verb over nouns that stand between them: "the leaves of the banyan tree are green".
 *
 * <p>Tests whether a network follows the structure of a sentence or the last noun it has seen. The sentences are
 *
 * <pre>
 * sentence → noun phrase, (preposition, noun phrase)*, verb, adjective        noun phrase → the, noun
 * </pre>
 *
 * <p>The verb agrees in number with the first noun. A later noun of the other number is an attractor: it pulls towards
 * the wrong form. A noun may be of two words, of which the second carries the number.
 *
 * <p>Source: after Linzen, Dupoux and Goldberg, Assessing the ability of LSTMs to learn syntax-sensitive dependencies,
 * Transactions of the ACL 4, 2016, who take sentences from Wikipedia; this small grammar has no sense, only form.
 */
public final class AgreementGrammar {
    private static final String[][] NOUNS = { // singular, plural
        {"leaf", "leaves"},
        {"banyan tree", "banyan trees"},
        {"child", "children"},
        {"key", "keys"},
        {"garden gate", "garden gates"},
        {"boat", "boats"},
        {"river", "rivers"},
        {"house", "houses"},
        {"teacher", "teachers"},
        {"window", "windows"}
    };
    private static final String[][] VERBS = {
        {"is", "are"}, {"was", "were"}, {"looks", "look"}, {"seems", "seem"}, {"remains", "remain"}
    };
    private static final List<String> PREPOSITIONS = List.of("of", "near", "behind", "beside", "below");
    private static final List<String> ADJECTIVES = List.of("green", "old", "quiet", "bright", "small", "wet");
    private static final String THE = "the";
    private static final int MOST_PHRASES = 1 << 10;
    private static final List<String> VOCABULARY = Stream.of(
                    Stream.of(NOUNS, VERBS).flatMap(Arrays::stream).flatMap(Arrays::stream),
                    PREPOSITIONS.stream(),
                    ADJECTIVES.stream(),
                    Stream.of(THE))
            .flatMap(words -> words)
            .flatMap(words -> words(words).stream())
            .sorted()
            .distinct()
            .toList();

    private final int phrases;

    private AgreementGrammar(int phrases) {
        this.phrases = phrases;
    }

    /**
     * A sentence.
     *
     * @param words all its words, in small letters
     * @param tokens the index of each word in {@link AgreementGrammar#vocabulary()}
     * @param verbAt where the verb stands, counted from 0; the words before it decide its form
     * @param verb the right form, which is {@code words.get(verbAt)}
     * @param wrongVerb the form of the other number
     * @param plural whether the subject is plural
     * @param attractors how many nouns between subject and verb have the other number
     */
    public record Sentence(
            List<String> words,
            int[] tokens,
            int verbAt,
            String verb,
            String wrongVerb,
            boolean plural,
            int attractors) {
        /** The words with spaces between them. */
        public String text() {
            return String.join(" ", words);
        }

        /**
         * Where the nouns stand, counted from 0: the first is the subject. Of a noun of two words it is the second one,
         * which carries the number.
         */
        public List<Integer> nounsAt() {
            return IntStream.range(0, verbAt)
                    .filter(t -> t + 1 == verbAt || PREPOSITIONS.contains(words.get(t + 1)))
                    .boxed()
                    .toList();
        }
    }

    /**
     * Sentences with up to so many prepositional phrases between subject and verb.
     *
     * @param phrases the largest number of phrases, in 0..1024; each number from 0 on is equally likely
     * @throws IllegalArgumentException when the number is out of range
     */
    public static AgreementGrammar english(int phrases) {
        Require.inRange("agreement grammar", "phrases", phrases, 0, MOST_PHRASES, "phrases like \"of the tree\"");
        return new AgreementGrammar(phrases);
    }

    /** All words of the grammar, sorted. */
    public List<String> vocabulary() {
        return VOCABULARY;
    }

    /**
     * The number that a word carries: 1 for a plural noun or verb, -1 for a singular one, 0 for every other word, among
     * them the first word of a noun of two.
     *
     * @throws IllegalArgumentException when it is no word of the grammar
     */
    public int number(String word) {
        if (!VOCABULARY.contains(word)) {
            throw new IllegalArgumentException(
                    "number: \"" + word + "\" is not one of the " + VOCABULARY.size() + " words of the grammar");
        }
        return Stream.of(NOUNS, VERBS)
                .flatMap(Arrays::stream)
                .mapToInt(forms -> ends(forms[1], word) ? 1 : ends(forms[0], word) ? -1 : 0)
                .filter(number -> number != 0)
                .findFirst()
                .orElse(0);
    }

    private static boolean ends(String form, String word) {
        return form.equals(word) || form.endsWith(" " + word);
    }

    /** A sentence; each noun is singular or plural with equal chance. */
    public Sentence generate(RandomStream random) {
        boolean[] plural = new boolean[1 + random.nextInt(phrases + 1)];
        for (int n = 0; n < plural.length; n++) {
            plural[n] = random.nextBoolean();
        }
        return sentence(random, plural);
    }

    /**
     * A sentence of a given difficulty; which of the nouns are attractors is drawn.
     *
     * @param phrases how many prepositional phrases, in 0..1024
     * @param attractors how many of their nouns differ from the subject in number, in 0..phrases
     * @throws IllegalArgumentException when one is out of range
     */
    public Sentence generate(RandomStream random, int phrases, int attractors) {
        Require.inRange("generate", "phrases", phrases, 0, MOST_PHRASES, "phrases like \"of the tree\"");
        Require.inRange("generate", "attractors", attractors, 0, phrases, "each phrase has one noun");
        boolean[] plural = new boolean[1 + phrases];
        Arrays.fill(plural, random.nextBoolean());
        int[] order = random.permutation(phrases);
        for (int n = 0; n < attractors; n++) {
            plural[1 + order[n]] ^= true;
        }
        return sentence(random, plural);
    }

    /**
     * The beginnings of sentences, up to the word before the verb, to be classified by the form the verb must have.
     *
     * @param batch B, at least 1
     * @return x one-hot words [B×T×V]; labels 0 singular, 1 plural
     * @throws IllegalArgumentException when the batch is empty
     */
    public Classification batch(RandomStream random, int batch) {
        int[][] beginnings = new int[Require.batch("batch", batch)][];
        int[] labels = new int[batch];
        for (int b = 0; b < batch; b++) {
            Sentence sentence = generate(random);
            beginnings[b] = Arrays.copyOf(sentence.tokens(), sentence.verbAt());
            labels[b] = sentence.plural() ? 1 : 0;
        }
        return new Classification(Padding.oneHot(beginnings, VOCABULARY.size()), labels, Padding.lengths(beginnings));
    }

    /** Whether these words, with spaces between them, are a sentence whose verb agrees with its subject. */
    public boolean accepts(String text) {
        List<String> words = words(text);
        int number = nounPhrase(words, 0);
        int at = end(words, 0);
        while (number >= 0 && at < words.size() && PREPOSITIONS.contains(words.get(at))) {
            if (nounPhrase(words, at + 1) < 0) {
                return false;
            }
            at = end(words, at + 1);
        }
        return number >= 0
                && at == words.size() - 2
                && Arrays.stream(VERBS).anyMatch(verb -> verb[number].equals(words.get(words.size() - 2)))
                && ADJECTIVES.contains(words.get(at + 1));
    }

    private static Sentence sentence(RandomStream random, boolean... plural) {
        List<String> words = new ArrayList<>();
        int attractors = 0;
        for (int n = 0; n < plural.length; n++) {
            if (n > 0) {
                words.add(PREPOSITIONS.get(random.nextInt(PREPOSITIONS.size())));
            }
            words.add(THE);
            words.addAll(words(NOUNS[random.nextInt(NOUNS.length)][plural[n] ? 1 : 0]));
            attractors += plural[n] == plural[0] ? 0 : 1;
        }
        String[] verb = VERBS[random.nextInt(VERBS.length)];
        int verbAt = words.size();
        words.add(verb[plural[0] ? 1 : 0]);
        words.add(ADJECTIVES.get(random.nextInt(ADJECTIVES.size())));
        int[] tokens = words.stream().mapToInt(VOCABULARY::indexOf).toArray();
        return new Sentence(
                List.copyOf(words), tokens, verbAt, words.get(verbAt), verb[plural[0] ? 0 : 1], plural[0], attractors);
    }

    /** 0 for "the" and a singular noun at this place, 1 for a plural one, −1 for anything else. */
    private static int nounPhrase(List<String> words, int at) {
        if (at < words.size() && words.get(at).equals(THE)) {
            String noun = String.join(" ", words.subList(at + 1, end(words, at)));
            for (String[] forms : NOUNS) {
                for (int number = 0; number < 2; number++) {
                    if (forms[number].equals(noun)) {
                        return number;
                    }
                }
            }
        }
        return -1;
    }

    /** Where the noun phrase ends that begins at this place: behind its noun of one or two words. */
    private static int end(List<String> words, int at) {
        boolean two = at + 1 < words.size()
                && Arrays.stream(NOUNS).anyMatch(forms -> forms[0].startsWith(words.get(at + 1) + " "));
        return Math.min(words.size(), at + (two ? 3 : 2));
    }

    private static List<String> words(String text) {
        return Arrays.asList(text.split(" ", -1));
    }
}
