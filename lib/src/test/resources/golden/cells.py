"""Golden vectors of every cell of the catalogue, computed by PyTorch in float64 from the papers' equations.

Run once with any PyTorch from 1.13 on:  python3 cells.py
Writes cells/NAME.safetensors, NAME as in the catalogue with - for spaces. Two windows are chained as in generate.py. A cell is a function
step(p, x, state) -> (output, state) over a dictionary of parameters; gradients come from PyTorch's differentiation.
"""

import math


import torch
from generate_common import HERE, rounded, save

BATCH, STEPS, I, H = 2, 3, 3, 4
sigmoid, tanh, cat = torch.sigmoid, torch.tanh, torch.cat


def elman(p, x, s):
    h = tanh(x @ p["weight_ih_l0"].T + s[0] @ p["weight_hh_l0"].T + p["bias_ih_l0"])
    return h, [h]


def jordan(p, x, s):
    y = sigmoid(tanh(x @ p["W"].T + s[0] @ p["U"].T + p["b"]) @ p["V"].T + p["a"])
    return y, [y]


def irnn(p, x, s):
    h = torch.clamp(x @ p["weight_ih_l0"].T + s[0] @ p["weight_hh_l0"].T + p["bias_ih_l0"], min=0)
    return h, [h]


def decaying_context(p, x, s):
    c = p["d"] * s[0] + tanh(x @ p["W"].T + p["b"])
    return c, [c]


def blocks(gates_are_sources, forget, truncated):
    def step(p, x, s):
        h, c, gates = (s[0].detach(), s[1], s[2].detach()) if truncated else s
        src = cat([x, h, gates], 1)
        i = sigmoid(src @ p["W_i"].T + p["b_i"])
        o = sigmoid(src @ p["W_o"].T + p["b_o"])
        net = src @ p["W_c"].T + (p["b_c"] if "b_c" in p else 0)
        f = sigmoid(src @ p["W_f"].T + p["b_f"]) if forget else torch.ones_like(i)
        size = c.shape[1] // i.shape[1]
        wide = lambda gate: gate.repeat_interleave(size, 1)
        c = wide(f) * c + wide(i) * (4 * sigmoid(net) - 2)
        h = wide(o) * (2 * sigmoid(c) - 1)
        return h, [h, c, cat([i, o], 1) if gates_are_sources else gates]

    return step


def lstm(p, x, s):
    i, f, z, o = (x @ p["weight_ih_l0"].T + s[0] @ p["weight_hh_l0"].T + p["bias_ih_l0"]).chunk(4, 1)
    c = sigmoid(f) * s[1] + sigmoid(i) * tanh(z)
    h = sigmoid(o) * tanh(c)
    return h, [h, c]


def projected_lstm(p, x, s):
    i, f, z, o = (x @ p["weight_ih_l0"].T + s[0] @ p["weight_hh_l0"].T + p["bias_ih_l0"]).chunk(4, 1)
    c = sigmoid(f) * s[1] + sigmoid(i) * tanh(z)
    h = (sigmoid(o) * tanh(c)) @ p["weight_hr_l0"].T
    return h, [h, c]


