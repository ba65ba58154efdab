"""Golden vectors of attention, computed by PyTorch in float64.

Run once with any PyTorch from 2.0 on:  python3 attention.py
Writes attention/NAME.safetensors: parameters under the names of the library, inputs, outputs, gradients d_NAME. Bahdanau,
Luong and Lin are written from the equations of their papers; the rest are PyTorch's own modules.
"""

import math

import torch
from generate_common import HERE, rounded, save

B, T, U, S, H, A, E = 2, 3, 5, 4, 6, 7, 8
LENGTHS = torch.tensor([5, 3])
HIDDEN = torch.arange(U)[None, :] >= LENGTHS[:, None]


def parameters(module):
    with torch.no_grad():
        for p in module.parameters():
            p.copy_((rounded(*p.shape) * 0.5).float())
    return module.double()


def finish(name, inputs, params, y, extra=None):
    w = rounded(*y.shape)
    (y * w).sum().backward()
    out = {"y": y, "w": w} | (extra or {})
    for key, value in (inputs | params).items():
        out |= {key: value, "d_" + key: value.grad}
    save("attention/" + name, out)


def leaf(*shape):
    return rounded(*shape).requires_grad_()


def read(scores, h):
    alpha = torch.softmax(scores.masked_fill(HIDDEN, -torch.inf), 1)
    return (alpha[:, :, None] * h).sum(1), alpha


def scores():
    torch.manual_seed(21)
    p = {"W": leaf(A, S), "U": leaf(A, H), "v": leaf(1, A)}
    i = {"s": leaf(B, S), "h": leaf(B, U, H)}
    e = (torch.tanh((i["s"] @ p["W"].T)[:, None] + i["h"] @ p["U"].T) @ p["v"].T)[:, :, 0]
    c, alpha = read(e, i["h"])
    finish("additive", i, p, c, {"alpha": alpha})

    p = {"W": leaf(S, H)}
    i = {"s": leaf(B, S), "h": leaf(B, U, H)}
    c, alpha = read(torch.einsum("bs,sh,buh->bu", i["s"], p["W"], i["h"]), i["h"])
    finish("general", i, p, c, {"alpha": alpha})

    i = {"s": leaf(B, H), "h": leaf(B, U, H)}
    c, alpha = read(torch.einsum("bh,buh->bu", i["s"], i["h"]), i["h"])
    finish("dot", i, {}, c, {"alpha": alpha})

    i = {"s": leaf(B, H), "h": leaf(B, U, H)}
    c, alpha = read(torch.einsum("bh,buh->bu", i["s"], i["h"]) / math.sqrt(H), i["h"])
    finish("scaled", i, {}, c, {"alpha": alpha})

    i, p = {"s": leaf(B, H), "h": leaf(B, U, H)}, {"beta": torch.tensor([2.0], dtype=torch.float64, requires_grad=True)}
    e = p["beta"] * torch.nn.functional.cosine_similarity(i["s"][:, None], i["h"], dim=2)
    c, alpha = read(e, i["h"])
    finish("cosine", i, p, c, {"alpha": alpha})


def local():
    """Luong's predictive alignment with D = 2 around general scores."""
    torch.manual_seed(22)
    D = 2
    p = {"global.W": leaf(S, H), "W": leaf(A, S), "v": leaf(1, A)}
    i = {"s": leaf(B, S), "h": leaf(B, U, H)}
    e = torch.einsum("bs,sh,buh->bu", i["s"], p["global.W"], i["h"])
    place = LENGTHS[:, None] * torch.sigmoid(torch.tanh(i["s"] @ p["W"].T) @ p["v"].T)
    j = torch.arange(U)[None, :]
    middle = torch.minimum(place.detach(), LENGTHS[:, None] - 1.0)
    e = e.masked_fill((j - middle).abs() > D, -torch.inf)
    alpha = torch.softmax(e.masked_fill(HIDDEN, -torch.inf), 1) * torch.exp(-((j - place) ** 2) / (2 * (D / 2) ** 2))
    c = (alpha[:, :, None] * i["h"]).sum(1)
    finish("local", i, p, c, {"alpha": alpha, "place": place})


