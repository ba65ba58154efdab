package org.carousel.training.trials;

import java.util.Locale;

/**
 * How far a study has come.
 *
 * <pre>
 * k trials left, of which `together` run at a time; those that ran here took m seconds in the mean, with deviation s, n of them
 * left = k m / together        ± 2 √(k s² + k² s² / n) / together
 * </pre>
 *
 * <p>The second term under the root is what is not known of the mean. With fewer than three trials nothing is promised.
 *
 * @param done trials that have ended, those of earlier runs among them
 * @param of trials altogether
 * @param failed how many of those done have no value
 * @param seconds the time that the last one took
 * @param left seconds until the end, NaN while nothing can be said
 * @param uncertain half the width of its 95 % interval, in seconds
 */
public record StudyProgress(int done, int of, int failed, double seconds, double left, double uncertain) {
    /** {@code 12/60, 1 failed, about 3 min left (2 to 4 min)}. */
    @Override
    public String toString() {
        String all = done + "/" + of + (failed == 0 ? "" : ", " + failed + " failed");
        if (done == of) {
            return all;
        }
        if (Double.isNaN(left)) {
            return all + ", no estimate yet";
        }
        return all + ", about " + time(left) + " left (" + time(Math.max(0, left - uncertain)) + " to "
                + time(left + uncertain) + ")";
    }

    private static String time(double seconds) {
        if (seconds < 90) {
            return String.format(Locale.ROOT, "%.0f s", seconds);
        }
        return seconds < 5400
                ? String.format(Locale.ROOT, "%.0f min", seconds / 60)
                : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }
}
