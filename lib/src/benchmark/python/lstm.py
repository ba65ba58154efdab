"""The workload of LstmBenchmark in PyTorch: python lstm.py BATCHxHIDDEN THREADS

Prints one line per workload: name, shape, threads, tokens per second (median of the calls of two seconds).
"""

import statistics
import sys
import time

import torch

STEPS = 64
CLASSES = 64


def tokens_per_second(call, tokens, warm_up=1.0, duration=2.0):
    end = time.perf_counter() + warm_up
    while time.perf_counter() < end:
        call()
    seconds = []
    end = time.perf_counter() + duration
    while time.perf_counter() < end or len(seconds) < 5:
        begin = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - begin)
    return tokens / statistics.median(seconds)


def main(shape, threads):
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    batch, hidden = map(int, shape.split("x"))
    lstm = torch.nn.LSTM(hidden, hidden, batch_first=True)
    head = torch.nn.Linear(hidden, CLASSES)
    optimizer = torch.optim.SGD([*lstm.parameters(), *head.parameters()], lr=0.05)
    x = torch.randn(batch, STEPS, hidden)
    targets = torch.randint(CLASSES, (batch * STEPS,))

    def train():
        optimizer.zero_grad()
        logits = head(lstm(x)[0]).reshape(-1, CLASSES)
        torch.nn.functional.cross_entropy(logits, targets).backward()
        optimizer.step()

    def forward():
        with torch.inference_mode():
            head(lstm(x)[0])

    print(f"version,{torch.__version__}")
    for call in (train, forward):
        rate = tokens_per_second(call, batch * STEPS)
        print(f"{call.__name__},{shape},{threads},{rate:.0f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
