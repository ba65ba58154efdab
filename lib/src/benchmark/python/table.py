"""The rows of SpeedTable in PyTorch: python table.py ROW THREADS

Prints the microseconds of a training step and the form that took them: the fastest of eager, jit.script and, where
there is a C++ compiler, torch.compile (a whole model, or the step of a cell that has no module of its own).
"""

import os
import shutil
import resource
import statistics
import sys
import time
from typing import Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

CLASSES = 64
CLOCK = time.process_time if os.environ.get("CAROUSEL_CLOCK") == "cpu" else time.perf_counter


class LayerNormLstm(nn.Module):
    def __init__(self, n: int):
        super().__init__()
        self.n = n
        self.W = nn.Parameter(torch.randn(4 * n, n) * 0.05)
        self.R = nn.Parameter(torch.randn(4 * n, n) * 0.05)
        self.b = nn.Parameter(torch.zeros(4 * n))
        self.gx = nn.Parameter(torch.ones(4 * n))
        self.gh = nn.Parameter(torch.ones(4 * n))
        self.gc = nn.Parameter(torch.ones(n))
        self.bc = nn.Parameter(torch.zeros(n))

    def project(self, x: Tensor) -> Tensor:
        return F.layer_norm(x @ self.W.t(), [4 * self.n], self.gx, self.b)

    def step(self, a: Tensor, s: Tuple[Tensor, Tensor]) -> Tuple[Tensor, Tensor]:
        net = a + F.layer_norm(s[0] @ self.R.t(), [4 * self.n], self.gh)
        i, f, z, o = net.chunk(4, 1)
        c = torch.sigmoid(f) * s[1] + torch.sigmoid(i) * torch.tanh(z)
        return torch.sigmoid(o) * torch.tanh(F.layer_norm(c, [self.n], self.gc, self.bc)), c

    def forward(self, x: Tensor) -> Tensor:
        a = self.project(x)
        s = (torch.zeros(x.size(0), self.n), torch.zeros(x.size(0), self.n))
        out = []
        for t in range(x.size(1)):
            s = self.step(a[:, t], s)
            out.append(s[0])
        return torch.stack(out, 1)


class SLstm(nn.Module):
    def __init__(self, n: int):
        super().__init__()
        self.n = n
        self.W = nn.Linear(n, 4 * n)
        self.R = nn.Parameter(torch.randn(4 * n, n) * 0.05)

    def project(self, x: Tensor) -> Tensor:
        return self.W(x)

    def step(self, a: Tensor, s: Tuple[Tensor, Tensor, Tensor, Tensor]) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
        i, f, z, o = (a + s[0] @ self.R.t()).chunk(4, 1)
        kept = F.logsigmoid(f) + s[3]
        m = torch.maximum(kept, i)
        i = torch.exp(i - m)
        f = torch.exp(kept - m)
        c = f * s[1] + i * torch.tanh(z)
        n = f * s[2] + i
        return torch.sigmoid(o) * (c / n), c, n, m

    def forward(self, x: Tensor) -> Tensor:
        a = self.project(x)
        zero = torch.zeros(x.size(0), self.n)
        s = (zero, zero, zero, torch.full_like(zero, -1e30))
        out = []
        for t in range(x.size(1)):
            s = self.step(a[:, t], s)
            out.append(s[0])
        return torch.stack(out, 1)


class MLstm(nn.Module):
    def __init__(self, n: int):
        super().__init__()
        self.n = n
        self.W = nn.Linear(n, 4 * n + 2)

    def project(self, x: Tensor) -> Tensor:
        return self.W(x)

    def step(self, a: Tensor, s: Tuple[Tensor, Tensor, Tensor, Tensor]) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
        n = self.n
        q, k, v, o = a[:, :n], a[:, n : 2 * n] / n**0.5, a[:, 2 * n : 3 * n], a[:, 3 * n : 4 * n]
        i, f = a[:, 4 * n : 4 * n + 1], F.logsigmoid(a[:, 4 * n + 1 :]) + s[3]
        m = torch.maximum(f, i)
        i, f = torch.exp(i - m), torch.exp(f - m)
        C = f[:, :, None] * s[1] + i[:, :, None] * (v[:, :, None] * k[:, None, :])
        norm = f * s[2] + i * k
        weight = (norm * q).sum(1, keepdim=True).abs()
        read = torch.bmm(C, q[:, :, None])[:, :, 0] / torch.maximum(weight, torch.exp(-m))
        return torch.sigmoid(o) * read, C, norm, m

    def forward(self, x: Tensor) -> Tensor:
        a = self.project(x)
        b = x.size(0)
        s = (torch.zeros(b, self.n), torch.zeros(b, self.n, self.n), torch.zeros(b, self.n), torch.full((b, 1), -1e30))
        out = []
        for t in range(x.size(1)):
            s = self.step(a[:, t], s)
            out.append(s[0])
        return torch.stack(out, 1)