def variant(i_gate=True, f_gate="gate", o_gate=True, g=tanh, h_out=tanh, peepholes="full", gates_x=True, z_h=True, fgr=False):
    def step(p, x, s):
        h, c, gates = s
        look = (lambda c: c.detach()) if peepholes == "forward" else (lambda c: c)

        def net(k, c):
            total = p["b_" + k]
            if k == "z" or gates_x:
                total = total + x @ p["W_" + k].T
            if k != "z" or z_h:
                total = total + h @ p["R_" + k].T
            if k != "z" and fgr:
                total = total + gates @ p["G_" + k].T
            if k != "z" and peepholes != "none":
                total = total + p["p_" + k] * look(c)
            return total

        one = torch.ones_like(c)
        i = sigmoid(net("i", c)) if i_gate else one
        f = sigmoid(net("f", c)) if f_gate == "gate" else one if f_gate == "one" else 1 - i
        c = f * c + i * g(net("z", c))
        o = sigmoid(net("o", c)) if o_gate else one
        h = o * h_out(c)
        return h, [h, c, cat([i, f, o], 1) if fgr else gates]

    names = [k for k in "ifzo" if not (k == "i" and not i_gate or k == "f" and f_gate != "gate" or k == "o" and not o_gate)]
    shapes = {}
    for k in names:
        gate = k != "z"
        if not gate or gates_x:
            shapes["W_" + k] = (H, I)
        if gate or z_h:
            shapes["R_" + k] = (H, H)
        if gate and fgr:
            shapes["G_" + k] = (H, 3 * H)
        if gate and peepholes != "none":
            shapes["p_" + k] = (H,)
        shapes["b_" + k] = (H,)
    return step, shapes, [(H,), (H,), (3 * H if fgr else 0,)]


def gru(after):
    def step(p, x, s):
        W, R, b, h = p["weight_ih_l0"], p["weight_hh_l0"], p["bias_ih_l0"], s[0]
        xr, xz, xn = (x @ W.T + b).chunk(3, 1)
        Rr, Rz, Rn = R.chunk(3, 0)
        r, z = sigmoid(xr + h @ Rr.T), sigmoid(xz + h @ Rz.T)
        n = tanh(xn + r * (h @ Rn.T + p["bias_hn_l0"])) if after else tanh(xn + (r * h) @ Rn.T)
        h = (1 - z) * n + z * h
        return h, [h]

    shapes = {"weight_ih_l0": (3 * H, I), "weight_hh_l0": (3 * H, H), "bias_ih_l0": (3 * H,)}
    return step, shapes | ({"bias_hn_l0": (H,)} if after else {}), [(H,)]


def layer_norm(a):
    return torch.nn.functional.layer_norm(a, a.shape[-1:])


def layer_norm_lstm(p, x, s):
    net = layer_norm(x @ p["W"].T) * p["gamma_x"] + layer_norm(s[0] @ p["R"].T) * p["gamma_h"] + p["b"]
    i, f, z, o = net.chunk(4, 1)
    c = sigmoid(f) * s[1] + sigmoid(i) * tanh(z)
    h = sigmoid(o) * tanh(layer_norm(c) * p["norm.weight"] + p["norm.bias"])
    return h, [h, c]


def conv_lstm(p, x, s):
    """Frames of 1 row and I columns, one channel, kernel 1 by 3; weights [4 channels, 3 places, (x, h)]."""
    both = torch.stack([x, s[0]], 1)  # [B, channels, columns]
    weight = p["WR"].reshape(4, 3, 2).permute(0, 2, 1)
    net = torch.nn.functional.conv1d(both, weight, p["b"], padding=1)
    i, f, z, o = (net[:, k] for k in range(4))
    i, f = sigmoid(i + p["p"][0] * s[1]), sigmoid(f + p["p"][1] * s[1])
    c = f * s[1] + i * tanh(z)
    h = sigmoid(o + p["p"][2] * c) * tanh(c)
    return h, [h, c]


def grid_lstm(p, x, s):
    def side(name, Hs, m):
        i, f, z, o = (Hs @ p[name + ".W"].T + p[name + ".b"]).chunk(4, 1)
        m = sigmoid(f) * m + sigmoid(i) * tanh(z)
        return tanh(sigmoid(o) * m), m

    h_depth, m_depth = (x @ p["in.weight"].T + p["in.bias"]).chunk(2, 1)
    state = []
    for layer in range(2):
        Hs = cat([s[2 * layer], h_depth], 1)
        state += side(f"time{layer}", Hs, s[2 * layer + 1])
        h_depth, m_depth = side(f"depth{layer}", Hs, m_depth)
    return h_depth, state + [h_depth]


