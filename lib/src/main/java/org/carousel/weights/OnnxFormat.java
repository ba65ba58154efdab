package org.carousel.weights;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.carousel.tensor.Tensor;

/** The messages of ONNX that are written here: a table of their fields, and messages made by it. */
final class OnnxFormat {
    static final int FLOAT = 1;
    static final int INT32 = 6;
    static final int INT64 = 7;

    /** Fields as in the project's onnx.proto, version 14 of the format: number, name, type; * where several follow. */
    private static final String TABLE =
            """
            ModelProto: 1 ir_version int64, 2 producer_name string, 7 graph GraphProto, 8 opset_import OperatorSetIdProto*
            OperatorSetIdProto: 1 domain string, 2 version int64
            GraphProto: 1 node NodeProto*, 2 name string, 5 initializer TensorProto*, 11 input ValueInfoProto*, \
            12 output ValueInfoProto*
            NodeProto: 1 input string*, 2 output string*, 3 name string, 4 op_type string, 5 attribute AttributeProto*
            AttributeProto: 1 name string, 2 f float, 3 i int64, 4 s bytes, 8 ints int64*, 20 type int32
            TensorProto: 1 dims int64*, 2 data_type int32, 8 name string, 9 raw_data bytes
            ValueInfoProto: 1 name string, 2 type TypeProto
            TypeProto: 1 tensor_type TensorTypeProto
            TensorTypeProto: 1 elem_type int32, 2 shape TensorShapeProto
            TensorShapeProto: 1 dim DimensionProto*
            DimensionProto: 1 dim_value int64, 2 dim_param string
            """;

    private static final FileDescriptor FILE = described();

    private OnnxFormat() {}

    private static FileDescriptor described() {
        FileDescriptorProto.Builder file =
                FileDescriptorProto.newBuilder().setName("onnx").setPackage("onnx");
        TABLE.lines().forEach(line -> {
            String[] parts = line.split(": ", 2);
            DescriptorProto.Builder message = file.addMessageTypeBuilder().setName(parts[0]);
            for (String field : parts[1].split(", ", -1)) {
                String[] words = field.split(" ", 3);
                String type = words[2].replace("*", "");
                FieldDescriptorProto.Builder own = message.addFieldBuilder()
                        .setNumber(Integer.parseInt(words[0]))
                        .setName(words[1])
                        .setLabel(
                                words[2].endsWith("*")
                                        ? FieldDescriptorProto.Label.LABEL_REPEATED
                                        : FieldDescriptorProto.Label.LABEL_OPTIONAL);
                if (type.endsWith("Proto")) {
                    own.setType(FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName(".onnx." + type);
                } else {
                    own.setType(FieldDescriptorProto.Type.valueOf("TYPE_" + type.toUpperCase(Locale.ROOT)));
                }
            }
        });
        try {
            return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]);
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    static Descriptor type(String name) {
        return FILE.findMessageTypeByName(name);
    }

    /**
     * A message.
     *
     * @param fields names and values in turn; a list where there may be several
     */
    static DynamicMessage message(String name, Object... fields) {
        Descriptor type = type(name);
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        for (int k = 0; k < fields.length; k += 2) {
            FieldDescriptor field = type.findFieldByName((String) fields[k]);
            message.setField(field, fields[k + 1]);
        }
        return message.build();
    }

    /** An attribute of a node: a whole number, several of them, a fraction or a word. */
    static DynamicMessage attribute(String name, Object value) {
        if (value instanceof Integer i) {
            return message("AttributeProto", "name", name, "type", 2, "i", (long) i);
        }
        if (value instanceof Float f) {
            return message("AttributeProto", "name", name, "type", 1, "f", f);
        }
        if (value instanceof int[] list) {
            List<Long> ints = Arrays.stream(list).asLongStream().boxed().toList();
            return message("AttributeProto", "name", name, "type", 7, "ints", ints);
        }
        return message("AttributeProto", "name", name, "type", 3, "s", ByteString.copyFromUtf8((String) value));
    }

    static DynamicMessage floats(String name, Tensor values) {
        float[] all = values.toArray();
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(all.length, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(all);
        return tensor(name, FLOAT, values.shape(), bytes);
    }

    static DynamicMessage whole(String name, int[] shape, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return tensor(name, INT64, shape, bytes);
    }

    private static DynamicMessage tensor(String name, int type, int[] shape, ByteBuffer bytes) {
        return message(
                "TensorProto",
                "dims",
                Arrays.stream(shape).asLongStream().boxed().toList(),
                "data_type",
                type,
                "name",
                name,
                "raw_data",
                ByteString.copyFrom(bytes));
    }

    /**
     * An input or output.
     *
     * @param shape sizes, and the names of those that are known only when the model runs
     */
    static DynamicMessage value(String name, int type, Object... shape) {
        List<DynamicMessage> axes = Stream.of(shape)
                .map(size -> size instanceof Integer n
                        ? message("DimensionProto", "dim_value", (long) n)
                        : message("DimensionProto", "dim_param", size))
                .toList();
        DynamicMessage tensor =
                message("TensorTypeProto", "elem_type", type, "shape", message("TensorShapeProto", "dim", axes));
        return message("ValueInfoProto", "name", name, "type", message("TypeProto", "tensor_type", tensor));
    }
}
