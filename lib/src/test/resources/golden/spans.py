"""Golden counts of spans: seqeval 1.2.2, default mode, on random tags that often break the rules. Writes spans.txt."""
import pathlib
import random

from seqeval.metrics import f1_score, precision_score, recall_score
from seqeval.metrics.sequence_labeling import get_entities

random.seed(1)
TAGS = ["O", "B-X", "I-X", "B-Y", "I-Y"]
lines = []
for _ in range(40):
    right = [random.choice(TAGS) for _ in range(random.randint(1, 12))]
    said = [t if random.random() < 0.7 else random.choice(TAGS) for t in right]
    spans = ",".join(f"{kind}:{begin}:{end + 1}" for kind, begin, end in get_entities(right))
    figures = [f([right], [said], zero_division=0) for f in (precision_score, recall_score, f1_score)]
    lines.append("\t".join([" ".join(right), " ".join(said), spans, *(f"{v:.12f}" for v in figures)]))
pathlib.Path(__file__).with_name("spans.txt").write_text("\n".join(lines) + "\n")