def slstm(p, x, s):
    """Without the stabiliser: exp as it stands in the paper. The state c, n is that of m = 0."""
    i, f, z, o = (x @ p["W"].T + s[0] @ p["R"].T + p["b"]).chunk(4, 1)
    c = sigmoid(f) * s[1] + torch.exp(i) * tanh(z)
    n = sigmoid(f) * s[2] + torch.exp(i)
    h = sigmoid(o) * c / n
    return h, [h, c, n]


def mlstm(p, x, s):
    lin = lambda name: x @ p[name + ".weight"].T + p[name + ".bias"]
    q, k, v, o = lin("q"), lin("k") / math.sqrt(H), lin("v"), sigmoid(lin("o"))
    i, f = torch.exp(lin("gates")[:, :1]), sigmoid(lin("gates")[:, 1:])
    C = f[:, :, None] * s[0] + i[:, :, None] * v[:, :, None] * k[:, None, :]
    n = f * s[1] + i * k
    h = o * (C @ q[:, :, None])[:, :, 0] / torch.clamp((n * q).sum(1, keepdim=True).abs(), min=1)
    return h, [C, n, h]


def net(p, name, x, h):
    return x @ p["W_" + name].T + h @ p["R_" + name].T + p["b_" + name]


def mgu(p, x, s):
    f = sigmoid(net(p, "f", x, s[0]))
    h = (1 - f) * s[0] + f * tanh(net(p, "z", x, f * s[0]))
    return h, [h]


def janet(p, x, s):
    a = net(p, "f", x, s[0])
    h = sigmoid(a) * s[0] + (1 - sigmoid(a - 1)) * tanh(net(p, "z", x, s[0]))
    return h, [h]


def mut(number):
    def step(p, x, s):
        h = s[0]
        z = sigmoid(x @ p["W_z"].T + p["b_z"] if number == 1 else net(p, "z", x, tanh(h) if number == 3 else h))
        r = sigmoid(net(p, "r", x, h))
        seen = x @ p["W_n"].T
        n = tanh((r * h) @ p["R_n"].T + (tanh(seen) if number == 1 else seen) + p["b_n"])
        h = n * z + h * (1 - z)
        return h, [h]

    shapes = {"W_z": (H, I), "b_z": (H,)} if number == 1 else group("z")
    return step, shapes | group("r") | group("n"), [(H,)]


def indrnn(p, x, s):
    h = torch.clamp(x @ p["W"].T + p["u"] * s[0] + p["b"], min=0)
    return h, [h]


def highway(p, x, s):
    z, g = tanh(net(p, "z1", x, s[0])), sigmoid(net(p, "g1", x, s[0]))
    h = z * g + s[0] * (1 - g)
    z, g = tanh(h @ p["R_z2"].T + p["b_z2"]), sigmoid(h @ p["R_g2"].T + p["b_g2"])
    h = z * g + h * (1 - g)
    return h, [h]


def linear_gate(p, name, x):
    return x @ p[name + ".weight"].T + p[name + ".bias"]


def min_gru(p, x, s):
    z = sigmoid(linear_gate(p, "z", x))
    h = (1 - z) * s[0] + z * linear_gate(p, "n", x)
    return h, [h]


def min_lstm(p, x, s):
    f, i = sigmoid(linear_gate(p, "f", x)), sigmoid(linear_gate(p, "i", x))
    h = f / (f + i) * s[0] + i / (f + i) * linear_gate(p, "z", x)
    return h, [h]


def state_space(p, x, s):
    """Zero-order hold of s' = A s + u over a time of Delta, for four integrators a channel."""
    u = linear_gate(p, "in", x)
    A = -torch.exp(p["alpha"])
    a = torch.exp(torch.exp(p["delta"]) * A)
    state = a * s[0].reshape(-1, 4, H) + (a - 1) / A * u[:, None, :]
    h = (p["C"] * state).sum(1) + p["D"] * u
    return h, [state.reshape(-1, 4 * H), h]


