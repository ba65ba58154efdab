package org.carousel.data.signal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.carousel.data.Dataset;
import org.carousel.data.DatasetException;
import org.carousel.data.Datasets;
import org.carousel.tensor.RandomStream;

/**
 * Handwritten digits as a tablet saw them, 100 points a second: 30 people for training and 14 others for the test.
 *
 * <p>Source: Alimoglu, Alpaydin: Methods of combining multiple classifiers based on different representations for
 * pen-based handwriting recognition, TAINN 1996; the format is UNIPEN (Guyon et al. 1994).
 *
 * @param training of writers 1..30
 * @param test of writers 31..44
 */
public record PenDigits(List<Digit> training, List<Digit> test) {
    /** The writers of the test part are other people, though the file counts them from 1 again. */
    private static final int TRAINING_WRITERS = 30;

    private static final double GAP = 0.3;
    private static final Pattern SEGMENT = Pattern.compile("\\.SEGMENT\\s+DIGIT\\s+[\\d-]+\\s+\\?\\s+\"(\\d)\"");
    private static final Pattern COMMENT = Pattern.compile("\\.COMMENT\\s+\\d\\s+(\\d{1,6})\\s+\\d+");
    private static final Pattern POINT = Pattern.compile("(-?\\d{1,6})\\s+(-?\\d{1,6})");

    /**
     * A digit.
     *
     * @param label 0..9
     * @param writer 1..44
     * @param ink in units of the tablet
     */
    public record Digit(int label, int writer, Ink ink) {}

    /**
     * Several digits of one writer side by side, each 1 high.
     *
     * @param labels which
     * @param ink of all of them
     * @param ends for each digit the number of points until its end
     */
    public record Line(int[] labels, Ink ink, int[] ends) {}

    /**
     * The set {@link Datasets#pendigits}.
     *
     * @throws DatasetException when a file cannot be had or read, or a line is malformed
     */
    public static PenDigits of(Dataset dataset) {
        return new PenDigits(
                parse(dataset.lines("pendigits-train"), "pendigits-train", 0),
                parse(dataset.lines("pendigits-test"), "pendigits-test", TRAINING_WRITERS));
    }

    /** Reads UNIPEN: a digit from .SEGMENT to .SEGMENT, its strokes from .PEN_DOWN to .PEN_UP, a point in each line. */
    static List<Digit> parse(List<String> lines, String name, int writersBefore) {
        List<Digit> digits = new ArrayList<>();
        int label = -1;
        int writer = -1;
        List<double[][]> strokes = new ArrayList<>();
        List<double[]> open = new ArrayList<>();
        boolean down = false;
        for (int n = 0; n <= lines.size(); n++) {
            String line = n < lines.size() ? lines.get(n).strip() : ".SEGMENT DIGIT 0 ? \"0\"";
            Matcher segment = SEGMENT.matcher(line);
            Matcher comment = COMMENT.matcher(line);
            Matcher point = POINT.matcher(line);
            if (down ? !point.matches() && !line.equals(".PEN_UP") : point.matches()) {
                throw malformed(name, n, line, down ? "point or .PEN_UP" : "a point with the pen lifted");
            }
            if (segment.matches()) {
                if (label >= 0) {
                    if (strokes.isEmpty() || writer < 0) {
                        throw malformed(name, n, line, "the digit before has no stroke or no writer");
                    }
                    digits.add(new Digit(label, writer, new Ink(strokes)));
                }
                label = Integer.parseInt(segment.group(1));
                writer = -1;
                strokes = new ArrayList<>();
            } else if (comment.matches()) {
                writer = writersBefore + Integer.parseInt(comment.group(1));
            } else if (line.equals(".PEN_DOWN")) {
                down = true;
            } else if (line.equals(".PEN_UP")) {
                if (!down || open.isEmpty()) {
                    throw malformed(name, n, line, "a stroke without points");
                }
                strokes.add(open.toArray(double[][]::new));
                open.clear();
                down = false;
            } else if (down) {
                open.add(new double[] {Integer.parseInt(point.group(1)), Integer.parseInt(point.group(2))});
            }
        }
        return List.copyOf(digits);
    }

    private static DatasetException malformed(String name, int line, String text, String wrong) {
        return new DatasetException(name + " line " + (line + 1) + " (\"" + text + "\"): " + wrong, null);
    }

    /**
     * A line of digits that one writer wrote, drawn anew each time.
     *
     * @param digits to draw from
     * @param least how many digits at least
     * @param most how many at most
     * @param distance between points, in heights of a digit
     */
    public static Line line(List<Digit> digits, int least, int most, double distance, RandomStream random) {
        if (digits.isEmpty() || least < 1 || most < least) {
            throw new IllegalArgumentException("line: " + least + " to " + most + " of " + digits.size()
                    + " digits; at least one of at least one is needed");
        }
        int writer = digits.get(random.nextInt(digits.size())).writer();
        List<Digit> own = digits.stream().filter(d -> d.writer() == writer).toList();
        int[] labels = new int[least + random.nextInt(most - least + 1)];
        int[] ends = new int[labels.length];
        List<double[][]> strokes = new ArrayList<>();
        for (int u = 0; u < labels.length; u++) {
            Digit digit = own.get(random.nextInt(own.size()));
            Ink next = digit.ink().upright().resampled(distance);
            Ink all = u == 0 ? next : new Ink(strokes).then(next, GAP);
            strokes = new ArrayList<>(all.strokes());
            labels[u] = digit.label();
            ends[u] = all.points();
        }
        return new Line(labels, new Ink(strokes), ends);
    }
}
