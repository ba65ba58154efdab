package org.carousel.notebook;

/**
 * A formula that shows as such.
 *
 * @param code LaTeX in mathematical mode, without dollars
 */
public record Latex(String code) {
    @Override
    public String toString() {
        return code;
    }
}
