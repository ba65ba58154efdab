"""What the generators of golden vectors share: rounding of inputs to float32, and the safetensors format."""

import json
import pathlib
import struct

import torch

HERE = pathlib.Path(__file__).parent
TYPES = {torch.float64: "F64", torch.float32: "F32"}


def save(name, tensors):
    header, data = {}, b""
    for key, t in tensors.items():
        raw = t.detach().contiguous().numpy().tobytes()
        header[key] = {"dtype": TYPES[t.dtype], "shape": list(t.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    (HERE / f"{name}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)


def rounded(*shape):
    return torch.randn(*shape, dtype=torch.float64).float().double()
