package org.carousel.data.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;

class AgreementGrammarTest {
    private static final AgreementGrammar GRAMMAR = AgreementGrammar.english(3);

    @Test
    void acceptsHandWrittenSentences() {
        for (String s : new String[] {
            "the leaves of the banyan tree are green",
            "the leaf of the banyan trees is green",
            "the banyan tree was old",
            "the child near the boats beside the rivers behind the house looks quiet",
            "the keys below the window of the garden gate near the river of the teacher remain wet"
        }) {
            assertTrue(GRAMMAR.accepts(s), s);
        }
        for (String s : new String[] {
            "",
            " ",
            "the",
            "the leaves of the banyan tree is green",
            "the leaf of the banyan trees are green",
            "leaf is green",
            "the leaf is",
            "the leaf green",
            "the leaf is green green",
            "the leaf of is green",
            "the leaf of the is green",
            "the leaf of tree is green",
            "the leaf the tree is green",
            "the banyan is green",
            "the tree is green",
            "the banyan leaf is green",
            "the leaf is old is",
            "The leaf is green",
            "the leaf  is green",
            "the leaf is green ",
            "the cat is green"
        }) {
            assertFalse(GRAMMAR.accepts(s), s);
        }
    }

    @Test
    void generatedSentencesAgree() {
        RandomStream random = RandomStream.of(1);
        int plural = 0;
        int[] attractors = new int[4];
        for (int n = 0; n < 2000; n++) {
            AgreementGrammar.Sentence s = GRAMMAR.generate(random);
            assertTrue(GRAMMAR.accepts(s.text()), s.text());
            assertEquals(s.verb(), s.words().get(s.verbAt()));
            assertEquals(s.words().size() - 2, s.verbAt());
            List<String> wrong = new ArrayList<>(s.words());
            wrong.set(s.verbAt(), s.wrongVerb());
            assertFalse(GRAMMAR.accepts(String.join(" ", wrong)), wrong.toString());
            for (int t = 0; t < s.tokens().length; t++) {
                assertEquals(s.words().get(t), GRAMMAR.vocabulary().get(s.tokens()[t]));
                if (t != s.verbAt()) {
                    wrong = new ArrayList<>(s.words());
                    wrong.remove(t);
                    assertFalse(GRAMMAR.accepts(String.join(" ", wrong)), wrong.toString());
                }
            }
            List<Boolean> numbers = numbersOfNouns(s);
            assertEquals(s.plural(), numbers.get(0));
            assertEquals(
                    s.attractors(),
                    numbers.stream().filter(p -> p != s.plural()).count());
            plural += s.plural() ? 1 : 0;
            attractors[s.attractors()]++;
        }
        assertEquals(1000, plural, 115);
        // 0: (1 + 1/2 + 1/4 + 1/8)/4, 3: (1/8)/4
        assertEquals(2000 * 15 / 32.0, attractors[0], 115);
        assertEquals(2000 / 32.0, attractors[3], 40);
    }

    @Test
    void difficultyCanBeChosen() {
        RandomStream random = RandomStream.of(2);
        Set<List<Boolean>> patterns = new HashSet<>();
        for (int phrases = 0; phrases <= 4; phrases++) {
            for (int attractors = 0; attractors <= phrases; attractors++) {
                for (int n = 0; n < 50; n++) {
                    AgreementGrammar.Sentence s = GRAMMAR.generate(random, phrases, attractors);
                    assertTrue(GRAMMAR.accepts(s.text()), s.text());
                    assertEquals(attractors, s.attractors());
                    List<Boolean> numbers = numbersOfNouns(s);
                    assertEquals(phrases + 1, numbers.size());
                    assertEquals(
                            attractors,
                            numbers.stream().filter(p -> p != s.plural()).count());
                    patterns.add(numbers);
                }
            }
        }
        assertEquals(2 + 4 + 8 + 16 + 32, patterns.size(), "every pattern of numbers occurs");
    }

