"""Files that Keras 3 itself writes, an input, and what every layer makes of it.

Run once:  KERAS_BACKEND=torch python3 keras_files.py   with keras, torch, h5py and safetensors installed.
Writes keras/model.keras, keras/model.weights.h5, keras/cells.weights.h5, keras/relu.keras and keras/outputs.safetensors,
whose header names the versions.
"""

import os
import pathlib

os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np
import safetensors.numpy
from keras import layers

FOLDER = pathlib.Path(__file__).parent / "keras"
FOLDER.mkdir(exist_ok=True)
random = np.random.default_rng(24)


def varied(model):
    model.set_weights([(0.5 * random.standard_normal(w.shape)).astype(np.float32) for w in model.get_weights()])


tokens = keras.Input((None,), dtype="int32")
stages = [
    layers.Embedding(7, 3, name="words"),
    layers.Bidirectional(layers.LSTM(4, return_sequences=True), name="both"),
    layers.GRU(5, return_sequences=True),
    layers.GRU(4, return_sequences=True, reset_after=False),
    layers.SimpleRNN(3, return_sequences=True),
    layers.LSTM(2, use_bias=False, return_sequences=True),
    layers.Bidirectional(layers.GRU(2, return_sequences=True)),
    layers.LSTM(3, return_sequences=True, name="upper"),
    layers.LayerNormalization(epsilon=1e-5),
    layers.Dense(2, name="out"),
]
values = [tokens]
for stage in stages:
    values.append(stage(values[-1]))
model = keras.Model(tokens, values[1:])
varied(model)
model.compile("adam", "mse")
model.save(FOLDER / "model.keras")
model.save_weights(FOLDER / "model.weights.h5")
x = np.array([[1, 2, 3, 6, 0], [4, 4, 5, 0, 2]], np.int32)
outputs = {stage.name: np.ascontiguousarray(y) for stage, y in zip(stages, model.predict(x, verbose=0))}

cells = keras.Sequential([
    keras.Input((None, 3)),
    layers.RNN(layers.StackedRNNCells([layers.LSTMCell(4), layers.GRUCell(2)]), return_sequences=True),
])
varied(cells)
cells.save_weights(FOLDER / "cells.weights.h5")
x2 = random.standard_normal((2, 5, 3)).astype(np.float32)
outputs |= {"cells.x": x2, "cells.y": np.ascontiguousarray(cells.predict(x2, verbose=0))}

relu = keras.Sequential([
    keras.Input((None, 2)),
    layers.LSTM(2, activation="relu", return_sequences=True, name="a"),
    layers.GRU(2, go_backwards=True, return_sequences=True, name="b"),
    layers.Bidirectional(layers.LSTM(2, recurrent_activation="hard_sigmoid", return_sequences=True), name="c"),
    layers.Bidirectional(layers.LSTM(2), merge_mode="sum", name="d"),
])
relu.save(FOLDER / "relu.keras")
header = {"keras": keras.__version__, "backend": keras.backend.backend()}
safetensors.numpy.save_file(outputs, FOLDER / "outputs.safetensors", header)