class ParallelMLstm(MLstm):
    """All steps at once: the quadratic form of the paper's appendix."""

    def forward(self, x: Tensor) -> Tensor:
        n, steps = self.n, x.size(1)
        q, k, v, o, i, f = self.W(x).split([n, n, n, n, 1, 1], 2)
        total = F.logsigmoid(f).cumsum(1)
        log = (total - total.transpose(1, 2) + i.transpose(1, 2)).masked_fill(
            torch.ones(steps, steps, dtype=torch.bool).triu(1), float("-inf")
        )
        m = log.max(2, keepdim=True).values
        S = (q @ k.transpose(1, 2) / n**0.5) * torch.exp(log - m)
        return torch.sigmoid(o) * ((S @ v) / torch.maximum(S.sum(2, keepdim=True).abs(), torch.exp(-m)))


class Peephole(nn.Module):
    def __init__(self, n: int):
        super().__init__()
        self.n = n
        self.W = nn.Linear(n, 4 * n)
        self.R = nn.Parameter(torch.randn(4 * n, n) * 0.05)
        self.p = nn.Parameter(torch.zeros(3, n))

    def project(self, x: Tensor) -> Tensor:
        return self.W(x)

    def step(self, a: Tensor, s: Tuple[Tensor, Tensor]) -> Tuple[Tensor, Tensor]:
        i, f, z, o = (a + s[0] @ self.R.t()).chunk(4, 1)
        i = torch.sigmoid(i + self.p[0] * s[1])
        c = torch.sigmoid(f + self.p[1] * s[1]) * s[1] + i * torch.tanh(z)
        return torch.sigmoid(o + self.p[2] * c) * torch.tanh(c), c

    def forward(self, x: Tensor) -> Tensor:
        a = self.project(x)
        s = (torch.zeros(x.size(0), self.n), torch.zeros(x.size(0), self.n))
        out = []
        for t in range(x.size(1)):
            s = self.step(a[:, t], s)
            out.append(s[0])
        return torch.stack(out, 1)


class ConvLstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.both = nn.Conv2d(17, 64, 3, padding=1)
        self.p = nn.Parameter(torch.zeros(3, 16, 16, 16))

    def project(self, x: Tensor) -> Tensor:
        return x.view(x.size(0), x.size(1), 1, 16, 16)

    def step(self, x: Tensor, s: Tuple[Tensor, Tensor]) -> Tuple[Tensor, Tensor]:
        i, f, z, o = self.both(torch.cat([x, s[0]], 1)).chunk(4, 1)
        i = torch.sigmoid(i + self.p[0] * s[1])
        c = torch.sigmoid(f + self.p[1] * s[1]) * s[1] + i * torch.tanh(z)
        return torch.sigmoid(o + self.p[2] * c) * torch.tanh(c), c

    def forward(self, x: Tensor) -> Tensor:
        a = self.project(x)
        zero = torch.zeros(x.size(0), 16, 16, 16)
        s = (zero, zero)
        out = []
        for t in range(x.size(1)):
            s = self.step(a[:, t], s)
            out.append(s[0].flatten(1))
        return torch.stack(out, 1)


class MdLstm(nn.Module):
    def __init__(self, n: int):
        super().__init__()
        self.n = n
        self.W = nn.Linear(1, 5 * n)
        self.up = nn.Parameter(torch.randn(5 * n, n) * 0.1)
        self.left = nn.Parameter(torch.randn(5 * n, n) * 0.1)
        self.p = nn.Parameter(torch.zeros(5, n))

    def forward(self, x: Tensor) -> Tensor:  # [B×rows×columns×1]
        a = self.W(x)
        zero = torch.zeros(x.size(0), self.n)
        h = [zero for _ in range(x.size(2))]
        c = [zero for _ in range(x.size(2))]
        out = []
        for r in range(x.size(1)):
            hl, cl = zero, zero
            for k in range(x.size(2)):
                i, f, g, z, o = (a[:, r, k] + h[k] @ self.up.t() + hl @ self.left.t()).chunk(5, 1)
                i = torch.sigmoid(i + self.p[0] * c[k] + self.p[1] * cl)
                f, g = torch.sigmoid(f + self.p[2] * c[k]), torch.sigmoid(g + self.p[3] * cl)
                cl = i * torch.tanh(z) + f * c[k] + g * cl
                hl = torch.sigmoid(o + self.p[4] * cl) * torch.tanh(cl)
                h[k], c[k] = hl, cl
                out.append(hl)
        return torch.stack(out, 1)