    @Test
    void nounsAndTheirNumbersAreTold() {
        RandomStream random = RandomStream.of(5);
        for (int phrases = 0; phrases <= 3; phrases++) {
            for (int n = 0; n < 50; n++) {
                AgreementGrammar.Sentence s = GRAMMAR.generate(random, phrases, phrases);
                assertEquals(phrases + 1, s.nounsAt().size(), s.text());
                for (int k = 0; k <= phrases; k++) {
                    int number = GRAMMAR.number(s.words().get(s.nounsAt().get(k)));
                    assertEquals((k == 0) == s.plural() ? 1 : -1, number, s.text() + ", noun " + k);
                }
                assertEquals(s.plural() ? 1 : -1, GRAMMAR.number(s.verb()));
                assertEquals(s.plural() ? -1 : 1, GRAMMAR.number(s.wrongVerb()));
            }
        }
        for (String word : new String[] {"the", "of", "below", "green", "banyan", "garden"}) {
            assertEquals(0, GRAMMAR.number(word), word);
        }
        assertEquals(1, GRAMMAR.number("trees"));
        assertEquals(-1, GRAMMAR.number("gate"));
        Check.fails("number: \"cat\" is not one of the 44 words of the grammar", () -> GRAMMAR.number("cat"));
    }

    @Test
    void vocabularyIsSortedAndAllUsed() {
        List<String> vocabulary = GRAMMAR.vocabulary();
        assertEquals(vocabulary.stream().sorted().distinct().toList(), vocabulary);
        Set<String> seen = new HashSet<>();
        RandomStream random = RandomStream.of(3);
        for (int n = 0; n < 1000; n++) {
            seen.addAll(GRAMMAR.generate(random).words());
        }
        assertEquals(Set.copyOf(vocabulary), seen);
    }

    @Test
    void batchHoldsTheBeginnings() {
        Classification c = GRAMMAR.batch(RandomStream.of(4), 30);
        RandomStream again = RandomStream.of(4);
        assertEquals(GRAMMAR.vocabulary().size(), c.x().size(2));
        for (int b = 0; b < 30; b++) {
            AgreementGrammar.Sentence s = GRAMMAR.generate(again);
            assertEquals(s.verbAt(), c.lengths()[b]);
            assertEquals(s.plural() ? 1 : 0, c.labels()[b]);
            int[] tokens = Check.symbols(c.x(), b, c.lengths()[b]);
            for (int t = 0; t < tokens.length; t++) {
                assertEquals(s.tokens()[t], tokens[t]);
            }
            assertNotEquals(s.verb(), s.wrongVerb());
        }
    }

    @Test
    void seedsAreReproducible() {
        Check.reproducible("37101162", random -> Check.parts(GRAMMAR.batch(random, 16)));
        Check.reproducible("200d669b", random ->
                new Object[] {GRAMMAR.generate(random, 3, 2).text()});
    }

    @Test
    void badArgumentsAreNamed() {
        Check.fails(
                "agreement grammar: phrases -1 must be in 0..1024 (phrases like \"of the tree\")",
                () -> AgreementGrammar.english(-1));
        Check.fails(
                "generate: attractors 3 must be in 0..2 (each phrase has one noun)",
                () -> GRAMMAR.generate(RandomStream.of(1), 2, 3));
        Check.fails(
                "generate: phrases -1 must be in 0..1024 (phrases like \"of the tree\")",
                () -> GRAMMAR.generate(RandomStream.of(1), -1, 0));
        Check.fails(
                "batch: batch 0 must be at least 1 (the number of sequences)",
                () -> GRAMMAR.batch(RandomStream.of(1), 0));
    }

    /** Number of each noun, by how English spells it: all plurals of this grammar end in s, but for "children". */
    private static List<Boolean> numbersOfNouns(AgreementGrammar.Sentence sentence) {
        List<Boolean> numbers = new ArrayList<>();
        for (String phrase : String.join(" ", sentence.words().subList(0, sentence.verbAt()))
                .split(" (of|near|behind|beside|below) ", -1)) {
            numbers.add(phrase.endsWith("s") || phrase.endsWith("children"));
        }
        return numbers;
    }
}
