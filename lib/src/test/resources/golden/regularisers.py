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

# weights that are others for the whole pass: R' = M ⊙ R, and W' = W + E, R' = R + E'
def plain(t, i, f, z, o, h, c):
    c = f * c + i * z
    return o * c.tanh(), c


def changed(name, masks, W=lambda W: W, R=lambda R: R, x=lambda x: x, m=1):
    """One LSTM with other weights or inputs; what R multiplies is m ⊙ h."""
    v = weights()
    w, vh, vc = rounded(B, T, H), rounded(B, H), rounded(B, H)
    seen, h, c, ys = x(v["x"]), v["h0"], v["c0"], []
    for t in range(T):
        net = seen[:, t] @ W(v["weight_ih_l0"]).T + (m * h) @ R(v["weight_hh_l0"]).T + v["bias_ih_l0"]
        i, f, z, o = net.chunk(4, 1)
        h, c = plain(t, i.sigmoid(), f.sigmoid(), z.tanh(), o.sigmoid(), h, c)
        ys.append(h)
    y = torch.stack(ys, 1)
    out = {"y": y.detach(), "h": h.detach(), "c": c.detach(), "w": w, "v_h": vh, "v_c": vc, **masks}
    grads(out, (y * w).sum() + (h * vh).sum() + (c * vc).sum(), v)
    save("regularisers/" + name, out)


M = bernoulli(0.6, 4 * H, H) / 0.6
changed("weight-dropout", {"M": M.float().double()}, R=lambda R: M.float().double() * R)
EW, ER = 0.3 * rounded(4 * H, I), 0.3 * rounded(4 * H, H)
EW, ER = EW.float().double(), ER.float().double()
changed("weight-noise", {"EW": EW, "ER": ER}, W=lambda W: W + EW, R=lambda R: R + ER)
m = (bernoulli(0.6, B, H) / 0.6).float().double()
changed("variational-dropout", {"m": m}, m=m)
E = (0.3 * rounded(B, T, I)).float().double()
changed("input-noise", {"E": E}, x=lambda x: x + E)


# the GRU of PyTorch: zoneout of h, and dropout of the candidate
def gru(name, step, masks):
    v = {
        "weight_ih_l0": leaf(3 * H, I),
        "weight_hh_l0": leaf(3 * H, H),
        "bias_ih_l0": leaf(3 * H),
        "bias_hn_l0": leaf(H),
        "x": leaf(B, T, I),
        "h0": leaf(B, H),
    }
    h, ys, w = v["h0"], [], rounded(B, T, H)
    for t in range(T):
        r, z, n = (v["x"][:, t] @ v["weight_ih_l0"].T + v["bias_ih_l0"]).chunk(3, 1)
        Rr, Rz, Rn = v["weight_hh_l0"].chunk(3, 0)
        r, z = (r + h @ Rr.T).sigmoid(), (z + h @ Rz.T).sigmoid()
        n = (n + r * (h @ Rn.T + v["bias_hn_l0"])).tanh()
        h = step(t, z, n, h)
        ys.append(h)
    y = torch.stack(ys, 1)
    out = {"y": y.detach(), "w": w, **masks}
    grads(out, (y * w).sum(), v)
    save("regularisers/" + name, out)


gru("gru-zoneout", lambda t, z, n, h: dh[t] * h + (1 - dh[t]) * ((1 - z) * n + z * h), {"dh": dh})
mz = mz.float().double()
gru("gru-recurrent-dropout", lambda t, z, n, h: (1 - z) * (mz[t] * n) + z * h, {"mz": mz})
