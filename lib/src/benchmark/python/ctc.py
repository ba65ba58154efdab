"""The workload of CtcBenchmark in PyTorch: python ctc.py LENGTH THREADS

Prints steps per second (median of the calls of two seconds) of log_softmax and ctc_loss, forward and backward, on 32
sequences, 64 classes, a label for 8 steps.
"""

import sys

import torch
from lstm import tokens_per_second

BATCH, CLASSES = 32, 64


def main(length, threads):
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    steps = int(length)
    logits = torch.randn(steps, BATCH, CLASSES, requires_grad=True)
    targets = torch.randint(1, CLASSES, (BATCH, steps // 8))
    lengths, labels = torch.full((BATCH,), steps), torch.full((BATCH,), steps // 8)

    def ctc():
        logits.grad = None
        torch.nn.functional.ctc_loss(logits.log_softmax(2), targets, lengths, labels).backward()

    print(f"version,{torch.__version__}")
    print(f"ctc,{length},{threads},{tokens_per_second(ctc, BATCH * steps):.0f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
