package org.carousel.data.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;

class TextTaskTest {
    @Test
    void aDateInAllItsSpellings() {
        List<TextPair> all = DateSpellings.all(LocalDate.of(1997, 5, 3));
        assertEquals(
                List.of(
                        "3 May 1997",
                        "3 May 1997",
                        "May 3, 1997",
                        "May 3, 1997",
                        "Saturday, 3 May 1997",
                        "Saturday, May 3rd 1997",
                        "3rd of May 1997",
                        "the 3rd of May, 1997",
                        "1997, MAY 3",
                        "03.05.1997",
                        "3.5.97",
                        "3/5/1997",
                        "3/5/97",
                        "3-may-97"),
                all.stream().map(TextPair::source).toList());
        assertTrue(all.stream().allMatch(pair -> pair.target().equals("1997-05-03")));
        assertEquals(
                "Wednesday, December 22nd 2027",
                DateSpellings.all(LocalDate.of(2027, 12, 22)).get(5).source());
        for (String ordinal : List.of("1st", "11th", "12th", "13th", "21st", "23rd", "30th")) {
            int day = Integer.parseInt(ordinal.replaceAll("\\D", ""));
            assertEquals(
                    ordinal + " of January 2000",
                    DateSpellings.all(LocalDate.of(2000, 1, day)).get(6).source());
        }
        Check.fails(
                "date spellings: 2050-01-01 is outside 1950..2049", () -> DateSpellings.all(LocalDate.of(2050, 1, 1)));
    }

    @Test
    void heldOutDatesAreNeverTrained() {
        Set<String> trained = targets(DateSpellings.training(RandomStream.of(1), 30_000));
        Set<String> heldOut = targets(DateSpellings.heldOut(RandomStream.of(2), 3_000));
        assertTrue(trained.size() > 15_000, "many days: " + trained.size());
        assertTrue(heldOut.size() > 1_000, "many days: " + heldOut.size());
        heldOut.retainAll(trained);
        assertTrue(heldOut.isEmpty());
    }

    private static Set<String> targets(List<TextPair> pairs) {
        return pairs.stream().map(TextPair::target).collect(Collectors.toCollection(HashSet::new));
    }

    @Test
    void numbersInWords() {
        assertEquals("zero", NumberWords.words(0));
        assertEquals("nineteen", NumberWords.words(19));
        assertEquals("twenty", NumberWords.words(20));
        assertEquals("ninety nine", NumberWords.words(99));
        assertEquals("one hundred", NumberWords.words(100));
        assertEquals("three hundred and seven", NumberWords.words(307));
        assertEquals("one thousand", NumberWords.words(1000));
        assertEquals("one thousand and one", NumberWords.words(1001));
        assertEquals("forty two thousand three hundred and seven", NumberWords.words(42307));
        assertEquals("nine hundred and ninety nine thousand nine hundred and ninety nine", NumberWords.words(999_999));
        Set<String> all = new HashSet<>();
        for (int n = 0; n < 1_000_000; n += 7) {
            assertTrue(all.add(NumberWords.words(n)), "no two numbers have the same words: " + n);
        }
        Check.fails(
                "number words: number 1000000 must be in 0..999999 (six digits at most)",
                () -> NumberWords.words(1_000_000));
    }

    @Test
    void numbersOfAllLengthsAndAHeldOutTenth() {
        List<TextPair> training = NumberWords.training(RandomStream.of(3), 20_000);
        List<TextPair> heldOut = NumberWords.heldOut(RandomStream.of(4), 2_000);
        for (TextPair pair : training) {
            assertEquals(NumberWords.words(Integer.parseInt(pair.target())), pair.source());
        }
        long[] byLength = new long[7];
        training.forEach(pair -> byLength[pair.target().length()]++);
        for (int digits = 1; digits <= 6; digits++) {
            assertEquals(20_000 / 6.0, byLength[digits], 500, digits + " digits: " + Arrays.toString(byLength));
        }
        Set<String> seen = targets(training);
        assertTrue(heldOut.stream().noneMatch(pair -> seen.contains(pair.target())));
        assertTrue(heldOut.stream().allMatch(pair -> pair.target().length() > 2));
    }

    @Test
    void scenesShowWhatTheirSentencesSay() {
        ShapeScenes.Batch scenes = ShapeScenes.batch(RandomStream.of(5), 300);
        assertEquals("[300×16×16×1]", scenes.images().shapeText());
        Set<String> words = new HashSet<>();
        for (int b = 0; b < 300; b++) {
            String caption = scenes.captions().get(b);
            words.addAll(List.of(caption.split(" ")));
            boolean across = caption.contains(" left of ");
            assertTrue(across != caption.contains(" above "), caption);
            // along the direction of the sentence there is an empty line between the shapes
            float[] brightest = new float[ShapeScenes.SIZE];
            for (int r = 0; r < ShapeScenes.SIZE; r++) {
                for (int c = 0; c < ShapeScenes.SIZE; c++) {
                    int line = across ? c : r;
                    brightest[line] = Math.max(brightest[line], scenes.images().get(b, r, c, 0));
                }
            }
            StringBuilder lines = new StringBuilder();
            for (float value : brightest) {
                lines.append(value > 0.8 ? 'B' : value > 0.3 ? 'd' : '.');
            }
            String shapes = lines.toString().replaceAll("\\.+", " ").strip();
            String[] parts = shapes.split(" ", -1);
            assertEquals(2, parts.length, caption + ": " + lines);
            String[] halves = caption.split(across ? " left of " : " above ", -1);
            for (int k = 0; k < 2; k++) {
                assertEquals(halves[k].contains("dark"), !parts[k].contains("B"), caption + ": " + lines);
                assertEquals(halves[k].contains("big") ? 7 : 4, parts[k].length(), caption + ": " + lines);
            }
        }
        assertEquals(
                Set.of("a", "big", "small", "dark", "square", "disc", "cross", "triangle", "left", "of", "above"),
                words);
        assertFalse(scenes.captions().stream().distinct().count() < 100, "many different sentences");
    }

    @Test
    void theSameSeedGivesTheSame() {
        Check.reproducible("498d765b", random -> new Object[] {
            DateSpellings.training(random, 50).toString(),
            NumberWords.heldOut(random, 50).toString(),
            ShapeScenes.batch(random, 3).images()
        });
    }
}
