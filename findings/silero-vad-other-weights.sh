#!/usr/bin/env bash
# Two networks in one package: the safetensors file of Silero VAD is not the network of its TorchScript and ONNX files.
#
# A good guess:  silero_vad_16k.safetensors in the package holds the weights of silero_vad.jit, under other names.
# What happens:  the same shapes and the same Fourier basis, and other numbers in every other tensor; TorchScript and ONNX
#                agree with each other to the last bit. The file feeds the package's tinygrad example only.
# Versions:      silero-vad 6.2.3, torch 2.15.0 (CPU), onnx 1.23.2, safetensors 0.8.0, Python 3.11.7
# Why we met it: the network of chapter 25 is read from the safetensors file, and its probabilities differed from the
#                package's although the equations, given the numbers of the TorchScript file, agree within 1e-6.
# Carousel:      SpeechDetector reads the safetensors file and is held against its equations in PyTorch on those weights;
#                segments are held against the package's own function.
#
# Output seen:
#   silero-vad 6.2.3
#   stft_conv.weight     differs from TorchScript by at most 0, ONNX from TorchScript by 0
#   conv1.weight         differs from TorchScript by at most 4.03, ONNX from TorchScript by 0
#   conv2.weight         differs from TorchScript by at most 0.64, ONNX from TorchScript by 0
#   conv3.weight         differs from TorchScript by at most 8.37, ONNX from TorchScript by 0
#   conv4.weight         differs from TorchScript by at most 18.2, ONNX from TorchScript by 0
#   lstm_cell.weight_ih  differs from TorchScript by at most 1.01, ONNX from TorchScript by 0
#   lstm_cell.weight_hh  differs from TorchScript by at most 0.651, ONNX from TorchScript by 0
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
pip="$folder/venv/bin/pip install --quiet --disable-pip-version-check"
$pip torch==2.15.0 onnx==1.23.2 safetensors==0.8.0 numpy packaging
$pip --no-deps silero-vad==6.2.3 # its other dependencies are for sound files

"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import importlib.metadata
import pathlib
import sys

import numpy as np
import onnx
import safetensors.numpy
import torch

data = pathlib.Path(importlib.metadata.distribution("silero-vad").locate_file("silero_vad/data"))
tensors = safetensors.numpy.load_file(data / "silero_vad_16k.safetensors")
script = {k: v.numpy() for k, v in torch.jit.load(str(data / "silero_vad.jit")).state_dict().items()}
graph = onnx.load(str(data / "silero_vad_16k_op15.onnx")).graph
exported = {t.name: onnx.numpy_helper.to_array(t) for t in graph.initializer}
names = {"stft_conv.weight": "stft.forward_basis_buffer"}
names |= {f"conv{k + 1}.weight": f"encoder.{k}.reparam_conv.weight" for k in range(4)}
names |= {f"lstm_cell.{part}": f"decoder.rnn.{part}" for part in ("weight_ih", "weight_hh")}

print("silero-vad", importlib.metadata.version("silero-vad"))
gone = []
for own, theirs in names.items():
    other = script["_model." + theirs]
    differs = np.abs(tensors[own] - other).max()
    between = np.abs(exported["model." + theirs] - other).max()
    print(f"{own:20s} differs from TorchScript by at most {differs:.3g}, ONNX from TorchScript by {between:.3g}")
    if tensors[own].shape != other.shape or between != 0:
        gone.append(f"{own}: other shapes, or TorchScript and ONNX disagree")
    if own != "stft_conv.weight" and differs < 0.1:
        gone.append(f"{own} is the same")
if gone:
    sys.exit("No longer so: " + "; ".join(gone))
PYTHON
