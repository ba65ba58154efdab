"""Checks the files of ONNX that OnnxModelTest writes: onnx.checker, and the outputs of onnxruntime within 1e-5.

By hand:  mvn -pl lib test -Dtest=OnnxModelTest   with JAVA_TOOL_OPTIONS=-Dcarousel.onnx=FOLDER, then
          python3 onnx_check.py FOLDER            with onnx, onnxruntime, numpy and safetensors installed.
The batch and the number of steps are open: each model also runs on the first sequence alone, on twice the batch, and with
fewer steps. What comes out of padding is not compared where it means nothing. Writes onnx.txt beside this file: name, CRC-32
of the file that was checked, inputs, operators, outputs.
"""

import pathlib
import sys
import zlib

import numpy as np
import onnx
import onnxruntime
import safetensors.numpy

folder = pathlib.Path(sys.argv[1])
print(f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}")


def text(value):
    sizes = [d.dim_param or str(d.dim_value) for d in value.type.tensor_type.shape.dim]
    return f"{value.name}[{'×'.join(sizes)}]"


def worst(a, b, lengths):
    if a.ndim == 3 and lengths is not None:
        return max(np.abs(a[k, :n] - b[k, :n]).max() for k, n in enumerate(lengths))
    return np.abs(a - b).max()


def check(path):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    stored = safetensors.numpy.load_file(path.with_suffix(".safetensors"))
    types = {"tensor(float)": np.float32, "tensor(int64)": np.int64, "tensor(int32)": np.int32}
    feed = {i.name: stored["in." + i.name].astype(types[i.type]) for i in session.get_inputs()}
    names = [o.name for o in session.get_outputs()]
    lengths = stored["in.lengths"].astype(int) if "lengths" in feed else None
    error = 0
    for rows in ([0, 1, 2], [0], [2, 1, 0, 0, 1, 2]):
        some = {k: v[rows] for k, v in feed.items()}
        for name, y in zip(names, session.run(names, some)):
            assert y.shape == stored[name][rows].shape, (path.name, name, y.shape)
            error = max(error, worst(y, stored[name][rows], None if lengths is None else lengths[rows]))
    if lengths is not None:  # the last two sequences need 4 steps only
        some = {k: v[1:, :4] if v.ndim > 1 else v[1:] for k, v in feed.items()}
        for name, y in zip(names, session.run(names, some)):
            expected = stored[name][1:, :4] if stored[name].ndim == 3 else stored[name][1:]
            error = max(error, worst(y, expected, lengths[1:]))
    assert error < 1e-5, (path.name, error)
    print(f"{path.stem}: {len(model.graph.node)} nodes, largest difference {error:.1e}")
    words = [path.stem, f"{zlib.crc32(path.read_bytes()):08x}", *map(text, model.graph.input), ">"]
    return " ".join(words + [n.op_type for n in model.graph.node] + [">", *map(text, model.graph.output)])


lines = [check(path) for path in sorted(folder.glob("*.onnx"))]
(pathlib.Path(__file__).parent / "onnx.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
