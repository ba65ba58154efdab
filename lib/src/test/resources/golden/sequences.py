"""Golden vectors of encoder-decoders, computed by PyTorch in float64.

Run once with any PyTorch from 2.0 on:  python3 sequences.py
Writes attention/bahdanau, luong, transformer-pre, transformer-post and smoothing: parameters under the names of the
library, logits, gradients d_NAME. Bahdanau and Luong are written from the equations of their papers; the Transformer is
nn.Transformer.
"""

import math

import torch
from generate_common import HERE, rounded, save

SOURCES, TARGETS = [[3, 4, 5, 6, 3], [6, 5, 4]], [[2, 3, 4], [5]]
BEGIN, END, V, E, H, A = 0, 1, 7, 4, 6, 6
LENGTHS = [len(s) for s in SOURCES]
U, T = max(LENGTHS), 1 + max(len(t) for t in TARGETS)
INPUTS = [([BEGIN] + t + [END] * T)[:T] for t in TARGETS]
HIDDEN = torch.arange(U)[None, :] >= torch.tensor(LENGTHS)[:, None]


def leaf(*shape):
    return (rounded(*shape) * 0.5).float().double().requires_grad_()


def finish(name, params, y, extra=None):
    w = rounded(*y.shape)
    for b, t in enumerate(TARGETS):
        w[b, len(t) + 1 :] = 0  # behind the end
    (y * w).sum().backward()
    out = {"y": y, "w": w} | (extra or {})
    for key, value in params.items():
        out |= {key: value, "d_" + key: value.grad}
    save("attention/" + name, out)


