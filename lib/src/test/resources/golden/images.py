"""Golden vectors of the cells over images, computed by PyTorch in float64, place by place from the papers' equations.

Run once with any PyTorch from 1.13 on:  python3 images.py
Writes images/md.safetensors (four directions) and images/pyramid.safetensors (four sweeps): the image, the outputs y, a
random w, the gradients of sum(y * w) in the image and in every parameter.
"""

import torch
from generate_common import HERE, rounded, save

BATCH, ROWS, COLUMNS, I, H = 2, 3, 4, 2, 3
sigmoid, tanh = torch.sigmoid, torch.tanh


def md(p, image):
    """Graves et al. 2007, one scan from the upper left corner; gates i, f above, f left, z, o below each other."""
    zero = torch.zeros(BATCH, H, dtype=torch.float64)
    h, c = {}, {}
    peep = p["p"].chunk(5)
    for r in range(image.shape[1]):
        for k in range(image.shape[2]):
            hu, cu = h.get((r - 1, k), zero), c.get((r - 1, k), zero)
            hl, cl = h.get((r, k - 1), zero), c.get((r, k - 1), zero)
            net = image[:, r, k] @ p["W"].T + hu @ p["up"].T + hl @ p["left"].T + p["b"]
            i, fu, fl, z, o = net.chunk(5, 1)
            i = sigmoid(i + peep[0] * cu + peep[1] * cl)
            fu, fl = sigmoid(fu + peep[2] * cu), sigmoid(fl + peep[3] * cl)
            c[r, k] = i * tanh(z) + fu * cu + fl * cl
            h[r, k] = sigmoid(o + peep[4] * c[r, k]) * tanh(c[r, k])
    rows = [torch.stack([h[r, k] for k in range(image.shape[2])], 1) for r in range(image.shape[1])]
    return torch.stack(rows, 1)


def four_scans(p, image):
    """From the upper left, upper right, lower left and lower right corner, side by side."""
    outputs = []
    for corner in range(4):
        axes = [1] * (corner >= 2) + [2] * (corner % 2)
        own = {key[2:]: value for key, value in p.items() if key.startswith(f"{corner}.")}
        outputs.append(md(own, image.flip(axes)).flip(axes))
    return torch.cat(outputs, 3)


def sweep(p, lines):
    """Stollenga et al. 2015, one sweep over lines [B, lines, places, I]; weights [4H, 3 places, (x, h)]."""
    weight = p["WR"].reshape(4 * H, 3, I + H).permute(0, 2, 1)
    h = torch.zeros(BATCH, H, lines.shape[2], dtype=torch.float64)
    c, out = h, []
    for t in range(lines.shape[1]):
        both = torch.cat([lines[:, t].permute(0, 2, 1), h], 1)
        i, f, z, o = torch.nn.functional.conv1d(both, weight, p["b"], padding=1).chunk(4, 1)
        c = sigmoid(f) * c + sigmoid(i) * tanh(z)
        h = sigmoid(o) * tanh(c)
        out.append(h.permute(0, 2, 1))
    return torch.stack(out, 1)


def pyramid(p, image):
    """Downwards, upwards, to the right, to the left; the sum."""
    own = [{key[2:]: value for key, value in p.items() if key.startswith(f"{k}.")} for k in range(4)]
    turned = image.permute(0, 2, 1, 3)
    down, up = sweep(own[0], image), sweep(own[1], image.flip(1)).flip(1)
    right, left = sweep(own[2], turned), sweep(own[3], turned.flip(1)).flip(1)
    return down + up + (right + left).permute(0, 2, 1, 3)


def case(name, run, shapes):
    torch.manual_seed(12)
    p = {f"{k}.{key}": (rounded(*s) * 0.5).float().double().requires_grad_() for k in range(4) for key, s in shapes.items()}
    image = rounded(BATCH, ROWS, COLUMNS, I).requires_grad_()
    y = run(p, image)
    w = rounded(*y.shape)
    (y * w).sum().backward()
    out = {"image": image, "y": y, "w": w, "dimage": image.grad}
    for key, value in p.items():
        out |= {key: value, f"d_{key}": value.grad}
    save("images/" + name, out)


(HERE / "images").mkdir(exist_ok=True)
case("md", four_scans, {"W": (5 * H, I), "up": (5 * H, H), "left": (5 * H, H), "b": (5 * H,), "p": (5 * H,)})
case("pyramid", pyramid, {"WR": (4 * H, 3 * (I + H)), "b": (4 * H,)})
