package org.carousel.data.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;

/** What is said and what is held back, and that every question has one answer. */
class FactCorpusTest {
    private final FactCorpus corpus = FactCorpus.english(0.25, RandomStream.of(1));
    private final List<String> sentences = corpus.sentences(30_000, RandomStream.of(2));

    @Test
    void aSeedRepeatsTheCorpus() {
        FactCorpus same = FactCorpus.english(0.25, RandomStream.of(1));
        assertEquals(sentences, same.sentences(30_000, RandomStream.of(2)));
        assertEquals(corpus.questions(), same.questions());
        assertNotEquals(
                corpus.questions(), FactCorpus.english(0.25, RandomStream.of(3)).questions());
        assertNotEquals(sentences, corpus.sentences(30_000, RandomStream.of(3)));
    }

    @Test
    void sentencesUseTheWholeVocabularyAndNothingElse() {
        Set<String> used = sentences.stream()
                .flatMap(sentence -> Arrays.stream(sentence.split(" ", -1)))
                .collect(Collectors.toSet());
        assertEquals(new HashSet<>(corpus.vocabulary()), used);
        assertTrue(corpus.vocabulary().stream().allMatch(word -> word.matches("[a-z]+")), "small letters only");
    }

    @Test
    void heldOutPairsStandInNoSentenceAndStatedOnesDo() {
        Set<String> together = new HashSet<>();
        for (String sentence : sentences) {
            List<String> words = List.of(sentence.split(" "));
            for (String a : words) {
                for (String b : words) {
                    together.add(a + " " + b);
                }
            }
        }
        int questions = 0;
        for (String line : corpus.questions()) {
            if (!line.startsWith(":")) {
                String[] words = line.split(" ");
                assertTrue(together.contains(words[0] + " " + words[1]), line);
                assertFalse(together.contains(words[2] + " " + words[3]), line);
                questions++;
            }
        }
        assertTrue(questions > 300, questions + " questions");
        for (String line : corpus.statedQuestions()) {
            String[] words = line.split(" ");
            assertTrue(line.startsWith(":") || together.contains(words[2] + " " + words[3]), line);
        }
    }

    @Test
    void everyQuestionHasOneAnswer() {
        Map<String, String> answers = new HashMap<>();
        Map<String, String> things = new HashMap<>();
        String relation = "";
        List<String> lines = new java.util.ArrayList<>(corpus.questions());
        lines.addAll(corpus.statedQuestions());
        for (String line : lines) {
            if (line.startsWith(":")) {
                relation = line;
            } else {
                String[] words = line.split(" ");
                for (int k = 0; k < 4; k += 2) {
                    String answer = answers.putIfAbsent(relation + words[k], words[k + 1]);
                    assertTrue(answer == null || answer.equals(words[k + 1]), line);
                    String thing = things.putIfAbsent(relation + words[k + 1], words[k]);
                    assertTrue(thing == null || thing.equals(words[k]), line);
                }
                assertEquals(4, Set.of(words).size(), line);
            }
        }
        assertEquals("paris", answers.get(": country-capital" + "france"));
        assertEquals("yen", answers.get(": country-currency" + "japan"));
        assertEquals("wrote", answers.get(": present-past" + "write"));
        assertFalse(answers.containsValue("euro"), "shared by several countries");
        assertFalse(answers.containsValue("arabic"), "shared by several countries");
    }

    @Test
    void noWordHasTwoMeanings() {
        Map<String, String> owners = new HashMap<>();
        for (Facts.Family family : Facts.FAMILIES) {
            for (int thing = 0; thing < family.things().length; thing++) {
                assertEquals(family.roles().size(), family.things()[thing].length, family.things()[thing][0]);
                assertEquals(2, family.marks()[thing].length, family.things()[thing][0]);
                for (String mark : family.marks()[thing]) {
                    String before = owners.put(mark, family.name() + thing);
                    assertEquals(null, before, mark);
                }
                for (int role = 0; role < family.roles().size(); role++) {
                    String kind = family.name() + " " + family.roles().get(role);
                    String before = owners.put(family.things()[thing][role], kind);
                    assertTrue(before == null || before.equals(kind), family.things()[thing][role]);
                }
            }
            assertEquals(family.roles().size(), family.about().length);
            assertEquals(family.roles().size(), family.statements().length);
        }
        for (Facts.Group group : Facts.GROUPS) {
            for (String word : group.words()) {
                assertEquals(null, owners.put(word, group.name()), word);
            }
        }
        for (Facts.Family family : Facts.FAMILIES) { // nor is it a word of the templates
            for (String[] templates : family.about()) {
                for (String word : String.join(" ", templates).split(" ")) {
                    assertFalse(owners.containsKey(word), word);
                }
            }
        }
    }

    @Test
    void theShareDecidesHowManyPairsAreHeldOut() {
        assertEquals(
                0,
                FactCorpus.english(0, RandomStream.of(1)).questions().stream()
                        .filter(line -> !line.startsWith(":"))
                        .count());
        for (double share : new double[] {0.25, 0.5, 0.9}) {
            List<String> questions =
                    FactCorpus.english(share, RandomStream.of(1)).questions();
            long capitals = questions.stream()
                    .skip(1)
                    .takeWhile(line -> !line.startsWith(":"))
                    .map(line -> line.split(" ")[2])
                    .distinct()
                    .count();
            assertEquals(Math.round(share * corpus.groups().get("capital").size()), capitals);
        }
        assertThrows(IllegalArgumentException.class, () -> FactCorpus.english(0.95, RandomStream.of(1)));
        assertThrows(IllegalArgumentException.class, () -> FactCorpus.english(Double.NaN, RandomStream.of(1)));
        assertThrows(IllegalArgumentException.class, () -> corpus.sentences(0, RandomStream.of(1)));
    }

    @Test
    void aStrangerIsOfAnotherKind() {
        RandomStream random = RandomStream.of(5);
        for (int n = 0; n < 200; n++) {
            List<String> words = corpus.withStranger(random);
            assertEquals(5, new HashSet<>(words).size());
            long kinds = corpus.groups().values().stream()
                    .filter(kind -> kind.containsAll(words.subList(0, 4)))
                    .peek(kind -> assertFalse(kind.contains(words.get(4)), words.toString()))
                    .count();
            assertEquals(1, kinds, words.toString());
        }
    }
}
