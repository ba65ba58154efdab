"""Recurrent layers of PyTorch, Keras and ONNX: the weights as each framework holds them, an input and the output.

Run once:  python3 frameworks.py   with torch, keras (any backend), onnx, onnxruntime and safetensors installed.
Writes frameworks/NAME.safetensors; the framework's version stands in the header. Nothing is renamed or reordered here:
names, shapes and layout of weights, x and y are the framework's own. Deeplearning4j's files come from Dl4jLayers.java.
"""

import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np
import onnx
import onnxruntime
import safetensors.numpy
import safetensors.torch
import torch

FOLDER = pathlib.Path(__file__).parent / "frameworks"
BATCH, STEPS, I, H = 2, 5, 3, 4
random = np.random.default_rng(21)


def normal(*shape, scale=0.5):
    return (scale * random.standard_normal(shape)).astype(np.float32)


def pytorch(name, layer):
    x = torch.tensor(normal(BATCH, STEPS, I, scale=1))
    with torch.no_grad():
        for p in layer.parameters():
            p.copy_(torch.tensor(normal(*p.shape)))
        y = layer(x)[0].contiguous()
    file = FOLDER / f"pytorch-{name}.safetensors"
    safetensors.torch.save_file(layer.state_dict() | {"x": x, "y": y}, file, {"torch": torch.__version__.split("+")[0]})


def keras_layer(name, layer):
    x = normal(BATCH, STEPS, I, scale=1)
    layer.build(x.shape)
    layer.set_weights([normal(*w.shape) for w in layer.weights])
    y = np.ascontiguousarray(keras.ops.convert_to_numpy(layer(x)))  # safetensors writes other arrays wrongly
    weights = {w.name: keras.ops.convert_to_numpy(w) for w in layer.weights}
    safetensors.numpy.save_file(weights | {"x": x, "y": y}, FOLDER / f"keras-{name}.safetensors", {"keras": keras.__version__})


def onnx_node(name, kind, gates, directions=1, peepholes=False, **attributes):
    """X is [steps, batch, I] and Y [steps, directions, batch, H]."""
    weights = {
        "W": normal(directions, gates * H, I),
        "R": normal(directions, gates * H, H),
        "B": normal(directions, 2 * gates * H),
    } | ({"P": normal(directions, 3 * H)} if peepholes else {})
    inputs = ["X", "W", "R", "B"] + (["", "", "", "P"] if peepholes else [])
    node = onnx.helper.make_node(kind, inputs, ["Y"], hidden_size=H, **attributes)
    info = lambda key, *shape: onnx.helper.make_tensor_value_info(key, onnx.TensorProto.FLOAT, shape)
    x, y = info("X", STEPS, BATCH, I), info("Y", STEPS, directions, BATCH, H)
    graph = onnx.helper.make_graph(
        [node], name, [x], [y], [onnx.numpy_helper.from_array(v, k) for k, v in weights.items()]
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 14)], ir_version=8)
    onnx.checker.check_model(model)
    x = normal(STEPS, BATCH, I, scale=1)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    stored = {t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer}
    file = FOLDER / f"onnx-{name}.safetensors"
    versions = {"onnx": f"{onnx.__version__}, run by onnxruntime {onnxruntime.__version__}"}
    safetensors.numpy.save_file(stored | {"X": x, "Y": session.run(None, {"X": x})[0]}, file, versions)


FOLDER.mkdir(exist_ok=True)
pytorch("lstm", torch.nn.LSTM(I, H, batch_first=True))
pytorch("gru", torch.nn.GRU(I, H, batch_first=True))
keras_layer("lstm", keras.layers.LSTM(H, return_sequences=True))
keras_layer("gru", keras.layers.GRU(H, return_sequences=True, reset_after=True))
keras_layer("gru-reset-before", keras.layers.GRU(H, return_sequences=True, reset_after=False))
onnx_node("lstm", "LSTM", 4)
onnx_node("lstm-bidirectional", "LSTM", 4, directions=2, direction="bidirectional")
onnx_node("lstm-peepholes", "LSTM", 4, peepholes=True)
onnx_node("gru", "GRU", 3, linear_before_reset=1)
onnx_node("gru-reset-before", "GRU", 3, linear_before_reset=0)