def linear_attention(p, x, s):
    phi = lambda a: torch.nn.functional.elu(a) + 1
    q, k, v = phi(linear_gate(p, "q", x)), phi(linear_gate(p, "k", x)), linear_gate(p, "v", x)
    S = s[0] + k[:, :, None] * v[:, None, :]
    n = s[1] + k
    h = (q[:, None, :] @ S)[:, 0] / (n * q).sum(1, keepdim=True)
    return h, [S, n, h]


def identity(a):
    return a


lstm_shapes = {"weight_ih_l0": (4 * H, I), "weight_hh_l0": (4 * H, H), "bias_ih_l0": (4 * H,)}
S97 = I + H + 2 * H
w97 = {"W_c": (H, S97), "b_c": (H,), "W_i": (H, S97), "b_i": (H,), "W_o": (H, S97), "b_o": (H,)}
w00 = {"W_c": (H, I + H), "W_i": (H, I + H), "b_i": (H,), "W_f": (H, I + H), "b_f": (H,), "W_o": (H, I + H), "b_o": (H,)}
side_shapes = {f"{d}{k}.{n}": s for d in ("time", "depth") for k in range(2) for n, s in (("W", (4 * H, 2 * H)), ("b", (4 * H,)))}
group = lambda name: {"W_" + name: (H, I), "R_" + name: (H, H), "b_" + name: (H,)}
affine = lambda name, n: {name + ".weight": (n, I), name + ".bias": (n,)}

CELLS = {
    "Elman": (elman, {"weight_ih_l0": (H, I), "weight_hh_l0": (H, H), "bias_ih_l0": (H,)}, [(H,)]),
    "Jordan": (jordan, {"W": (H + 1, I), "U": (H + 1, H), "b": (H + 1,), "V": (H, H + 1), "a": (H,)}, [(H,)]),
    "IRNN": (irnn, {"weight_ih_l0": (H, I), "weight_hh_l0": (H, H), "bias_ih_l0": (H,)}, [(H,)]),
    "decaying context": (decaying_context, {"W": (H, I), "b": (H,), "d": (H,)}, [(H,)]),
    "LSTM 1997": (blocks(True, False, False), w97, [(H,), (H,), (2 * H,)]),
    "LSTM 1997 truncated": (blocks(True, False, True), w97, [(H,), (H,), (2 * H,)]),
    "LSTM 2000, forget gate": (blocks(False, True, False), w00, [(H,), (H,), (0,)]),
    "LSTM 2000 truncated": (blocks(False, True, True), w00, [(H,), (H,), (0,)]),
    "LSTM": (lstm, lstm_shapes, [(H,), (H,)]),
    "vanilla": variant(),
    "NIG": variant(i_gate=False),
    "NFG": variant(f_gate="one"),
    "NOG": variant(o_gate=False),
    "NIAF": variant(g=identity),
    "NOAF": variant(h_out=identity),
    "CIFG": variant(f_gate="coupled"),
    "NP": variant(peepholes="none"),
    "FGR": variant(fgr=True),
    "peephole 2000": variant(peepholes="forward", h_out=identity),
    "focused": variant(f_gate="one", peepholes="none", gates_x=False, z_h=False),
    "lightweight": variant(f_gate="one", o_gate=False, peepholes="none", gates_x=False, z_h=False),
    "linear g and h": variant(g=identity, h_out=identity, peepholes="none"),
    "scaled g and h": variant(g=lambda a: 4 * sigmoid(a) - 2, h_out=lambda a: 2 * sigmoid(a) - 1, peepholes="none"),
    "sigmoid g": variant(g=sigmoid, peepholes="none"),
    "fully connected gates": variant(peepholes="none", fgr=True),
    "projected LSTM": (
        projected_lstm,
        {"weight_ih_l0": (8 * H, I), "weight_hh_l0": (8 * H, H), "bias_ih_l0": (8 * H,), "weight_hr_l0": (H, 2 * H)},
        [(H,), (2 * H,)],
    ),
    "GRU": gru(True),
    "GRU, reset before": gru(False),
    "layer-normalised LSTM": (
        layer_norm_lstm,
        {"W": (4 * H, I), "R": (4 * H, H), "b": (4 * H,), "gamma_x": (4 * H,), "gamma_h": (4 * H,), "norm.weight": (H,), "norm.bias": (H,)},
        [(H,), (H,)],
    ),
    "ConvLSTM": (conv_lstm, {"WR": (4, 6), "b": (4,), "p": (3, I)}, [(I,), (I,)]),
    "Grid LSTM": (grid_lstm, affine("in", 2 * H) | side_shapes, [(H,)] * 5),
    "sLSTM": (slstm, {"W": (4 * H, I), "R": (4 * H, H), "b": (4 * H,)}, [(H,), (H,), (H,)]),
    "MGU": (mgu, group("f") | group("z"), [(H,)]),
    "JANET": (janet, group("f") | group("z"), [(H,)]),
    "MUT1": mut(1),
    "MUT2": mut(2),
    "MUT3": mut(3),
    "IndRNN": (indrnn, {"W": (H, I), "u": (H,), "b": (H,)}, [(H,)]),
    "recurrent highway": (
        highway,
        group("z1") | group("g1") | {"R_z2": (H, H), "b_z2": (H,), "R_g2": (H, H), "b_g2": (H,)},
        [(H,)],
    ),
    "minGRU": (min_gru, affine("z", H) | affine("n", H), [(H,)]),
    "minLSTM": (min_lstm, affine("f", H) | affine("i", H) | affine("z", H), [(H,)]),
    "diagonal state space": (
        state_space,
        affine("in", H) | {"alpha": (4, H), "delta": (H,), "C": (4, H), "D": (H,)},
        [(4 * H,), (H,)],
    ),
    "linear attention": (linear_attention, affine("q", H) | affine("k", H) | affine("v", H), [(H, H), (H,), (H,)]),
    "mLSTM": (mlstm, affine("q", H) | affine("k", H) | affine("v", H) | affine("o", H) | affine("gates", 2), [(H, H), (H,), (H,)]),
}


