"""Golden vectors of convolutions in one and two dimensions, computed by PyTorch's conv1d and conv2d in float64.

Run once:  python3 convolution.py   with torch installed.
Writes convolution.safetensors; each case is named by its dimensions and, for every axis, its kernel, stride, padding and
dilation: x, weight, bias, the output y, a random outer gradient, and the gradients of sum(y * outer).
"""

import torch
from generate_common import rounded, save

CASES = [  # channels, outputs, sizes, then (kernel, stride, padding, dilation) of every axis
    (3, 4, [9], [(3, 1, 1, 1)]),
    (3, 4, [10], [(4, 2, 1, 1)]),
    (16, 5, [11], [(3, 1, 4, 2)]),
    (2, 17, [13], [(5, 3, 0, 1)]),
    (16, 7, [12], [(3, 2, 3, 3)]),
    (3, 4, [6, 7], [(3, 1, 1, 1), (3, 1, 1, 1)]),
    (3, 5, [9, 8], [(3, 2, 1, 1), (3, 2, 1, 1)]),
    (16, 32, [12, 11], [(3, 1, 1, 1), (3, 1, 0, 1)]),
    (16, 4, [5, 6], [(3, 1, 2, 2), (3, 1, 3, 2)]),
    (4, 3, [8, 11], [(2, 1, 0, 3), (4, 3, 2, 1)]),
    (16, 9, [4, 5], [(3, 1, 2, 1), (3, 1, 1, 1)]),
    (1, 2, [5, 12], [(5, 1, 2, 1), (3, 2, 0, 2)]),
]


def case(channels, outputs, sizes, axes):
    kernel, stride, padding, dilation = (list(part) for part in zip(*axes))
    name = f"{len(sizes)}d_" + "_".join(" ".join(map(str, axis)) for axis in axes)
    x = rounded(2, channels, *sizes).requires_grad_()
    weight, bias = rounded(outputs, channels, *kernel).requires_grad_(), rounded(outputs).requires_grad_()
    run = torch.nn.functional.conv1d if len(sizes) == 1 else torch.nn.functional.conv2d
    y = run(x, weight, bias, stride, padding, dilation)
    outer = rounded(*y.shape)
    (y * outer).sum().backward()
    out = {key: value.float() for key, value in {"x": x, "weight": weight, "bias": bias, "outer": outer}.items()}
    out |= {"y": y, "dx": x.grad, "dweight": weight.grad, "dbias": bias.grad}
    return {f"{name}.{key}": value for key, value in out.items()}


torch.manual_seed(14)
tensors = {}
for each in CASES:
    tensors |= case(*each)
save("convolution", tensors)
