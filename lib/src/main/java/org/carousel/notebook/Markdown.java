package org.carousel.notebook;

/**
 * Text that shows as Markdown.
 *
 * @param text what a Markdown cell would hold
 */
public record Markdown(String text) {
    @Override
    public String toString() {
        return text;
    }
}
