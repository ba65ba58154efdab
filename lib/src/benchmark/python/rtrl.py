"""The workload of LearningBenchmark in PyTorch: python rtrl.py UNITS THREADS

Prints tokens per second (median of the calls of two seconds) of real-time recurrent learning of an Elman layer with 8
inputs: per step h = tanh(A u), P = diag(1 - h²) R P + direct, gradient += eᵀ P, for one sequence of 256 steps. P is one matrix
[n × n·U] and its recurrence one product, written into memory that is there; no autograd. The line "einsum" is the same
calculation as the equation reads, P [n × n × U] and new memory at every step.
"""

import sys

import torch
from lstm import tokens_per_second

INPUTS, STEPS = 8, 256


class Rtrl:
    def __init__(self, n):
        sources = INPUTS + n + 1
        self.n, self.sources = n, sources
        self.A = torch.randn(n, sources) / n**0.5
        self.R = self.A[:, INPUTS : INPUTS + n].contiguous()
        self.P, self.next = torch.zeros(n, n * sources), torch.zeros(n, n * sources)
        self.gradient = torch.zeros(1, n * sources)
        self.u = torch.ones(sources)
        self.h = torch.zeros(n)

    def begin(self):
        self.P.zero_()
        self.h.zero_()
        self.gradient.zero_()

    def step(self, x, e):
        n, u = self.n, self.u
        u[:INPUTS] = x
        u[INPUTS:-1] = self.h
        torch.tanh(torch.mv(self.A, u), out=self.h)
        f = 1 - self.h * self.h
        torch.mm(f[:, None] * self.R, self.P, out=self.next)
        own = self.next.view(n, n, self.sources).diagonal(dim1=0, dim2=1)  # [U×n], the rows of unit k on itself
        own += u[:, None] * f[None, :]
        self.P, self.next = self.next, self.P
        self.gradient.addmm_(e[None, :], self.P)


class Einsum(Rtrl):
    def begin(self):
        n = self.n
        self.h, self.P, self.gradient = torch.zeros(n), torch.zeros(n, n, self.sources), torch.zeros(n, self.sources)

    def step(self, x, e):
        u = torch.cat([x, self.h, torch.ones(1)])
        self.h = torch.tanh(self.A @ u)
        f = 1 - self.h**2
        direct = torch.einsum("ki,j->kij", torch.eye(self.n), u)
        self.P = f[:, None, None] * (torch.einsum("kl,lij->kij", self.R, self.P) + direct)
        self.gradient = self.gradient + torch.einsum("k,kij->ij", e, self.P)


def main(units, threads):
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    xs, es = torch.randn(STEPS, INPUTS), torch.randn(STEPS, int(units))

    def train(rtrl):
        rtrl.begin()
        for x, e in zip(xs, es):
            rtrl.step(x, e)

    print(f"version,{torch.__version__}")
    for name, kind in (("rtrl", Rtrl), ("einsum", Einsum)):
        rtrl = kind(int(units))
        with torch.inference_mode():
            rate = tokens_per_second(lambda: train(rtrl), STEPS)
        print(f"{name},{units},{threads},{rate:.0f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
