"""From the start of Python to the end of the first trained step of the model of FirstStep.java."""

import torch

lstm, head = torch.nn.LSTM(16, 32, batch_first=True), torch.nn.Linear(32, 10)
optimizer = torch.optim.Adam([*lstm.parameters(), *head.parameters()], 0.01)
x, k = torch.randn(8, 20, 16), torch.zeros(160, dtype=torch.long)
loss = torch.nn.functional.cross_entropy(head(lstm(x)[0]).reshape(160, 10), k)
loss.backward()
optimizer.step()
print(loss.item())
