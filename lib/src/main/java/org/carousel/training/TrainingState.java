package org.carousel.training;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.carousel.files.internal.CheckedFile;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Everything that a training is, after some of its steps, and its file.
 *
 * @param settings what must be the same when it goes on: what it is called, and how it was
 * @param losses of the steps done
 * @param norms of their gradients
 * @param factors of the learning rate, as the schedule gave them
 * @param heldOut the losses of the checks done
 * @param averaged how often the weights were taken into the average
 * @param streams where the random streams are
 * @param tensors parameters, the optimiser's memory, best weights, averages and what else is kept
 */
record TrainingState(
        Map<String, String> settings,
        double[] losses,
        double[] norms,
        double[] factors,
        double[] heldOut,
        int averaged,
        Map<String, RandomStream.State> streams,
        Map<String, Tensor> tensors) {

    private static final String KIND = "carousel-training-1";
    private static final int CHUNK = 1 << 14;

    int steps() {
        return losses.length;
    }

    void save(Path file) {
        CheckedFile.write(file, KIND, out -> {
            out.writeInt(settings.size());
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                out.writeUTF(setting.getKey());
                out.writeUTF(setting.getValue());
            }
            for (double[] values : new double[][] {losses, norms, factors, heldOut}) {
                out.writeInt(values.length);
                for (double value : values) {
                    out.writeDouble(value);
                }
            }
            out.writeInt(averaged);
            out.writeInt(streams.size());
            for (Map.Entry<String, RandomStream.State> stream : streams.entrySet()) {
                out.writeUTF(stream.getKey());
                out.writeLong(stream.getValue().seed());
                out.writeLong(stream.getValue().state());
                out.writeDouble(stream.getValue().spare());
            }
            out.writeInt(tensors.size());
            for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
                out.writeUTF(tensor.getKey());
                write(tensor.getValue(), out);
            }
        });
    }

    private static void write(Tensor tensor, DataOutputStream out) throws IOException {
        out.writeInt(tensor.rank());
        for (int size : tensor.shape()) {
            out.writeInt(size);
        }
        float[] values = tensor.toArray();
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK * Float.BYTES);
        for (int from = 0; from < values.length; from += CHUNK) {
            int n = Math.min(CHUNK, values.length - from);
            bytes.asFloatBuffer().put(values, from, n);
            out.write(bytes.array(), 0, n * Float.BYTES);
        }
    }

    static TrainingState load(Path file) {
        return CheckedFile.read(file, KIND, TrainingState::read);
    }

    /** Reads the content of a file of so many bytes; takes memory only for what can be there. */
    static TrainingState read(DataInputStream in, long size) throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        for (int n = count(in.readInt(), 4, size); n > 0; n--) {
            settings.put(in.readUTF(), in.readUTF());
        }
        double[][] histories = new double[4][];
        for (int k = 0; k < histories.length; k++) {
            histories[k] = new double[count(in.readInt(), Double.BYTES, size)];
            for (int n = 0; n < histories[k].length; n++) {
                histories[k][n] = in.readDouble();
            }
        }
        if (histories[1].length != histories[0].length || histories[2].length != histories[0].length) {
            throw new IllegalArgumentException("its histories are of " + histories[0].length + ", "
                    + histories[1].length + " and " + histories[2].length + " steps");
        }
        int averaged = in.readInt();
        Map<String, RandomStream.State> streams = new LinkedHashMap<>();
        for (int n = count(in.readInt(), 26, size); n > 0; n--) {
            streams.put(in.readUTF(), new RandomStream.State(in.readLong(), in.readLong(), in.readDouble()));
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int n = count(in.readInt(), 6, size); n > 0; n--) {
            tensors.put(in.readUTF(), tensor(in, size));
        }
        return new TrainingState(
                settings, histories[0], histories[1], histories[2], histories[3], averaged, streams, tensors);
    }

    private static Tensor tensor(DataInputStream in, long size) throws IOException {
        int[] shape = new int[count(in.readInt(), Integer.BYTES, size)];
        long numbers = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = in.readInt();
            numbers = Math.multiplyExact(numbers, (long) count(shape[axis], 0, size));
            count(numbers, Float.BYTES, size);
        }
        float[] values = new float[(int) numbers];
        ByteBuffer bytes = ByteBuffer.allocate(Math.min(values.length, CHUNK) * Float.BYTES);
        for (int from = 0; from < values.length; from += CHUNK) {
            int n = Math.min(CHUNK, values.length - from);
            in.readFully(bytes.array(), 0, n * Float.BYTES);
            bytes.asFloatBuffer().get(values, from, n);
        }
        return Tensor.wrap(values, shape);
    }

    /** How many things follow, of which each takes at least so many bytes. */
    private static int count(long n, int bytesEach, long size) throws EOFException {
        if (n < 0 || n > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("it declares a size of " + n);
        }
        if (n * bytesEach > size) {
            throw new EOFException();
        }
        return (int) n;
    }
}
