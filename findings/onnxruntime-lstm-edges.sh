#!/usr/bin/env bash
# Two readings of ONNX's LSTM for sequences of different lengths: by onnxruntime and by onnx's own evaluator.
#
# A good guess:  sequence_lens is an input of the operator, so the reference evaluator, made to show what a model means,
#                agrees with onnxruntime; and a sequence of length 0 hands its initial state through.
# What happens:  the reference evaluator takes sequence_lens and ignores it: a sequence runs on into its padding. And
#                onnxruntime drops the initial state of a sequence of length 0: Y_h and Y_c are 0.
#                (The operator's text calls them the last output values and does not mention the case.)
# Versions:      onnxruntime 1.32.0 (CPU), onnx 1.23.2, numpy 2.4.6, Python 3.11.7
# Why we met it: who takes the weights of a cell to ONNX and back compares the states, and batches of sequences of
#                different lengths, some of them empty, are an ordinary input.
# Carousel:      what lies after the end is never read, and a sequence without steps keeps the state it was given.
#                GateOrder.ONNX converts weights; it runs no ONNX models.
#
# Output seen:
#   onnxruntime 1.32.0 - onnx 1.23.2
#   sequence of length 4, first cell
#     onnxruntime Y: [-0.0361  0.0132  0.0949  0.033 ]
#     reference   Y: [-0.0361  0.0132  0.0949  0.033 ]
#   sequence of length 2, first cell
#     onnxruntime Y: [0.0295 0.1515 0.     0.    ]
#     reference   Y: [0.0295 0.1515 0.0037 0.065 ]
#   sequence of length 0, first cell
#     onnxruntime Y: [0. 0. 0. 0.]
#     reference   Y: [0.2367 0.0018 0.0299 0.0006]
#   length 0, given h0: [-0.9441 -1.3706  0.8651] c0: [ 1.3794  1.7473 -0.3277]
#     onnxruntime  Y_h: [0. 0. 0.] Y_c: [0. 0. 0.]
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6

"$folder/venv/bin/python" - <<'PYTHON'
import sys
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

STEPS, BATCH, INPUTS, CELLS = 4, 3, 2, 3
LENGTHS = np.array([4, 2, 0], dtype=np.int32)


def real(name, *shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


random = np.random.default_rng(1)
draw = lambda *shape: random.standard_normal(shape, dtype=np.float32)
weights = {"W": draw(1, 4 * CELLS, INPUTS), "R": draw(1, 4 * CELLS, CELLS), "B": draw(1, 8 * CELLS)}
lstm = helper.make_node(
    "LSTM", ["X", "W", "R", "B", "lengths", "h0", "c0"], ["Y", "Y_h", "Y_c"], hidden_size=CELLS)
graph = helper.make_graph(
    [lstm],
    "ragged",
    [
        real("X", STEPS, BATCH, INPUTS),
        helper.make_tensor_value_info("lengths", TensorProto.INT32, [BATCH]),
        real("h0", 1, BATCH, CELLS),
        real("c0", 1, BATCH, CELLS),
    ],
    [real("Y", STEPS, 1, BATCH, CELLS), real("Y_h", 1, BATCH, CELLS), real("Y_c", 1, BATCH, CELLS)],
    [numpy_helper.from_array(value, name) for name, value in weights.items()])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
onnx.checker.check_model(model, full_check=True)
feeds = {
    "X": draw(STEPS, BATCH, INPUTS), "lengths": LENGTHS,
    "h0": draw(1, BATCH, CELLS), "c0": draw(1, BATCH, CELLS),
}

session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
fast = session.run(None, feeds)
reference = ReferenceEvaluator(model).run(None, feeds)

np.set_printoptions(precision=4, suppress=True)
print("onnxruntime", onnxruntime.__version__, "- onnx", onnx.__version__)
for b, length in enumerate(LENGTHS):
    print(f"sequence of length {length}, first cell")
    print("  onnxruntime Y:", fast[0][:, 0, b, 0])
    print("  reference   Y:", reference[0][:, 0, b, 0])
print("length 0, given h0:", feeds["h0"][0, 2], "c0:", feeds["c0"][0, 2])
print("  onnxruntime  Y_h:", fast[1][0, 2], "Y_c:", fast[2][0, 2])

gone = []
if not np.allclose(fast[0][:, 0, 0], reference[0][:, 0, 0], atol=1e-6):
    gone.append("the two differ even for a sequence without padding")
if np.any(fast[0][2:, 0, 1]) or not np.all(reference[0][2:, 0, 1]):
    gone.append("onnxruntime's padding is not 0, or the reference's is")
if np.any(fast[1][0, 2]) or np.any(fast[2][0, 2]):
    gone.append("onnxruntime's state of a sequence of length 0 is not 0")
if gone:
    sys.exit("No longer so: " + "; ".join(gone))
PYTHON
