"""Golden vectors of recurrent layers, computed by PyTorch in float64.

Run once with any PyTorch from 1.13 on:  python3 generate.py
Writes one safetensors file per case beside this script. Inputs and weights are rounded to float32 first, so that a
float32 library starts from exactly the same numbers. Two windows are chained: the state after the first one is the
state before the second, and one loss covers both, so gradients also pass from window to window.
"""

import torch
from generate_common import rounded, save


def recurrent(name, layer, batch, steps, inputs, hidden, lstm):
    torch.manual_seed(7)
    layer = layer(inputs, hidden, batch_first=True).double()
    with torch.no_grad():
        for p in layer.parameters():
            p.copy_(rounded(*p.shape) * 0.5)
    x = [rounded(batch, steps, inputs).requires_grad_() for _ in range(2)]
    w = [rounded(batch, steps, hidden) for _ in range(2)]
    first = [rounded(1, batch, hidden).requires_grad_() for _ in range(2 if lstm else 1)]
    state = tuple(first) if lstm else first[0]
    out, loss = {}, 0.0
    for k in range(2):
        y, state = layer(x[k], state)
        out[f"y{k}"] = y
        loss = loss + (y * w[k]).sum()
    last = state if lstm else (state,)
    v = [rounded(batch, hidden) for _ in last]
    loss = loss + sum((s[0] * u).sum() for s, u in zip(last, v))
    loss.backward()
    for k in range(2):
        out |= {f"x{k}": x[k], f"w{k}": w[k], f"dx{k}": x[k].grad}
    for letter, s0, s, u in zip("hc", first, last, v):
        out |= {f"{letter}0": s0[0], f"{letter}Last": s[0], f"v_{letter}": u, f"d{letter}0": s0.grad[0]}
    for key, p in layer.named_parameters():
        out |= {key: p, f"d_{key}": p.grad}
    out["loss"] = loss
    save(name, out)


def cross_entropy():
    torch.manual_seed(8)
    x = (rounded(6, 5) * 3).requires_grad_()
    target = torch.tensor([0, 4, 2, -1, 1, 4])
    loss = torch.nn.functional.cross_entropy(x, target, ignore_index=-1)
    loss.backward()
    save("cross_entropy", {"x": x, "target": target.double(), "loss": loss, "dx": x.grad})


def optimizers():
    """Ten steps on a fixed quadratic 0.5 Σ a θ² with each rule; the parameters after every step."""
    torch.manual_seed(9)
    a, theta = rounded(7).abs() + 0.1, rounded(7)
    rules = {
        "sgd": lambda p: torch.optim.SGD(p, 0.05),
        "momentum": lambda p: torch.optim.SGD(p, 0.05, momentum=0.9),
        "nesterov": lambda p: torch.optim.SGD(p, 0.05, momentum=0.9, nesterov=True),
        "adam": lambda p: torch.optim.Adam(p, 0.05),
    }
    out = {"a": a, "theta": theta}
    for name, rule in rules.items():
        p = theta.clone().requires_grad_()
        optimizer, path = rule([p]), []
        for _ in range(10):
            optimizer.zero_grad()
            (0.5 * a * p * p).sum().backward()
            optimizer.step()
            path.append(p.detach().clone())
        out[name] = torch.stack(path)
    save("optimizers", out)


recurrent("lstm", torch.nn.LSTM, batch=3, steps=5, inputs=4, hidden=6, lstm=True)
recurrent("elman", torch.nn.RNN, batch=3, steps=5, inputs=4, hidden=6, lstm=False)
cross_entropy()
optimizers()
