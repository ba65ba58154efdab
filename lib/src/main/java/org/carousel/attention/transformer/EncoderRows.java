package org.carousel.attention.transformer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.carousel.layers.Affine;
import org.carousel.layers.LayerNorm;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.AttentionCore;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.Normal;
import org.carousel.tensor.internal.kernels.PackedMatrix;
import org.carousel.tensor.internal.kernels.Parallel;

/**
 * Encoder layers for inference, equal to {@link EncoderLayer#apply} to the last bit: sequences lie below each other
 * without padding, and go through a layer some hundred rows at a time, so that what a layer computes stays in the cache.
 * Besides the rows themselves it needs memory for those few hundred.
 */
final class EncoderRows {
    /** Rows at a time, or those of one sequence. */
    private static final int ROWS = 256;

    private EncoderRows() {}

    /** Sequences [first, end) and where their rows begin. */
    private record Block(int first, int end, int row, int rows) {}

    /** What one thread computes with. */
    private static final class Room {
        private final float[] wide;
        private final float[] read;
        private final float[] y;
        private final float[] activation;

        Room(int rows, int size, int wideSize) {
            wide = new float[rows * Math.max(3 * size, wideSize)];
            read = new float[rows * size];
            y = new float[rows * size];
            activation = new float[2 * wideSize];
        }
    }

    /** Whether attention in all these layers knows nothing of positions. */
    static boolean handles(List<EncoderLayer> layers) {
        return layers.stream().map(layer -> layer.selfAttention().positions()).noneMatch(Positions::areDistances);
    }

    /**
     * All layers in turn. Modified: {@code x}.
     *
     * @param x [ΣT×size], the rows of every sequence, one sequence after the other
     */
    static void apply(List<EncoderLayer> layers, float[] x, int size, int... lengths) {
        List<Block> blocks = blocks(lengths);
        int most = blocks.stream().mapToInt(Block::rows).max().orElse(0);
        int wideSize =
                layers.stream().mapToInt(layer -> layer.wide().b().size()).max().orElse(0);
        ConcurrentLinkedQueue<Room> rooms = new ConcurrentLinkedQueue<>();
        for (EncoderLayer layer : layers) {
            PackedMatrix[] weights = {
                Fused.packed(layer.selfAttention().W(), true),
                Fused.packed(layer.selfAttention().outW(), true),
                Fused.packed(layer.wide().W(), true),
                Fused.packed(layer.narrow().W(), true)
            };
            long work = 2L * x.length * (4L * size + 2L * layer.wide().b().size());
            Parallel.over(blocks.size(), blocks.size() == 1 ? 0 : work, (from, to) -> {
                Room polled = rooms.poll();
                Room room = polled == null ? new Room(most, size, wideSize) : polled;
                for (Block block : blocks.subList(from, to)) {
                    apply(layer, weights, x, size, block, room, lengths);
                }
                rooms.add(room);
            });
        }
    }

    private static List<Block> blocks(int... lengths) {
        List<Block> all = new ArrayList<>();
        for (int first = 0, row = 0; first < lengths.length; ) {
            int end = first;
            int rows = 0;
            do {
                rows += lengths[end++];
            } while (end < lengths.length && rows + lengths[end] <= ROWS);
            all.add(new Block(first, end, row, rows));
            first = end;
            row += rows;
        }
        return all;
    }

    private static void apply(
            EncoderLayer layer, PackedMatrix[] weights, float[] x, int size, Block block, Room room, int... lengths) {
        int rows = block.rows;
        int at = block.row * size;
        int n = rows * size;
        Kernels kernels = Kernels.active();
        MultiHead attention = layer.selfAttention();
        if (layer.preNorm()) {
            norm(layer.norm1(), rows, x, at, room.y);
        } else {
            System.arraycopy(x, at, room.y, 0, n);
        }
        product(kernels, rows, room.y, size, weights[0], attention.b(), room.wide);
        for (int s = block.first, row = 0; s < block.end; row += lengths[s++]) {
            int length = lengths[s];
            int part = size / attention.heads();
            new AttentionCore(attention.heads(), length, length, part, part, false, heads(attention.heads(), length))
                    .side(room.wide, row * 3 * size, 3 * size, room.read, row * size);
        }
        product(kernels, rows, room.read, size, weights[1], attention.outB(), room.y);
        kernels.add(n, x, at, room.y, 0);
        Affine wide = layer.wide();
        if (layer.preNorm()) {
            norm(layer.norm2(), rows, room.y, 0, room.read);
        } else {
            norm(layer.norm1(), rows, room.y, 0, room.y);
            System.arraycopy(room.y, 0, room.read, 0, n);
        }
        product(kernels, rows, room.read, size, weights[2], wide.b(), room.wide);
        layer.activation().rows(rows, wide.b().size(), room.wide, room.activation);
        product(
                kernels,
                rows,
                room.wide,
                wide.b().size(),
                weights[3],
                layer.narrow().b(),
                room.read);
        kernels.add(n, room.read, 0, room.y, 0);
        if (!layer.preNorm()) {
            norm(layer.norm2(), rows, room.y, 0, room.y);
        }
        System.arraycopy(room.y, 0, x, at, n);
    }

    private static int[] heads(int count, int length) {
        int[] all = new int[count];
        java.util.Arrays.fill(all, length);
        return all;
    }

    private static void norm(LayerNorm norm, int rows, float[] x, int at, float[] y) {
        Tensor gamma = norm.gamma();
        Tensor beta = norm.beta();
        Normal.layer(
                rows,
                gamma.size(),
                (float) norm.epsilon(),
                x,
                at,
                Fused.array(gamma),
                Fused.offset(gamma),
                Fused.array(beta),
                Fused.offset(beta),
                y,
                new float[rows],
                y);
    }

    /** y ← x W + b. */
    private static void product(Kernels kernels, int rows, float[] x, int in, PackedMatrix W, Tensor b, float[] y) {
        int out = b.size();
        kernels.matmulPacked(rows, x, 0, in, W, Fused.array(b), Fused.offset(b), 0, y, 0, out);
    }
}
