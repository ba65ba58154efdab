package org.carousel.data.tasks;

/**
 * A text and what is to be made of it.
 *
 * @param source what is read
 * @param target what is to be written
 */
public record TextPair(String source, String target) {}