class First(nn.Module):
    """The outputs of nn.LSTM and its kin without the state."""

    def __init__(self, rnn):
        super().__init__()
        self.rnn = rnn

    def forward(self, x):
        return self.rnn(x)[0]


class Words(nn.Module):
    def __init__(self, words, size, hidden, sparse):
        super().__init__()
        self.embedding = nn.Embedding(words, size, sparse=sparse)
        self.lstm = nn.LSTM(size, hidden, batch_first=True)

    def forward(self, x):
        return self.lstm(self.embedding(x))[0]


class Encoder(nn.Module):
    def __init__(self, size, heads, activation, causal):
        super().__init__()
        layer = lambda: nn.TransformerEncoderLayer(size, heads, 4 * size, 0.0, activation, batch_first=True)
        self.layers = nn.ModuleList([layer(), layer()])
        self.mask = nn.Transformer.generate_square_subsequent_mask(64) if causal else None

    def forward(self, x):
        for layer in self.layers:
            x = layer(x, src_mask=self.mask, is_causal=self.mask is not None)
        return x


class Bert(nn.Module):
    def __init__(self, words):
        super().__init__()
        self.tokens = nn.Embedding(words, 256)
        self.positions = nn.Embedding(64, 256)
        self.segments = nn.Embedding(2, 256)
        self.norm = nn.LayerNorm(256)
        self.encoder = Encoder(256, 4, lambda x: F.gelu(x, approximate="tanh"), False)
        self.dense = nn.Linear(256, 256)
        self.norm2 = nn.LayerNorm(256)
        self.bias = nn.Parameter(torch.zeros(words))

    def forward(self, x):
        h = self.tokens(x) + self.positions(torch.arange(x.size(1))) + self.segments(torch.zeros_like(x))
        h = self.dense(self.encoder(self.norm(h)))
        return F.linear(self.norm2(F.gelu(h, approximate="tanh")), self.tokens.weight, self.bias)


def trainer(body, x, classes=CLASSES, optimizer=None):
    """A training step of a body, with a head of so many classes unless it has one."""
    with torch.no_grad():
        y = body(x)
    head = nn.Linear(y.size(-1), classes) if classes else nn.Identity()
    targets = torch.randint(y.size(-1) if classes == 0 else classes, (y[..., 0].numel(),))
    parameters = [*body.parameters(), *head.parameters()]
    update = (optimizer or (lambda p: torch.optim.SGD(p, lr=0.05)))(parameters)

    def train():
        update.zero_grad()
        logits = head(body(x))
        F.cross_entropy(logits.reshape(-1, logits.size(-1)), targets).backward()
        update.step()

    return train


def stepwise(make):
    """A module with its step compiled: the loop over the steps stays in Python."""
    module = make()
    module.step = torch.compile(module.step)
    return module


COMPILER = shutil.which("g++") or shutil.which("clang++")


def forms(make, x, loop=True, script=True, **more):
    """The same model eager, scripted and compiled."""
    yield "eager", lambda: trainer(make(), x, **more)
    if script:
        yield "script", lambda: trainer(torch.jit.script(make()), x, **more)
    if COMPILER and loop:
        yield "compile", lambda: trainer(stepwise(make), x, **more)
    elif COMPILER:
        yield "compile", lambda: trainer(torch.compile(make()), x, **more)


def adam():
    p = [nn.Parameter(torch.randn(1024, 1024)) for _ in range(4)]
    for q in p:
        q.grad = torch.randn(1024, 1024) * 0.01
    for name, choice in (("fused", {"fused": True}), ("foreach", {"foreach": True}), ("eager", {"foreach": False})):
        yield name, lambda choice=choice: torch.optim.Adam(p, lr=0.001, **choice).step


def convolution():
    for name, layout in (("eager", torch.contiguous_format), ("channels last", torch.channels_last)):

        def make(layout=layout):
            conv = nn.Conv2d(16, 32, 3, padding=1).to(memory_format=layout)
            x = torch.randn(8, 16, 32, 32).to(memory_format=layout).requires_grad_()
            outer = torch.randn(8, 32, 32, 32).to(memory_format=layout)
            update = torch.optim.SGD(conv.parameters(), lr=0.001)

            def train():
                update.zero_grad()
                x.grad = None
                conv(x).backward(outer)
                update.step()

            return train

        yield name, make


