package org.carousel.recurrent.images;

import org.carousel.tensor.Tensor;

/** Images [B×rows×columns×C] seen from other sides. */
final class Images {
    private Images() {}

    /** With the order of rows, of columns or of both turned round. */
    static Tensor flip(Tensor image, boolean flipRows, boolean flipColumns) {
        int rows = image.size(1);
        int columns = image.size(2);
        int[] from = new int[image.size(0) * rows * columns];
        for (int at = 0; at < from.length; at++) {
            int r = at / columns % rows;
            int c = at % columns;
            int row = flipRows ? rows - 1 - r : r;
            from[at] = at + (row - r) * columns + (flipColumns ? columns - 1 - 2 * c : 0);
        }
        return image.reshape(from.length, image.size(3)).rows(from).reshape(image.shape());
    }

    /** With rows and columns exchanged. */
    static Tensor turn(Tensor image) {
        return image.permute(0, 2, 1, 3);
    }
}
