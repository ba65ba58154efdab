"""Golden vectors of CTC: PyTorch in float64, the gradient taken through log_softmax. Writes ctc.txt beside itself."""
import pathlib
import torch
import torch.nn.functional as F

torch.manual_seed(1)
lengths = torch.tensor([12, 9, 4])
targets = [[0, 0, 1, 4], [3, 1, 3], []]
lines = []
for name, scale in (("moderate", 1.0), ("far", 30.0)):
    a = (scale * torch.randn(3, 12, 5)).double().requires_grad_()
    losses = F.ctc_loss(
        a.log_softmax(2).transpose(0, 1), torch.tensor(sum(targets, [])), lengths,
        torch.tensor([len(t) for t in targets]), blank=2, reduction="none")
    losses.sum().backward()
    for what, values in (("logits", a), ("losses", losses), ("gradient", a.grad)):
        lines.append(f"{name}.{what} " + " ".join(f"{v:.10g}" for v in values.flatten().tolist()))
pathlib.Path(__file__).with_name("ctc.txt").write_text("\n".join(lines) + "\n")