def gru(p, name, x, h):
    W, R, b, a = (p[f"{name}.{n}"] for n in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hn_l0"))
    i, r = (x @ W.T + b).chunk(3, -1), (h @ R.T).chunk(3, -1)
    reset, keep = torch.sigmoid(i[0] + r[0]), torch.sigmoid(i[1] + r[1])
    n = torch.tanh(i[2] + reset * (r[2] + a))
    return (1 - keep) * n + keep * h


def gru_parameters(name, inputs, hidden):
    return {
        f"{name}.weight_ih_l0": leaf(3 * hidden, inputs),
        f"{name}.weight_hh_l0": leaf(3 * hidden, hidden),
        f"{name}.bias_ih_l0": leaf(3 * hidden),
        f"{name}.bias_hn_l0": leaf(hidden),
    }


def lstm(p, name, x, h, c):
    a = x @ p[name + ".weight_ih_l0"].T + h @ p[name + ".weight_hh_l0"].T + p[name + ".bias_ih_l0"]
    i, f, z, o = a.chunk(4, -1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(z)
    return torch.sigmoid(o) * torch.tanh(c), c


def lstm_parameters(name, inputs, hidden):
    return {
        f"{name}.weight_ih_l0": leaf(4 * hidden, inputs),
        f"{name}.weight_hh_l0": leaf(4 * hidden, hidden),
        f"{name}.bias_ih_l0": leaf(4 * hidden),
    }


def affine(name, outputs, inputs):
    return {f"{name}.weight": leaf(outputs, inputs), f"{name}.bias": leaf(outputs)}


def apply(p, name, x):
    return x @ p[name + ".weight"].T + p[name + ".bias"]


def additive(p, name, s, h, length):
    e = torch.tanh(s @ p[name + ".W"].T + h @ p[name + ".U"].T) @ p[name + ".v"][0]
    return torch.softmax(e[:length], 0)


def padded(rows):
    return torch.stack([torch.cat([r, torch.zeros(T - len(r), *r.shape[1:], dtype=r.dtype)]) for r in rows])


def bahdanau():
    torch.manual_seed(31)
    p = {"encoder.embedding.weight": leaf(V, E)}
    p |= gru_parameters("encoder.reader.forward", E, H) | gru_parameters("encoder.reader.backward", E, H)
    p |= affine("encoder.start", H, H) | {"decoder.embedding.weight": leaf(V, E)}
    p |= {"decoder.attention.W": leaf(A, H), "decoder.attention.U": leaf(A, 2 * H), "decoder.attention.v": leaf(1, A)}
    p |= gru_parameters("decoder.cell", E + 2 * H, H)
    p |= affine("decoder.deep", H, H + E + 2 * H) | affine("decoder.out", V, H)
    logits, alphas = [], []
    for source, inputs in zip(SOURCES, INPUTS):
        x = p["encoder.embedding.weight"][source]
        there, back, h = [], [], torch.zeros(H, dtype=torch.float64)
        for t in range(len(source)):
            h = gru(p, "encoder.reader.forward", x[t], h)
            there.append(h)
        h = torch.zeros(H, dtype=torch.float64)
        for t in reversed(range(len(source))):
            h = gru(p, "encoder.reader.backward", x[t], h)
            back.insert(0, h)
        notes = torch.cat([torch.stack(there), torch.stack(back)], 1)
        s, rows, looks = torch.tanh(apply(p, "encoder.start", back[0])), [], []
        for token in inputs:
            y = p["decoder.embedding.weight"][token]
            alpha = additive(p, "decoder.attention", s, notes, len(source))
            c = alpha @ notes
            s = gru(p, "decoder.cell", torch.cat([y, c]), s)
            rows.append(apply(p, "decoder.out", torch.tanh(apply(p, "decoder.deep", torch.cat([s, y, c])))))
            looks.append(alpha)
        logits.append(torch.stack(rows))
        alphas.append(torch.stack(looks))
    finish("bahdanau", p, torch.stack(logits), {"alpha": alphas[0]})


def luong():
    """General scores and input feeding."""
    torch.manual_seed(32)
    p = {"encoder.embedding.weight": leaf(V, E)} | lstm_parameters("encoder.cell", E, H)
    p |= {"decoder.embedding.weight": leaf(V, E), "decoder.attention.W": leaf(H, H)}
    p |= lstm_parameters("decoder.cell", E + H, H) | affine("decoder.combine", H, 2 * H) | affine("decoder.out", V, H)
    logits, alphas = [], []
    for source, inputs in zip(SOURCES, INPUTS):
        h = c = torch.zeros(H, dtype=torch.float64)
        outputs = []
        for token in source:
            h, c = lstm(p, "encoder.cell", p["encoder.embedding.weight"][token], h, c)
            outputs.append(h)
        notes, fed, rows, looks = torch.stack(outputs), torch.zeros(H, dtype=torch.float64), [], []
        for token in inputs:
            h, c = lstm(p, "decoder.cell", torch.cat([p["decoder.embedding.weight"][token], fed]), h, c)
            alpha = torch.softmax(notes @ (h @ p["decoder.attention.W"]), 0)
            fed = torch.tanh(apply(p, "decoder.combine", torch.cat([alpha @ notes, h])))
            rows.append(apply(p, "decoder.out", fed))
            looks.append(alpha)
        logits.append(torch.stack(rows))
        alphas.append(torch.stack(looks))
    finish("luong", p, torch.stack(logits), {"alpha": alphas[0]})


def waves(steps, size):
    t, k = torch.arange(steps, dtype=torch.float64)[:, None], torch.arange(0, size, 2, dtype=torch.float64)[None, :]
    angle = t / 10000 ** (k / size)
    return torch.stack([torch.sin(angle), torch.cos(angle)], 2).reshape(steps, size)


def transformer(pre):
    torch.manual_seed(33)
    size = 8
    model = torch.nn.Transformer(size, 2, 2, 2, 12, dropout=0.0, batch_first=True, norm_first=pre).double()
    if not pre:  # the paper has no norm behind the last layer
        model.encoder.norm = model.decoder.norm = None
    with torch.no_grad():
        for v in model.parameters():
            v.copy_((rounded(*v.shape) * 0.5).float())
    p = {"encoder.embedding.weight": leaf(V, size), "decoder.embedding.weight": leaf(V, size)} | affine("decoder.out", V, size)
    source = torch.tensor([s + [0] * (U - len(s)) for s in SOURCES])
    x = p["encoder.embedding.weight"][source] * math.sqrt(size) + waves(U, size)
    y = p["decoder.embedding.weight"][torch.tensor(INPUTS)] * math.sqrt(size) + waves(T, size)
    causal = torch.triu(torch.full((T, T), -torch.inf, dtype=torch.float64), 1)
    h = model(x, y, tgt_mask=causal, src_key_padding_mask=HIDDEN, memory_key_padding_mask=HIDDEN)
    p |= {k: v for k, v in model.named_parameters()}
    finish("transformer-" + ("pre" if pre else "post"), p, apply(p, "decoder.out", h))


def smoothing():
    torch.manual_seed(34)
    logits = leaf(2, 3, V)
    targets = torch.tensor([[1, 4, -1], [0, 6, 2]])
    loss = torch.nn.functional.cross_entropy(
        logits.reshape(6, V), targets.reshape(6), ignore_index=-1, label_smoothing=0.1
    )
    loss.backward()
    save("attention/smoothing", {"logits": logits, "d_logits": logits.grad, "loss": loss})


(HERE / "attention").mkdir(exist_ok=True)
bahdanau()
luong()
transformer(True)
transformer(False)
smoothing()
