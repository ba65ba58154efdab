import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Writes frameworks/dl4j-*.safetensors: layers of Deeplearning4j with their parameters as paramTable() gives them, an
 * input x and the layer's output y, both [batch×channels×steps] as that library has them.
 *
 * <p>Run once with org.deeplearning4j:deeplearning4j-nn and org.nd4j:nd4j-native, 1.0.0-M2.1, on the class path:
 * {@code java -cp ... Dl4jLayers.java frameworks}
 */
public final class Dl4jLayers {
    private static final String VERSION = "1.0.0-M2.1";

    public static void main(String[] folder) throws IOException {
        LSTM lstm = new LSTM.Builder().nIn(3).nOut(4).activation(Activation.TANH).build();
        GravesLSTM graves = new GravesLSTM.Builder().nIn(3).nOut(4).activation(Activation.TANH).build();
        save(Path.of(folder[0], "dl4j-lstm.safetensors"), run(lstm));
        save(Path.of(folder[0], "dl4j-lstm-peepholes.safetensors"), run(graves));
    }

    private static Map<String, INDArray> run(Layer layer) {
        var net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().list().layer(layer).build());
        net.init();
        Nd4j.getRandom().setSeed(8);
        net.params().assign(Nd4j.randn(net.params().shape()).muli(0.5));
        Map<String, INDArray> all = new LinkedHashMap<>(net.getLayer(0).paramTable());
        INDArray x = Nd4j.randn(2, 3, 5);
        all.put("x", x);
        all.put("y", net.output(x));
        return all;
    }

    private static void save(Path file, Map<String, INDArray> tensors) throws IOException {
        StringBuilder header = new StringBuilder("{\"__metadata__\": {\"dl4j\": \"" + VERSION + "\"}");
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (Map.Entry<String, INDArray> entry : tensors.entrySet()) {
            float[] values = entry.getValue().dup('c').data().asFloat(); // row-major; the library's own is by columns
            ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            header.append(String.format(
                    ", \"%s\": {\"dtype\": \"F32\", \"shape\": %s, \"data_offsets\": [%d, %d]}",
                    entry.getKey(),
                    Arrays.toString(entry.getValue().shape()),
                    data.size(),
                    data.size() + bytes.capacity()));
            data.write(bytes.array());
        }
        byte[] text = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).array());
            out.write(text);
            data.writeTo(out);
        }
    }
}
