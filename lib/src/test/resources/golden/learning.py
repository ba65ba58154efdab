"""Golden vectors for learning algorithms: an Elman layer in PyTorch, float64, its gradients by autograd of the graph that
each algorithm defines. The loss is the sum of e_t · h_t.
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
save("learning", out)
