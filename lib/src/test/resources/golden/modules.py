"""Recurrent modules of PyTorch with layers, directions and projections: their state dictionaries, an input and the output.

Run once:  python3 modules.py   with torch and safetensors installed.
Writes modules/NAME.safetensors: weights in float32, y computed in float64; the version of torch stands in the header.
With the argument "back" it reads modules/NAME-back.safetensors, which StateDictTest writes where its property
"carousel.modules" names a folder, loads them strictly and compares the outputs.
"""

import pathlib
import sys

import safetensors.torch
import torch

FOLDER = pathlib.Path(__file__).parent / "modules"
BATCH, STEPS, I, H = 2, 5, 3, 4
LENGTHS = [5, 3]
MODULES = {
    "lstm-3": torch.nn.LSTM(I, H, 3, batch_first=True),
    "lstm-2-both": torch.nn.LSTM(I, H, 2, batch_first=True, bidirectional=True),
    "lstm-2-projected": torch.nn.LSTM(I, H, 2, batch_first=True, proj_size=2),
    "lstm-2-projected-both": torch.nn.LSTM(I, H, 2, batch_first=True, bidirectional=True, proj_size=2),
    "lstm-2-without-bias": torch.nn.LSTM(I, H, 2, batch_first=True, bias=False),
    "gru-2": torch.nn.GRU(I, H, 2, batch_first=True),
    "gru-2-both": torch.nn.GRU(I, H, 2, batch_first=True, bidirectional=True),
    "rnn-2": torch.nn.RNN(I, H, 2, batch_first=True),
    "rnn-2-both": torch.nn.RNN(I, H, 2, batch_first=True, bidirectional=True),
}


def run(module, x):
    """Outputs of sequences of LENGTHS, zeros after an end."""
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, LENGTHS, batch_first=True)
    return torch.nn.utils.rnn.pad_packed_sequence(module(packed)[0], batch_first=True)[0]


def golden(name, module):
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(0.5 * torch.randn_like(p))
        weights = {k: v.clone() for k, v in module.state_dict().items()}
        x = torch.randn(BATCH, STEPS, I)
        module.double()
        y = run(module, x.double()).contiguous()
    tensors = {"weights." + k: v for k, v in weights.items()} | {"x": x, "y": y}
    safetensors.torch.save_file(tensors, FOLDER / f"{name}.safetensors", {"torch": torch.__version__.split("+")[0]})


def back(name, module, folder):
    stored = safetensors.torch.load_file(FOLDER / f"{name}.safetensors")
    written = safetensors.torch.load_file(folder / f"{name}-back.safetensors")
    if "bias" in name:  # here a cell has its bias
        module = torch.nn.LSTM(I, H, 2, batch_first=True)
    module.double().load_state_dict({k: v.double() for k, v in written.items()}, strict=True)
    with torch.no_grad():
        error = (run(module, stored["x"].double()) - stored["y"]).abs().max().item()
    print(f"{name}: {len(written)} tensors, largest difference {error:.1e}")
    assert error < 1e-6, name


torch.manual_seed(24)
FOLDER.mkdir(exist_ok=True)
for name, module in MODULES.items():
    if sys.argv[1:2] == ["back"]:
        back(name, module, pathlib.Path(sys.argv[2]))
    else:
        golden(name, module)
