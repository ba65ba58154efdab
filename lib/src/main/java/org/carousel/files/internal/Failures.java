package org.carousel.files.internal;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Says in words what the JDK's input and output exceptions often say only by their class. */
public final class Failures {
    private static final int SHOWN = 300;

    private Failures() {}

    /** A text in messages without its middle when it is long: what a message quotes may be a whole file, when it is damaged. */
    public static String shortened(@Nullable String message) {
        String text = String.valueOf(message);
        return text.length() <= 2 * SHOWN
                ? text
                : text.substring(0, SHOWN) + " ... " + text.substring(text.length() - SHOWN);
    }

    /** What is wrong with the content of a file or folder that was to be loaded. */
    public static IllegalArgumentException loading(Path file, IllegalArgumentException wrong) {
        return new IllegalArgumentException("load: " + file + ": " + shortened(wrong.getMessage()), wrong);
    }

    /** A failure in words, of one line. */
    public static String describe(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                return "the server's name cannot be resolved (no network?)";
            }
        }
        if (failure instanceof ConnectException) {
            return "no connection to the server";
        }
        if (failure instanceof FileSystemException file) {
            return file.getFile() + ": " + reason(file);
        }
        if (failure instanceof CharacterCodingException) {
            return "not valid UTF-8";
        }
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    private static String reason(FileSystemException failure) {
        if (failure instanceof AccessDeniedException) {
            return "access denied";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "exists and is not a folder";
        }
        if (failure instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        String reason = failure.getReason();
        return reason == null ? failure.getClass().getSimpleName() : reason;
    }
}