def stream():
    x = torch.randn(100, 1, 256)
    lstm, cell = nn.LSTM(256, 256), nn.LSTMCell(256, 256)

    def module():
        with torch.inference_mode():
            s = (torch.zeros(1, 1, 256), torch.zeros(1, 1, 256))
            for t in range(100):
                _, s = lstm(x[t : t + 1], s)

    def steps():
        with torch.inference_mode():
            s = (torch.zeros(1, 256), torch.zeros(1, 256))
            for t in range(100):
                s = cell(x[t], s)

    yield "LSTM", lambda: module
    yield "LSTMCell", lambda: steps


def md_lstm():
    x, outer = torch.randn(16, 16, 16, 1), torch.randn(16, 256, 16)
    for name, wrap in (("eager", lambda m: m), ("script", torch.jit.script)):

        def make(wrap=wrap):
            lstm = wrap(MdLstm(16))
            update = torch.optim.SGD(lstm.parameters(), lr=0.001)

            def train():
                update.zero_grad()
                lstm(x).backward(outer)
                update.step()

            return train

        yield name, make


def embedding():
    x = torch.randint(50_000, (16, 32))
    yield "sparse", lambda: trainer(Words(50_000, 128, 64, True), x)
    yield "dense", lambda: trainer(Words(50_000, 128, 64, False), x)


def rnn(make, batch, size):
    return forms(lambda: First(make()), torch.randn(batch, 64, size), loop=False, script=False)


def bert():
    fused = lambda p: torch.optim.Adam(p, lr=0.001, fused=True)
    return forms(
        lambda: Bert(8000), torch.randint(8000, (16, 64)), loop=False, script=False, classes=0, optimizer=fused
    )


ROWS = {
    "mlstm": lambda: forms(lambda: MLstm(64), torch.randn(16, 64, 64)),
    "mlstm-parallel": lambda: forms(lambda: ParallelMLstm(64), torch.randn(16, 64, 64), loop=False),
    "embedding": embedding,
    "adam": adam,
    "convolution": convolution,
    "layer-norm-lstm": lambda: forms(lambda: LayerNormLstm(128), torch.randn(16, 64, 128)),
    "slstm": lambda: forms(lambda: SLstm(128), torch.randn(16, 64, 128)),
    "transformer": lambda: forms(
        lambda: Encoder(256, 8, F.relu, True), torch.randn(16, 64, 256), loop=False, script=False
    ),
    "conv-lstm": lambda: forms(ConvLstm, torch.randn(8, 16, 256)),
    "bert": bert,
    "stacked": lambda: rnn(lambda: nn.LSTM(256, 256, 3, batch_first=True), 16, 256),
    "language-model": lambda: forms(
        lambda: Words(10_000, 256, 256, False), torch.randint(10_000, (32, 32)), loop=False, script=False, classes=10_000
    ),
    "gru": lambda: rnn(lambda: nn.GRU(256, 256, batch_first=True), 32, 256),
    "bidirectional": lambda: rnn(lambda: nn.LSTM(128, 128, batch_first=True, bidirectional=True), 32, 128),
    "elman": lambda: rnn(lambda: nn.RNN(128, 128, batch_first=True), 16, 128),
    "peephole": lambda: forms(lambda: Peephole(128), torch.randn(16, 64, 128)),
    "stream": stream,
    "md-lstm": md_lstm,
}


def microseconds(call, warm_up=1.0, duration=1.5):
    end = time.perf_counter() + warm_up
    count = 0
    while time.perf_counter() < end or count < 3:
        call()
        count += 1
    seconds = []
    end = time.perf_counter() + duration
    while time.perf_counter() < end or len(seconds) < 5:
        begin = CLOCK()
        call()
        seconds.append(CLOCK() - begin)
    return statistics.median(seconds) * 1e6


def main(row, threads):
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    times, megabytes = {}, 0
    for name, make in ROWS[row]():
        times[name] = microseconds(make())
        megabytes = megabytes or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024  # before a compiler comes
    print(" ".join(f"{name} {value:.0f}" for name, value in times.items()), file=sys.stderr)
    best = min(times, key=times.get)
    print(f"{times[best]:.1f},{best},{megabytes}")


if __name__ == "__main__":
    main(*sys.argv[1:])
