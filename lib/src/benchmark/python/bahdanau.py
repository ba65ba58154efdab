"""The workload of BahdanauBenchmark in PyTorch: python bahdanau.py LENGTH THREADS

Prints tokens written per second (median of the calls of two seconds) of an encoder-decoder with additive attention: loss
and gradients of a batch of 32, H 256, 32 steps of the decoder, sources of LENGTH tokens. What can run at once does: the
encoder is nn.GRU, keys are projected once, outputs are read out for all steps together.
"""

import sys

import torch
from lstm import tokens_per_second

BATCH, WRITTEN, SIZE, TOKENS = 32, 32, 256, 64


class Bahdanau(torch.nn.Module):
    def __init__(self):
        super().__init__()
        n = torch.nn
        self.source, self.target = n.Embedding(TOKENS, SIZE), n.Embedding(TOKENS, SIZE)
        self.reader = n.GRU(SIZE, SIZE, batch_first=True, bidirectional=True)
        self.start, self.cell = n.Linear(SIZE, SIZE), n.GRUCell(3 * SIZE, SIZE)
        self.W, self.U = n.Linear(SIZE, SIZE, bias=False), n.Linear(2 * SIZE, SIZE, bias=False)
        self.v = n.Linear(SIZE, 1, bias=False)
        self.deep, self.out = n.Linear(4 * SIZE, SIZE), n.Linear(SIZE, TOKENS)

    def forward(self, sources, inputs):
        h, last = self.reader(self.source(sources))
        keys, s, y, seen = self.U(h), torch.tanh(self.start(last[1])), self.target(inputs), []
        for t in range(inputs.shape[1]):
            e = self.v(torch.tanh(keys + self.W(s)[:, None])).transpose(1, 2)
            c = (torch.softmax(e, 2) @ h)[:, 0]
            s = self.cell(torch.cat([y[:, t], c], 1), s)
            seen.append(torch.cat([s, y[:, t], c], 1))
        return self.out(torch.tanh(self.deep(torch.stack(seen, 1))))


def main(length, threads):
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    model = Bahdanau()
    sources, inputs, labels = (torch.randint(TOKENS, (BATCH, n)) for n in (int(length), WRITTEN, WRITTEN))

    def train():
        model.zero_grad()
        logits = model(sources, inputs)
        torch.nn.functional.cross_entropy(logits.reshape(-1, TOKENS), labels.reshape(-1)).backward()

    print(f"version,{torch.__version__}")
    print(f"bahdanau,{length},{threads},{tokens_per_second(train, BATCH * WRITTEN):.0f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
