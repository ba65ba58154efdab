"""The workload of AttentionBenchmark in PyTorch: python attention.py LENGTH THREADS

Prints tokens per second (median of the calls of two seconds) of scaled_dot_product_attention, forward and backward, on
8 sequences with 8 heads of size 64.
"""

import sys

import torch
from lstm import tokens_per_second

BATCH, HEADS, SIZE = 8, 8, 64


def main(length, threads):
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    q, k, v = (torch.randn(BATCH, HEADS, int(length), SIZE, requires_grad=True) for _ in range(3))
    outer = torch.randn(BATCH, HEADS, int(length), SIZE)

    def attention():
        q.grad = k.grad = v.grad = None
        torch.nn.functional.scaled_dot_product_attention(q, k, v).backward(outer)

    print(f"version,{torch.__version__}")
    print(f"attention,{length},{threads},{tokens_per_second(attention, BATCH * int(length)):.0f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
