package org.carousel.data;

import java.util.regex.Pattern;
import org.carousel.files.internal.Failures;
import org.jspecify.annotations.Nullable;

/** A data file cannot be had or read; the message is one line that says what is missing and how to get it. */
public final class DatasetException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final Pattern LINE_BREAKS =
            Pattern.compile("\\s*\\R\\s*"); // takes n² time for n blanks: of short texts only

    /**
     * An exception whose message is shown to a notebook's reader as it stands.
     *
     * @param message the message; line breaks in it (an operating system's, a server's) become spaces
     * @param cause what went wrong underneath, or null
     */
    public DatasetException(String message, @Nullable Throwable cause) {
        super(LINE_BREAKS.matcher(Failures.shortened(message)).replaceAll(" "), cause);
    }
}
