package org.carousel.embedding.word2vec;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.carousel.embedding.text.Vocabulary;
import org.carousel.files.internal.CheckedFile;
import org.carousel.tensor.internal.kernels.RowTable;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Word2VecModel} as a file: magic, configuration, position, vocabulary, both tables, CRC-32 of all that; numbers
 * in big-endian order.
 */
final class Word2VecFile {
    private static final String KIND = "carousel-word2vec-1";

    private Word2VecFile() {}

    static void save(Word2VecModel model, Path file) {
        CheckedFile.write(file, KIND, out -> {
            writeConfig(model.config, out);
            writePosition(model.position, out);
            writeVocabulary(model.vocabulary, out);
            writeTable(model.tables.in(), out);
            writeTable(model.tables.out(), out);
        });
    }

    private static void writeConfig(Word2Vec config, DataOutputStream out) throws IOException {
        out.writeUTF(config.architecture().name());
        out.writeInt(config.dimension());
        out.writeInt(config.window());
        out.writeInt(config.negative());
        out.writeDouble(config.sample());
        out.writeInt(config.minimumCount());
        out.writeDouble(config.learningRate());
        out.writeDouble(config.finalLearningRate());
        out.writeInt(config.epochs());
        Subwords subwords = config.subwords();
        out.writeInt(subwords == null ? 0 : subwords.shortest());
        out.writeInt(subwords == null ? 0 : subwords.longest());
        out.writeInt(subwords == null ? 0 : subwords.buckets());
        out.writeInt(config.lockFree() ? -config.replicas() : config.replicas());
        out.writeLong(config.seed());
    }

    private static Word2Vec readConfig(DataInputStream in) throws IOException {
        Word2Vec config = new Word2Vec(
                Word2Vec.Architecture.valueOf(in.readUTF()),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readDouble(),
                in.readInt(),
                in.readDouble(),
                in.readDouble(),
                in.readInt(),
                readSubwords(in),
                1,
                false,
                1);
        int replicas = in.readInt(); // negative: lock-free
        return config.replicas(Math.abs(replicas)).lockFree(replicas < 0).seed(in.readLong());
    }

    private static @Nullable Subwords readSubwords(DataInputStream in) throws IOException {
        int shortest = in.readInt();
        int longest = in.readInt();
        int buckets = in.readInt();
        return shortest == 0 ? null : new Subwords(shortest, longest, buckets);
    }

    private static void writePosition(Word2VecModel.Position position, DataOutputStream out) throws IOException {
        out.writeInt(position.epoch);
        out.writeInt(position.block);
        out.writeLong(position.fingerprint);
        out.writeDouble(position.lossSum);
        out.writeLong(position.predictions);
        for (double loss : position.losses) {
            out.writeDouble(loss);
        }
    }

    private static Word2VecModel.Position readPosition(DataInputStream in) throws IOException {
        Word2VecModel.Position position = new Word2VecModel.Position();
        position.epoch = in.readInt();
        position.block = in.readInt();
        position.fingerprint = in.readLong();
        position.lossSum = in.readDouble();
        position.predictions = in.readLong();
        for (int i = 0; i < position.epoch; i++) {
            position.losses.add(in.readDouble());
        }
        return position;
    }

    private static void writeVocabulary(Vocabulary vocabulary, DataOutputStream out) throws IOException {
        out.writeInt(vocabulary.size());
        for (int i = 0; i < vocabulary.size(); i++) {
            byte[] word = vocabulary.word(i).getBytes(StandardCharsets.UTF_8);
            out.writeInt(word.length);
            out.write(word);
            out.writeLong(vocabulary.count(i));
        }
    }

    private static Vocabulary readVocabulary(DataInputStream in, long fileSize) throws IOException {
        int size = in.readInt();
        Map<String, Long> counts = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            int length = in.readInt();
            if (length < 1 || length > fileSize) {
                throw new IllegalArgumentException("word " + i + " has a length of " + length + " bytes");
            }
            String word = new String(in.readNBytes(length), StandardCharsets.UTF_8);
            counts.put(word, in.readLong());
        }
        return Vocabulary.of(counts);
    }

    private static void writeTable(RowTable table, DataOutputStream out) throws IOException {
        float[] row = new float[table.dimension()];
        for (int r = 0; r < table.rows(); r++) {
            table.get(r, row, 0);
            for (float value : row) {
                out.writeInt(Float.floatToRawIntBits(value));
            }
        }
    }

    private static void readTable(RowTable table, DataInputStream in) throws IOException {
        float[] row = new float[table.dimension()];
        for (int r = 0; r < table.rows(); r++) {
            for (int k = 0; k < row.length; k++) {
                row[k] = Float.intBitsToFloat(in.readInt());
            }
            table.set(r, row, 0);
        }
    }

    static Word2VecModel load(Path file) {
        return CheckedFile.read(file, KIND, Word2VecFile::read);
    }

    static Word2VecModel read(DataInputStream in, long fileSize) throws IOException {
        Word2Vec config = readConfig(in);
        Word2VecModel.Position position = readPosition(in);
        Vocabulary vocabulary = readVocabulary(in, fileSize);
        int inputs = Word2VecModel.inputRows(config, vocabulary);
        int outputs = Word2VecModel.outputs(config, vocabulary).rows();
        if (4L * config.dimension() * ((long) inputs + outputs) > fileSize) { // before memory is taken for them
            throw new IllegalArgumentException("the file is too short for " + inputs + " and " + outputs
                    + " vectors of " + config.dimension() + " numbers");
        }
        Tables tables = Tables.empty(inputs, outputs, config.dimension());
        readTable(tables.in(), in);
        readTable(tables.out(), in);
        return new Word2VecModel(config, vocabulary, tables, position);
    }
}
