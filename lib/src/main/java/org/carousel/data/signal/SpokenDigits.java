package org.carousel.data.signal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.carousel.data.Dataset;
import org.carousel.data.DatasetException;
import org.carousel.data.Datasets;

/**
 * Spoken digits: six speakers say each of ten digits 50 times (Free Spoken Digit Dataset).
 *
 * @param recordings in the archive's order
 */
public record SpokenDigits(List<Recording> recordings) {
    private static final Pattern NAME = Pattern.compile("(?:.*/)?recordings/(\\d)_([a-z]+)_(\\d+)\\.wav");

    /**
     * A digit, once.
     *
     * @param digit 0..9
     * @param speaker a first name
     * @param take 0..49; the set's own test recordings are 0..4
     * @param sound 8 kHz
     */
    public record Recording(int digit, String speaker, int take, Wav sound) {}

    /**
     * The set {@link Datasets#fsdd}.
     *
     * @throws DatasetException when the archive cannot be had or read, holds no recordings, or one of them is damaged
     */
    public static SpokenDigits of(Dataset dataset) {
        String archive = dataset.fileNames().get(0);
        List<Recording> all = new ArrayList<>();
        for (Map.Entry<String, byte[]> entry : dataset.entries(archive).entrySet()) {
            Matcher name = NAME.matcher(entry.getKey());
            if (name.matches()) {
                all.add(new Recording(
                        Integer.parseInt(name.group(1)),
                        name.group(2),
                        Integer.parseInt(name.group(3)),
                        Wav.of(entry.getValue(), archive + " entry " + entry.getKey())));
            }
        }
        if (all.isEmpty()) {
            throw new DatasetException(archive + " has no entry recordings/DIGIT_SPEAKER_TAKE.wav", null);
        }
        return new SpokenDigits(List.copyOf(all));
    }

    /** The recordings of some speakers. */
    public List<Recording> of(String... speakers) {
        List<String> wanted = List.of(speakers);
        return recordings.stream().filter(r -> wanted.contains(r.speaker())).toList();
    }

    /** All speakers, each once, in alphabetical order. */
    public List<String> speakers() {
        return recordings.stream().map(Recording::speaker).distinct().sorted().toList();
    }
}