def case(name, step, shapes, state_shapes):
    torch.manual_seed(11)
    p = {key: (rounded(*shape) * 0.5).float().double().requires_grad_() for key, shape in shapes.items()}
    first = [rounded(BATCH, *shape).requires_grad_() for shape in state_shapes]
    if name == "linear attention":  # a sum of keys is positive
        first[1] = (rounded(BATCH, H).abs() + 1).float().double().requires_grad_()
    if name == "sLSTM":  # a normaliser is positive
        first[2] = (rounded(BATCH, H).abs() + 1).float().double().requires_grad_()
    x = [rounded(BATCH, STEPS, I).requires_grad_() for _ in range(2)]
    state, out, loss = first, {}, 0.0
    for k in range(2):
        y = []
        for t in range(STEPS):
            h, state = step(p, x[k][:, t], state)
            y.append(h)
        y = torch.stack(y, 1)
        w = rounded(*y.shape)
        loss = loss + (y * w).sum()
        out |= {f"x{k}": x[k], f"y{k}": y, f"w{k}": w}
    loss.backward()
    for k in range(2):
        out[f"dx{k}"] = x[k].grad
    for k, s in enumerate(first):
        if s.numel() > 0:
            zero = torch.zeros_like(s)
            out |= {f"s{k}": s, f"ds{k}": zero if s.grad is None else s.grad}
    for key, value in p.items():
        out |= {key: value, f"d_{key}": value.grad}
    out["loss"] = loss
    save("cells/" + name.replace(",", "").replace(" ", "-"), out)


(HERE / "cells").mkdir(exist_ok=True)
for name, (step, shapes, states) in CELLS.items():
    case(name, step, shapes, states)
