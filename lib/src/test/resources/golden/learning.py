"""Golden vectors for learning algorithms in PyTorch, float64: gradients by autograd of the graph that each algorithm defines,
of an Elman layer, of Mozer's context units and of the blocks of 1997; UORO by its equations, with given signs. The loss is the
sum of e_t · h_t.
"""

import torch

from generate_common import rounded, save

torch.manual_seed(3)
B, T, I, H = 2, 11, 3, 5
WINDOW, STRIDE = 4, 3

weights = {"weight_ih_l0": (H, I), "weight_hh_l0": (H, H), "bias_ih_l0": (H,)}
p = {name: (0.5 * rounded(*shape)).requires_grad_() for name, shape in weights.items()}
x, e = rounded(B, T, I), rounded(B, T, H)


def step(t, h):
    return torch.tanh(x[:, t] @ p["weight_ih_l0"].T + h @ p["weight_hh_l0"].T + p["bias_ih_l0"])


def diagonal(t, h):
    """The same step; of what h does to the units, derivatives see only what each does to itself."""
    R, fixed = p["weight_hh_l0"], h.detach()
    own = (h - fixed) * R.diagonal().detach()
    return torch.tanh(x[:, t] @ p["weight_ih_l0"].T + fixed @ R.T + own + p["bias_ih_l0"])


def states(step):
    h, all = torch.zeros(B, H, dtype=torch.float64), []
    for t in range(T):
        h = step(t, h)
        all.append(h)
    return all


def truncated():
    """After every h' steps their errors go back through the last h steps, where the graph is cut."""
    values, loss = [torch.zeros(B, H, dtype=torch.float64)] + [h.detach() for h in states(step)], 0
    for first in range(0, T, STRIDE):
        last = min(first + STRIDE, T) - 1
        begin = max(0, last - WINDOW + 1)
        h = values[begin]
        for t in range(begin, last + 1):
            h = step(t, h)
            loss = loss + ((e[:, t] * h).sum() if t >= first else 0)
    return loss


def whole(step):
    return sum((e[:, t] * h).sum() for t, h in enumerate(states(step)))


out = {"x": x, "e": e, **{name: w.detach() for name, w in p.items()}}
for kind, loss in (("full", whole(step)), ("truncated", truncated()), ("diagonal", whole(diagonal))):
    for (name, w), g in zip(p.items(), torch.autograd.grad(loss, list(p.values()))):
        out[f"{kind}.{name}"] = g

# Tallec and Ollivier 2017, algorithm 1; ν of step t, sequence b: the first booleans of RandomStream.of(7)
SIGNS = (
    "--++-------++++++-+++---++--+-+---++-+--++----+++++---+"
    "---++--+---++++--+-++--+++-+---+-+-+--+++-++++---++++++"
)
nu = torch.tensor([1.0 if c == "+" else -1.0 for c in SIGNS], dtype=torch.float64).reshape(T, B, H)
size = sum(w.numel() for w in p.values())


def flat(parts):
    return torch.cat([g.reshape(-1) for g in parts])


def root(a, b):
    return (a.norm() / b.norm()).sqrt() if a.norm() > 0 and b.norm() > 0 else torch.ones((), dtype=torch.float64)


def uoro():
    total = torch.zeros(size, dtype=torch.float64)
    h = torch.zeros(B, H, dtype=torch.float64)
    u, v = torch.zeros(B, H, dtype=torch.float64), torch.zeros(B, size, dtype=torch.float64)
    for t in range(T):
        before = h.detach()
        h = step(t, before)
        for b in range(B):
            J = torch.autograd.functional.jacobian(lambda s: step(t, s.expand(B, H))[b], before[b])
            direct = flat(torch.autograd.grad((nu[t, b] * h[b]).sum(), list(p.values()), retain_graph=True))
            ju = J @ u[b]
            past, fresh = root(v[b], ju), root(direct, nu[t, b])
            u[b] = past * ju + fresh * nu[t, b]
            v[b] = v[b] / past + direct / fresh
            total += (e[b, t] @ u[b]) * v[b]
    return total


for (name, w), g in zip(p.items(), uoro().split([w.numel() for w in p.values()])):
    out[f"uoro.{name}"] = g.reshape(w.shape)


def other(kind, shapes, step, parts):
    """The same loss of another cell, the gradients by autograd of its own graph."""
    q = {name: (0.5 * rounded(*shape)).float().double().requires_grad_() for name, shape in shapes.items()}
    e, state, loss = rounded(B, T, 4), [torch.zeros(B, n, dtype=torch.float64) for n in parts], 0
    for t in range(T):
        h, state = step(q, x[:, t], state)
        loss = loss + (e[:, t] * h).sum()
    out[f"{kind}.e"] = e
    for (name, w), g in zip(q.items(), torch.autograd.grad(loss, list(q.values()))):
        out[f"{kind}.of.{name}"], out[f"{kind}.{name}"] = w.detach(), g


def context(q, x, state):
    c = q["d"] * state[0] + torch.tanh(x @ q["W"].T + q["b"])
    return c, [c]


def blocks1997(q, x, state):
    """Two blocks of two cells: what passes from step to step through h and the gates is cut, c is not."""
    h, c, gates = state[0].detach(), state[1], state[2].detach()
    s = torch.cat([x, h, gates], 1)
    i, o = (torch.sigmoid(s @ q[f"W_{k}"].T + q[f"b_{k}"]) for k in "io")
    c = c + i.repeat_interleave(2, 1) * (4 * torch.sigmoid(s @ q["W_c"].T + q["b_c"]) - 2)
    h = o.repeat_interleave(2, 1) * (2 * torch.sigmoid(c) - 1)
    return h, [h, c, torch.cat([i, o], 1)]


other("focused", {"W": (4, I), "b": (4,), "d": (4,)}, context, [4])
sources = I + 4 + 4
other(
    "1997",
    {"W_c": (4, sources), "b_c": (4,), "W_i": (2, sources), "b_i": (2,), "W_o": (2, sources), "b_o": (2,)},
    blocks1997,
    [4, 4, 4],
)
save("learning", out)
