package org.carousel.notebook.internal;

import java.util.Map;

/** What a Jupyter kernel can do for us; the two kernels have the same abilities under different class names. */
public interface Frontend {
    /** Shows data, by MIME type, under an identity that {@link #update} can find again. */
    void display(Map<String, String> data, Map<String, Object> imageSize, String identity);

    /** Replaces what was shown under an identity. */
    void update(Map<String, String> data, String identity);

    /** Clears what the cell that runs now has shown, where the kernel can. */
    void clearOutput();

    /** Makes values of this type, as the result of a cell, look as {@link Rendering} says. */
    void register(Class<?> type);
}
