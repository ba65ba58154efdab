package org.carousel.data;

import java.util.regex.Pattern;
import org.carousel.files.internal.Failures;
import org.jspecify.annotations.Nullable;

/** A data file cannot be had or read; the message is one line that says what is missing and how to get it. */
public final class DatasetException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final Pattern BLANKS = Pattern.compile("[\\s\\u0085\\u2028\\u2029]+");
    private static final Pattern LINE_BREAK = Pattern.compile("\\R");

    /**
     * An exception whose message is shown to a notebook's reader as it stands.
     *
     * @param message the message; line breaks in it (an operating system's, a server's) become spaces
     * @param cause what went wrong underneath, or null
     */
    public DatasetException(String message, @Nullable Throwable cause) {
        super(oneLine(Failures.shortened(message)), cause);
    }

    private static String oneLine(String message) {
        return BLANKS.matcher(message)
                .replaceAll(blanks -> LINE_BREAK.matcher(blanks.group()).find() ? " " : blanks.group());
    }
}
