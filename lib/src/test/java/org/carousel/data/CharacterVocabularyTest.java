package org.carousel.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class CharacterVocabularyTest {
    @Test
    void charactersAreNumberedInCodePointOrder() {
        CharacterVocabulary vocabulary = CharacterVocabulary.of("banana\nBob");
        assertEquals("\nBabno", vocabulary.characters());
        assertEquals(6, vocabulary.size());
        assertArrayEquals(new int[] {3, 2, 4, 2, 4, 2}, vocabulary.encode("banana"));
        assertEquals("nab", vocabulary.decode(4, 2, 3));
        assertArrayEquals(new int[0], vocabulary.encode(""));
        assertEquals("", vocabulary.decode());
    }

    @Test
    void aSurrogatePairIsOneCharacter() {
        // U+FF5E comes before U+1F600 by code point, after it by char
        CharacterVocabulary vocabulary = CharacterVocabulary.of("a😀～");
        assertEquals(3, vocabulary.size());
        assertEquals("a～😀", vocabulary.characters());
        assertArrayEquals(new int[] {2, 0, 2}, vocabulary.encode("😀a😀"));
        assertEquals("😀a😀", vocabulary.decode(2, 0, 2));
    }

    @Test
    void itsCharactersMakeAnEqualVocabulary() {
        CharacterVocabulary vocabulary = CharacterVocabulary.of("to be or not to be");
        assertEquals(vocabulary, CharacterVocabulary.of(vocabulary.characters()));
        assertEquals(vocabulary.hashCode(), CharacterVocabulary.of("eb rotn").hashCode());
        assertNotEquals(vocabulary, CharacterVocabulary.of("to be"));
    }

    @Test
    void anUnknownCharacterIsNamedWithItsPosition() {
        CharacterVocabulary vocabulary = CharacterVocabulary.of("ab😀");
        assertEncodingFails(vocabulary, "abé", "encode: 'é' (U+00E9) at position 2 is not among the 3 characters");
        assertEncodingFails(vocabulary, "😀😎", "encode: '😎' (U+1F60E) at position 2 is not among the 3 characters");
        assertEncodingFails(vocabulary, "a\n", "encode: U+000A at position 1 is not among the 3 characters");
        assertEncodingFails(vocabulary, "\ud83d", "encode: U+D83D at position 0 is not among the 3 characters");
    }

    @Test
    void anIndexOutOfRangeIsNamed() {
        CharacterVocabulary vocabulary = CharacterVocabulary.of("ab");
        for (int index : new int[] {-1, 2}) {
            String message = Samples.messageOf(IllegalArgumentException.class, () -> vocabulary.decode(0, index));
            assertEquals("decode: index " + index + " at position 1 is not in 0..1", message);
        }
    }

    @Test
    void textWithoutCharactersOrWithHalfAPairIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> CharacterVocabulary.of(""));
        String message = Samples.messageOf(IllegalArgumentException.class, () -> CharacterVocabulary.of("😀x\udc00"));
        assertEquals("character vocabulary: half a surrogate pair, U+DC00, at position 3", message);
    }

    private static void assertEncodingFails(CharacterVocabulary vocabulary, String text, String message) {
        assertEquals(message, Samples.messageOf(IllegalArgumentException.class, () -> vocabulary.encode(text)));
    }
}
