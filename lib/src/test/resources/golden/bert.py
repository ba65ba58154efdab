"""Golden vectors of BERT, computed by PyTorch in float64.

Run once with any PyTorch from 2.0 on:  python3 bert.py
Writes attention/bert.safetensors (parameters under the names of the library, inputs as ids, results, gradients d_NAME) and
attention/bert-weights.safetensors (the same parameters alone). The stack is nn.TransformerEncoder with the tanh form of
GELU; tables, pooler and heads are written from the equations of the paper.
"""

import torch
from generate_common import rounded, save

V, LONGEST, E, HEADS, LAYERS, T = 11, 7, 8, 2, 2, 6
LENGTHS = torch.tensor([6, 4])
TOKENS = torch.tensor([[2, 7, 4, 9, 3, 5], [2, 4, 10, 3, 0, 0]])
SEGMENTS = torch.tensor([[0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 0, 0]])
PLACES = torch.tensor([2, 3, 7])  # b * T + t
WORDS = torch.tensor([8, 9, 6])
NEXT = torch.tensor([1, 0])


def leaf(*shape):
    return (rounded(*shape) * 0.5).requires_grad_()


def norm(x, name, p):
    return torch.nn.functional.layer_norm(x, (E,), p[name + ".weight"], p[name + ".bias"])


def gelu(x):
    return torch.nn.functional.gelu(x, approximate="tanh")


def main():
    torch.manual_seed(31)
    layer = torch.nn.TransformerEncoderLayer(E, HEADS, 4 * E, dropout=0.0, activation=gelu, batch_first=True)
    stack = torch.nn.TransformerEncoder(layer, LAYERS, enable_nested_tensor=False).double()
    with torch.no_grad():
        for q in stack.parameters():
            q.copy_((rounded(*q.shape) * 0.5).float())
    p = {f"bert.encoder.{name}": q for name, q in stack.named_parameters()}
    for name, rows in (("tokens", V), ("positions", LONGEST), ("segments", 2)):
        p[f"bert.embeddings.{name}.weight"] = leaf(rows, E)
    for name in ("bert.embeddings.norm", "words.norm"):
        p |= {name + ".weight": leaf(E), name + ".bias": leaf(E)}
    for name, out in (("bert.pooler", E), ("words.dense", E), ("next", 2)):
        p |= {name + ".weight": leaf(out, E), name + ".bias": leaf(out)}
    p["words.bias"] = leaf(V)

    x = p["bert.embeddings.tokens.weight"][TOKENS] + p["bert.embeddings.positions.weight"][:T]
    x = norm(x + p["bert.embeddings.segments.weight"][SEGMENTS], "bert.embeddings.norm", p)
    h = stack(x, src_key_padding_mask=torch.arange(T)[None, :] >= LENGTHS[:, None])
    h = h * (torch.arange(T)[None, :, None] < LENGTHS[:, None, None])
    pooled = torch.tanh(h[:, 0] @ p["bert.pooler.weight"].T + p["bert.pooler.bias"])
    hidden = h.reshape(-1, E)[PLACES]
    hidden = norm(gelu(hidden @ p["words.dense.weight"].T + p["words.dense.bias"]), "words.norm", p)
    words = hidden @ p["bert.embeddings.tokens.weight"].T + p["words.bias"]
    following = pooled @ p["next.weight"].T + p["next.bias"]
    loss = torch.nn.functional.cross_entropy(words, WORDS) + torch.nn.functional.cross_entropy(following, NEXT)
    loss.backward()
    out = {"h": h, "pooled": pooled, "words": words, "next": following, "loss": loss[None]}
    save("attention/bert", out | {"d_" + name: q.grad for name, q in p.items()})
    save("attention/bert-weights", {name: q.float() for name, q in p.items()})


main()
