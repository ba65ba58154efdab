"""Golden vectors for regularisers, optimisers and schedules: PyTorch in float64, written from the equations."""

import torch

from generate_common import rounded, save

torch.manual_seed(20)
B, T, I, H = 3, 5, 4, 6


def leaf(*shape):
    return rounded(*shape).requires_grad_()


def bernoulli(p, *shape):
    return (torch.rand(*shape, dtype=torch.float64) < p).double()


def grads(out, loss, named):
    loss.backward()
    out["loss"] = loss.detach()
    for name, t in named.items():
        out[name] = t.detach()
        out["d_" + name] = t.grad


def lstm(W, R, b, x, h, c, step):
    """One LSTM, whose parts a regulariser may change: step(t, i, f, z, o, h, c) -> h, c."""
    ys = []
    for t in range(x.shape[1]):
        i, f, z, o = (x[:, t] @ W.T + h @ R.T + b).chunk(4, 1)
        h, c = step(t, i.sigmoid(), f.sigmoid(), z.tanh(), o.sigmoid(), h, c)
        ys.append(h)
    return torch.stack(ys, 1), h, c


def weights():
    return {
        "weight_ih_l0": leaf(4 * H, I),
        "weight_hh_l0": leaf(4 * H, H),
        "bias_ih_l0": leaf(4 * H),
        "x": leaf(B, T, I),
        "h0": leaf(B, H),
        "c0": leaf(B, H),
    }


def run(name, step, masks):
    v = weights()
    y, h, c = lstm(*v.values(), step)
    w = rounded(B, T, H)
    vh, vc = rounded(B, H), rounded(B, H)
    out = {"y": y.detach(), "h": h.detach(), "c": c.detach(), "w": w, "v_h": vh, "v_c": vc, **masks}
    grads(out, (y * w).sum() + (h * vh).sum() + (c * vc).sum(), v)
    save("regularisers/" + name, out)


def zoneout(dc, dh):
    def step(t, i, f, z, o, h, c):
        new = f * c + i * z
        h = dh[t] * h + (1 - dh[t]) * o * new.tanh()
        return h, dc[t] * c + (1 - dc[t]) * new

    return step


dc, dh = bernoulli(0.5, T, B, H), bernoulli(0.3, T, B, H)
run("zoneout", zoneout(dc, dh), {"dc": dc, "dh": dh})
share_c, share_h = torch.full((T, B, H), 0.5).double(), torch.full((T, B, H), 0.25).double()
run("zoneout-expected", zoneout(share_c, share_h), {"dc": share_c, "dh": share_h})

mz = bernoulli(0.75, T, B, H) / 0.75


def recurrent(t, i, f, z, o, h, c):
    c = f * c + i * (mz[t] * z)
    return o * c.tanh(), c


run("recurrent-dropout", recurrent, {"mz": mz})

# penalties
h = leaf(B, T, H)
loss = 0.7 * (h**2).mean() + 0.3 * ((h[:, 1:] - h[:, :-1]) ** 2).mean() + 0.05 * (h**2).sum()
out = {}
grads(out, loss, {"h": h})
save("regularisers/penalties", out)

# optimisers on the loss 1/2 sum a theta^2, ten steps
a, theta0 = rounded(7).abs() + 0.1, rounded(7)
out = {"a": a, "theta": theta0}
kinds = {
    "adamW": lambda p: torch.optim.AdamW(p, lr=0.05, weight_decay=0.1),
    "rmsProp": lambda p: torch.optim.RMSprop(p, lr=0.05),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.05),
}
for name, make in kinds.items():
    theta = theta0.clone().requires_grad_()
    opt, steps = make([theta]), []
    for _ in range(10):
        opt.zero_grad()
        (0.5 * a * theta**2).sum().backward()
        opt.step()
        steps.append(theta.detach().clone())
    out[name] = torch.stack(steps)


def rates(make, n):
    opt = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule, seen = make(opt), []
    for _ in range(n):
        seen.append(opt.param_groups[0]["lr"])
        opt.step()
        schedule.step()
    return torch.tensor(seen, dtype=torch.float64)


lr = torch.optim.lr_scheduler
out["warmRestarts"] = rates(lambda o: lr.CosineAnnealingWarmRestarts(o, 4, 2, eta_min=0.1), 40)
out["oneCycle"] = rates(
    lambda o: lr.OneCycleLR(o, 1.0, total_steps=41, pct_start=0.3, div_factor=25, final_div_factor=4, cycle_momentum=False), 40
)
save("regularisers/optimizers", out)
