package org.carousel.weights;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.carousel.tensor.Tensor;

/** The only class that knows jHDF: arrays of floats and the names of groups, read from the bytes of a file. */
final class Hdf5 {
    private static final int DEEPEST = 32;
    private static final int MOST = 100_000;

    private final Map<String, Tensor> arrays = new LinkedHashMap<>();
    private final Map<String, String> names = new LinkedHashMap<>();
    private final long bytes;
    private int nodes;

    private Hdf5(long bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads all arrays of floats; links to other places and files are not followed.
     *
     * @throws RuntimeException when it is no sound file
     */
    static Hdf5 read(byte[] file) {
        Hdf5 read = new Hdf5(file.length);
        try (HdfFile in = HdfFile.fromByteBuffer(ByteBuffer.wrap(file))) {
            read.group("", in, 0);
        }
        return read;
    }

    /** By path, {@code layers/lstm/cell/vars/0}. */
    Map<String, Tensor> arrays() {
        return arrays;
    }

    /** The attribute "name" of groups, by path. */
    Map<String, String> names() {
        return names;
    }

    private void group(String path, Group group, int depth) {
        Attribute name = group.getAttribute("name");
        if (name != null && name.isScalar() && name.getData() instanceof String text) {
            names.put(path, text);
        }
        if (depth > DEEPEST) {
            throw new IllegalArgumentException(path + " is deeper than " + DEEPEST + " groups");
        }
        for (Map.Entry<String, Node> child : new TreeMap<>(group.getChildren()).entrySet()) {
            if (++nodes > MOST) {
                throw new IllegalArgumentException("more than " + MOST + " groups and arrays");
            }
            String at = path.isEmpty() ? child.getKey() : path + "/" + child.getKey();
            Node node = child.getValue();
            if (node.isLink()) {
                continue;
            }
            if (node instanceof Group inner) {
                group(at, inner, depth + 1);
            } else if (node instanceof Dataset array) {
                array(at, array);
            }
        }
    }

    private void array(String path, Dataset array) {
        if (array.getJavaType() != float.class && array.getJavaType() != double.class) {
            return; // the state of a random generator, a counter of steps
        }
        if (array.getSizeInBytes() > bytes) {
            throw new IllegalArgumentException(path + " says that it has " + array.getSizeInBytes()
                    + " bytes, the file " + bytes + "; compressed arrays are not read");
        }
        int[] shape = array.getDimensions();
        float[] values = new float[Math.toIntExact(array.getSize())];
        Object data = array.isScalar() ? array.getData() : values.length == 0 ? values : array.getDataFlat();
        if (data instanceof float[] f) {
            System.arraycopy(f, 0, values, 0, values.length);
        } else if (data instanceof double[] d) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) d[i];
            }
        } else if (data instanceof Number n) {
            values[0] = n.floatValue();
        }
        arrays.put(path, Tensor.wrap(values, shape));
    }
}
