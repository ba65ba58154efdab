"""Golden vectors of self-attention, computed by PyTorch in float64 from the equations of the papers.

Run once with any PyTorch from 2.0 on:  python3 self_attention.py
Writes attention/NAME.safetensors: parameters under the names of the library, inputs, outputs, gradients d_NAME.
tape: Cheng, Dong, Lapata 2016, eqs. (4)-(9), step by step and sequence by sequence.
plain, key-value, key-value-predict, ngram: Daniluk et al. 2017, section 2, step by step over slices of the past.
"""

import torch
from generate_common import HERE, rounded, save

B, T, I, H, A, D, L = 2, 5, 3, 4, 6, 4, 3
LENGTHS = [5, 3]


def leaf(*shape):
    return (rounded(*shape) * 0.5).float().double().requires_grad_()


def finish(name, inputs, params, y, extra):
    weight = rounded(*y.shape)
    (y * weight).sum().backward()
    out = {"y": y, "loss_weight": weight} | extra
    for key, value in (inputs | params).items():
        out |= {key: value, "d_" + key: value.grad}
    save("attention/" + name, out)


def padded(rows, steps):
    return torch.cat([rows, rows.new_zeros(steps - rows.shape[0], rows.shape[1])])


def tape(window):
    torch.manual_seed(31)
    p = {
        "attention.W": leaf(A, I + H),
        "attention.U": leaf(A, H),
        "attention.v": leaf(1, A),
        "lstm.weight_ih_l0": leaf(4 * H, I),
        "lstm.weight_hh_l0": leaf(4 * H, H),
        "lstm.bias_ih_l0": leaf(4 * H),
    }
    x = leaf(B, T, I)
    Wx, Ws = p["attention.W"][:, :I], p["attention.W"][:, I:]
    ys, alphas = [], []
    for b in range(B):
        hs, cs, read = [torch.zeros(H).double()], [torch.zeros(H).double()], torch.zeros(H).double()
        out, alpha = [], []
        for t in range(LENGTHS[b]):
            xt = x[b, t]
            first = max(0, len(hs) - window)
            h_tape, c_tape = torch.stack(hs[first:]), torch.stack(cs[first:])
            a = torch.stack([(p["attention.v"] @ torch.tanh(p["attention.U"] @ h + Wx @ xt + Ws @ read))[0] for h in h_tape])
            s = torch.softmax(a, 0)
            read, c = s @ h_tape, s @ c_tape
            net = p["lstm.weight_ih_l0"] @ xt + p["lstm.weight_hh_l0"] @ read + p["lstm.bias_ih_l0"]
            i, f, z, o = net.chunk(4)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(z)
            hs.append(torch.sigmoid(o) * torch.tanh(c))
            cs.append(c)
            out.append(hs[-1])
            alpha.append(torch.cat([s.new_zeros(first), s, s.new_zeros(T - first - len(s))]))
        ys.append(padded(torch.stack(out), T))
        alphas.append(padded(torch.stack(alpha), T))
    finish("tape-" + str(window), {"x": x}, p, torch.stack(ys), {"alpha": torch.stack(alphas)})


def key_value(name, parts):
    torch.manual_seed(32)
    p = {"W_Y": leaf(D, D), "W_h": leaf(D, D), "w": leaf(1, D), "W_r": leaf(D, D), "W_x": leaf(D, D)}
    h = leaf(B, T, parts * D)
    ys, alphas = [], []
    for b in range(B):
        cut = h[b].split(D, 1)
        k, v, predict = cut[0], cut[min(1, parts - 1)], cut[parts - 1]
        out, weights = [], []
        for t in range(LENGTHS[b]):
            first = max(0, t - L)
            r, row = torch.zeros(D).double(), torch.zeros(L).double()
            if t > 0:
                M = torch.tanh(p["W_Y"] @ k[first:t].T + (p["W_h"] @ k[t])[:, None])
                alpha = torch.softmax(p["w"] @ M, 1)
                r = (alpha @ v[first:t])[0]
                row = torch.cat([torch.zeros(L - (t - first)).double(), alpha[0]])
            out.append(torch.tanh(p["W_r"] @ r + p["W_x"] @ predict[t]))
            weights.append(row)
        ys.append(padded(torch.stack(out), T))
        alphas.append(padded(torch.stack(weights), T))
    finish(name, {"h": h}, p, torch.stack(ys), {"alpha": torch.stack(alphas)})


def ngram():
    torch.manual_seed(33)
    p, h = {"W": leaf(D, 3 * D)}, leaf(B, T, 3 * D)
    ys = []
    for b in range(B):
        parts, out = h[b].split(D, 1), []
        for t in range(LENGTHS[b]):
            seen = [parts[n][t - n] if t >= n else torch.zeros(D).double() for n in range(3)]
            out.append(torch.tanh(p["W"] @ torch.cat(seen)))
        ys.append(padded(torch.stack(out), T))
    finish("ngram", {"h": h}, p, torch.stack(ys), {})


tape(100)
tape(3)
key_value("plain", 1)
key_value("key-value", 2)
key_value("key-value-predict", 3)
ngram()