def sentence():
    torch.manual_seed(23)
    p, i = {"W1": leaf(A, H), "W2": leaf(3, A)}, {"h": leaf(B, U, H)}
    a = (torch.tanh(i["h"] @ p["W1"].T) @ p["W2"].T).transpose(1, 2)
    a = torch.softmax(a.masked_fill(HIDDEN[:, None], -torch.inf), 2)
    penalty = ((a @ a.transpose(1, 2) - torch.eye(3, dtype=torch.float64)) ** 2).sum() / B
    m = a @ i["h"]
    y = torch.cat([m.reshape(-1), penalty[None]])
    finish("sentence", i, p, y, {"alpha": a})


def modules():
    torch.manual_seed(24)
    layer = parameters(torch.nn.MultiheadAttention(E, 2, batch_first=True))
    x, source = leaf(B, T, E), leaf(B, U, E)
    y, alpha = layer(x, source, source, key_padding_mask=HIDDEN, average_attn_weights=False)
    finish("multi-head", {"x": x, "source": source}, dict(layer.named_parameters()), y, {"alpha": alpha})

    for pre in (False, True):
        kind = "pre" if pre else "post"
        layer = parameters(torch.nn.TransformerEncoderLayer(E, 2, 12, dropout=0.0, batch_first=True, norm_first=pre))
        x = leaf(B, T, E)
        causal = torch.triu(torch.full((T, T), -torch.inf, dtype=torch.float64), 1)
        y = layer(x, src_mask=causal)
        finish("encoder-" + kind, {"x": x}, dict(layer.named_parameters()), y)

        layer = parameters(torch.nn.TransformerDecoderLayer(E, 2, 12, dropout=0.0, batch_first=True, norm_first=pre))
        x, source = leaf(B, T, E), leaf(B, U, E)
        y = layer(x, source, tgt_mask=causal, memory_key_padding_mask=HIDDEN)
        finish("decoder-" + kind, {"x": x, "source": source}, dict(layer.named_parameters()), y)


def turned(x):
    """Su et al. 2021, eq. (34): pairs of neighbours, x [B, N, T, d]."""
    d = x.shape[-1]
    theta = 10000.0 ** (-2 * torch.arange(d // 2, dtype=torch.float64) / d)
    angle = torch.arange(x.shape[-2], dtype=torch.float64)[:, None] * theta
    z = torch.view_as_complex(x.reshape(*x.shape[:-1], d // 2, 2)) * torch.polar(torch.ones_like(angle), angle)
    return torch.view_as_real(z).reshape(x.shape)


def distances():
    """Multi-head attention with rotary positions, and with linear biases; over a source, and causal over itself."""
    torch.manual_seed(25)
    heads, d = 2, E // 2
    for kind in ("rotary", "alibi"):
        for causal in (False, True):
            p = {"in_proj_weight": leaf(3 * E, E), "in_proj_bias": leaf(3 * E)}
            p |= {"out_proj.weight": leaf(E, E), "out_proj.bias": leaf(E)}
            i = {"x": leaf(B, U if causal else T, E)} | ({} if causal else {"source": leaf(B, U, E)})
            W, b = p["in_proj_weight"].split(E), p["in_proj_bias"].split(E)
            read = i["x"] if causal else i["source"]
            q, k, v = (
                (of @ W[n].T + b[n]).reshape(B, -1, heads, d).transpose(1, 2)
                for n, of in enumerate((i["x"], read, read))
            )
            if kind == "rotary":
                q, k = turned(q), turned(k)
            scores = q @ k.transpose(2, 3) / math.sqrt(d)
            away = torch.arange(q.shape[2])[:, None] - torch.arange(U)
            if kind == "alibi":
                scores = scores - torch.tensor([2.0**-4, 2.0**-8])[:, None, None] * away.abs()
            hidden = away < 0 if causal else HIDDEN[:, None, None]
            alpha = torch.softmax(scores.masked_fill(hidden, -torch.inf), 3)
            y = (alpha @ v).transpose(1, 2).reshape(B, -1, E) @ p["out_proj.weight"].T + p["out_proj.bias"]
            finish(kind + ("-causal" if causal else "-source"), i, p, y, {"alpha": alpha})


(HERE / "attention").mkdir(exist_ok=True)
scores()
local()
sentence()
modules()
distances()
