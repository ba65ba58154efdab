package org.carousel.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.carousel.Refusals;
import org.carousel.layers.Affine;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Elman;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTensorsTest {
    @TempDir
    private Path folder;

    private Path file(long headerLength, String header, int dataBytes) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(headerLength < 0 ? text.length : headerLength).put(text);
        try {
            return Files.write(folder.resolve("model.safetensors"), bytes.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).toList();
        }
    }

    @Test
    void bringsBackWhatWasSaved() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a.weight", Tensor.normal(RandomStream.of(1), 1, 3, 4));
        tensors.put("strange \"näme\"\\", Tensor.of(1, -0f, Float.MIN_VALUE));
        tensors.put("scalar", Tensor.scalar(2));
        tensors.put("empty", Tensor.zeros(0, 3));
        Path file = folder.resolve("model.safetensors");
        SafeTensors.save(file, tensors);
        Map<String, Tensor> back = SafeTensors.load(file);
        assertEquals(List.copyOf(tensors.keySet()), List.copyOf(back.keySet()));
        tensors.forEach((name, t) -> {
            assertEquals(t.shapeText(), back.get(name).shapeText());
            assertArrayEquals(t.toArray(), back.get(name).toArray(), name);
        });
        assertEquals(List.of("model.safetensors"), names());
    }

    @Test
    void readsTheOtherFloatTypes() throws IOException {
        Path file = file(
                -1,
                "{\"__metadata__\":{\"format\":\"pt\"},\"d\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                        + "\"h\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[8,14]},"
                        + "\"b\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[14,16]}}",
                16);
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(bytes.length - 16)
                .putDouble(0.1)
                .putShort((short) 0x3555) // 0.333251953125
                .putShort((short) 0x8001) // -2^-24
                .putShort((short) 0x7c00) // infinity
                .putShort((short) 0xc049); // -3.140625
        Files.write(file, bytes);
        Map<String, Tensor> back = SafeTensors.load(file);
        assertEquals(0.1f, back.get("d").item());
        assertArrayEquals(
                new float[] {0.33325195f, -0x1p-24f, Float.POSITIVE_INFINITY},
                back.get("h").toArray());
        assertEquals(-3.140625f, back.get("b").item());
    }

    @Test
    void whatIsNoFloatStandsInNobodysWay() throws IOException {
        String[] types = {"I64", "C64", "F32", "U64", "I32", "I16", "BOOL", "I8", "U8", "F8_E4M3", "F8_E5M2", "F4"};
        int[] bytes = {8, 8, 4, 8, 4, 2, 1, 1, 1, 1, 1, 1};
        StringBuilder header = new StringBuilder("{\"__metadata__\":{}");
        int at = 0;
        for (int k = 0; k < types.length; k++) {
            header.append(String.format(
                    ",\"%s\":{\"dtype\":\"%s\",\"shape\":[%d],\"data_offsets\":[%d,%d]}",
                    types[k].toLowerCase(java.util.Locale.ROOT),
                    types[k],
                    types[k].equals("F4") ? 2 : 1,
                    at,
                    at + bytes[k]));
            at += bytes[k];
        }
        Path file = file(-1, header.append('}').toString(), at);
        byte[] content = Files.readAllBytes(file);
        ByteBuffer.wrap(content)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(content.length - at)
                .putLong(300_000)
                .putLong(0)
                .putFloat(1.5f)
                .putLong(-1) // 2^64 - 1
                .putInt(16_777_217) // 2^24 + 1
                .putShort((short) -7)
                .put((byte) 1)
                .put((byte) -128)
                .put((byte) 255)
                .put((byte) 0x7E) // the largest, 448
                .put((byte) 0xC2) // -3
                .put((byte) 0);
        Files.write(file, content);
        Map<String, Tensor> back = SafeTensors.load(file);
        assertEquals(
                List.of("i64", "f32", "i16", "bool", "i8", "u8", "f8_e4m3", "f8_e5m2"), List.copyOf(back.keySet()));
        assertEquals(
                List.of(300_000f, 1.5f, -7f, 1f, -128f, 255f, 448f, -3f),
                back.values().stream().map(Tensor::item).toList());
        Map<String, String> told = Map.of(
                "c64", "c64 is of type C64",
                "f4", "f4 is of type F4",
                "u64", "u64 is of type U64 and holds 18446744073709551615",
                "i32", "i32 is of type I32 and holds 16777217, which is no float");
        told.forEach((name, why) -> {
            String message = assertThrows(IllegalArgumentException.class, () -> back.get(name))
                    .getMessage();
            assertTrue(message.contains(why), message);
        });
        assertEquals("C64", SafeTensors.types(file).get("c64"));
    }

    @Test
    void aCounterOfBatchesIsNoParameter() throws IOException {
        Path file = file(
                -1,
                "{\"weight\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]},"
                        + "\"bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]},"
                        + "\"num_batches_tracked\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[8,16]}}",
                16);
        Affine affine = Affine.of(1, 1, RandomStream.of(1));
        Checkpoint.load(file, affine.parameters());
        assertEquals(0, affine.W().item());
    }

    @Test
    void shardsAreOneModel() throws IOException {
        SafeTensors.save(folder.resolve("m-1.safetensors"), Map.of("a", Tensor.of(1, 2)));
        SafeTensors.save(folder.resolve("m-2.safetensors"), Map.of("b", Tensor.of(3)));
        Path index = folder.resolve("model.safetensors.index.json");
        String both =
                "{\"metadata\":{\"total_size\":12},\"weight_map\":{\"a\":\"m-1.safetensors\",\"b\":\"m-2.safetensors\"";
        Files.writeString(index, both + "}}");
        Map<String, Tensor> all = SafeTensors.load(index);
        assertArrayEquals(new float[] {1, 2}, all.get("a").toArray());
        assertEquals(3, all.get("b").item());
        Map<String, String> wrong = Map.of(
                ",\"c\":\"m-1.safetensors\"}}", "names [c], which no file holds",
                ",\"c\":\"../m-1.safetensors\"}}", "no name of a file beside it",
                "}", "not a sound index");
        wrong.forEach((end, why) -> {
            try {
                Files.writeString(index, both + end);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            String message = assertThrows(IllegalArgumentException.class, () -> SafeTensors.load(index))
                    .getMessage();
            assertTrue(message.contains(why), message);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{`a`:{`dtype`:`F32`,`shape`:[2],`data_offsets`:[0,8]}} | 4 | declares 8 bytes of elements and holds 4",
                "{`a`:{`dtype`:`F32`,`shape`:[2],`data_offsets`:[0,8]}} | 12 | declares 8 bytes of elements and holds 12",
                "{`a`:{`dtype`:`F32`,`shape`:[1],`data_offsets`:[0,4]},`b`:{`dtype`:`F32`,`shape`:[1],`data_offsets`:[2,6]}} | 6 | overlap",
                "{`a`:{`dtype`:`F32`,`shape`:[1],`data_offsets`:[0,4]},`b`:{`dtype`:`F32`,`shape`:[1],`data_offsets`:[8,12]}} | 12 | gap",
                "{`a`:{`dtype`:`F32`,`shape`:[1],`data_offsets`:[-4,0]}} | 4 | cannot lie in bytes",
                "{`a`:{`dtype`:`F32`,`shape`:[3],`data_offsets`:[0,8]}} | 8 | cannot lie in bytes 0 to 8",
                "{`a`:{`dtype`:`F32`,`shape`:[65536,65536,65536],`data_offsets`:[0,4]}} | 4 | impossible shape",
                "{`a`:{`dtype`:`F32`,`shape`:[4611686018427387904,4],`data_offsets`:[0,0]}} | 0 | impossible shape",
                "{`a`:{`dtype`:`F32`,`shape`:[-1],`data_offsets`:[0,4]}} | 4 | impossible shape",
                "{`a`:{`dtype`:`I65`,`shape`:[1],`data_offsets`:[0,8]}} | 8 | unknown type I65",
                "{`a`:{`dtype`:`I64`,`shape`:[1],`data_offsets`:[0,4]}} | 4 | of type I64 cannot lie in bytes 0 to 4",
                "{`a`:{`dtype`:`F32`,`shape`:[1],`data_offsets`:[0]}} | 4 | data_offsets",
                "{`a`:{`dtype`:`F32`,`shape`:[1]}} | 4 | an array was expected",
                "{`a`:3} | 0 | an object was expected",
                "{`a`:{`dtype`:`F32`,`shape`:[1],`data_offsets`:[0,4]},`a`:{`dtype`:`F32`,`shape`:[1],`data_offsets`:[0,4]}} | 4 | twice",
                "{`a`:[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]} | 0 | at most 64 levels",
                "{`a`:{`dtype`:`F32`,`shape`:[1],`data_offsets`:[0,4]} | 4 | not valid JSON",
                "{`\\\\u12 | 0 | not valid JSON",
                "{}{} | 0 | nothing more expected",
            })
    void refusesDamagedHeaders(String header, int dataBytes, String expected) {
        Path file = file(-1, header.replace('`', '"'), dataBytes);
        String message = assertThrows(IllegalArgumentException.class, () -> SafeTensors.load(file))
                .getMessage();
        assertTrue(message.contains("is not a sound safetensors file") && message.contains(expected), message);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1_000_000, 200_000_000, Long.MAX_VALUE, Long.MIN_VALUE + 5})
    void refusesImpossibleHeaderLengths(long length) {
        Path file = file(length, "{}", 0);
        if (length < 0) { // the helper means "right length" by negative numbers, so write this one by hand
            assertTrue(overwriteLength(file, length));
        }
        String message = assertThrows(IllegalArgumentException.class, () -> SafeTensors.load(file))
                .getMessage();
        assertTrue(message.contains("header of " + length), message);
    }

    private static boolean overwriteLength(Path file, long length) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
            Files.write(file, bytes);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void refusesAnEmptyAndAMissingFile() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty"));
        assertThrows(IllegalArgumentException.class, () -> SafeTensors.load(empty));
        assertThrows(UncheckedIOException.class, () -> SafeTensors.load(folder.resolve("missing")));
    }

    @Test
    void leavesTheOldFileWhenSavingFails() throws IOException {
        Path file = folder.resolve("sub/model.safetensors");
        SafeTensors.save(file, Map.of("a", Tensor.of(1)));
        Path blocked = file.resolve("below-a-file"); // a parent that is a regular file can hold nothing
        assertThrows(UncheckedIOException.class, () -> SafeTensors.save(blocked, Map.of("a", Tensor.of(2))));
        assertEquals(1, SafeTensors.load(file).get("a").item());
        try (Stream<Path> left = Files.list(file.getParent())) {
            assertEquals(1, left.count(), "no .part file stays");
        }
    }

    @Test
    void checkpointsKeepParametersAndPyTorchsTwoBiases() {
        Elman model = Elman.of(3, 4, RandomStream.of(2));
        Parameters parameters = Parameters.of("rnn", model);
        Path file = folder.resolve("model.safetensors");
        Checkpoint.save(file, parameters);
        assertTrue(SafeTensors.load(file).containsKey("rnn.bias_hh_l0"), "PyTorch wants both biases");
        Map<String, Tensor> two = new LinkedHashMap<>(SafeTensors.load(file));
        two.put("rnn.bias_ih_l0", Tensor.of(1, 2, 3, 4));
        two.put("rnn.bias_hh_l0", Tensor.of(10, 20, 30, 40));
        SafeTensors.save(file, two);
        Checkpoint.load(file, parameters);
        assertArrayEquals(new float[] {11, 22, 33, 44}, model.b().toArray());
    }

    @Test
    void checkpointsThatDoNotFitChangeNothing() {
        Affine model = Affine.of(2, 2, RandomStream.of(3));
        float[] before = model.W().toArray();
        Path file = folder.resolve("model.safetensors");
        SafeTensors.save(file, Map.of("weight", Tensor.ones(2, 2)));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Checkpoint.load(file, model.parameters()))
                .getMessage()
                .contains("has no bias"));
        Map<String, Tensor> wrongShape = new LinkedHashMap<>();
        wrongShape.put("weight", Tensor.ones(2, 2));
        wrongShape.put("bias", Tensor.ones(3));
        SafeTensors.save(file, wrongShape);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Checkpoint.load(file, model.parameters()))
                .getMessage()
                .contains("bias is [3] where the model has [2]"));
        wrongShape.put("bias", Tensor.ones(2));
        wrongShape.put("extra", Tensor.ones(2));
        SafeTensors.save(file, wrongShape);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Checkpoint.load(file, model.parameters()))
                .getMessage()
                .contains("[extra]"));
        assertArrayEquals(before, model.W().toArray());
    }

    @Test
    void namesThatCouldNotBeReadAgainAreRefused() throws IOException {
        Path file = folder.resolve("names.safetensors");
        SafeTensors.save(file, Map.of("a", Tensor.of(1)));
        byte[] before = Files.readAllBytes(file);
        for (String name : List.of("__metadata__", "x\ud800")) {
            Refusals.assertMessage(
                    "save: " + file + ": a tensor cannot have the name",
                    () -> SafeTensors.save(file, Map.of(name, Tensor.of(1))));
        }
        assertArrayEquals(before, Files.readAllBytes(file));
    }
}
