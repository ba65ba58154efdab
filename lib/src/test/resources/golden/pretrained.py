"""Golden values for pretrained networks: small ones of the same kind, made here, and samples of the real ones.

transformers 5.24.0, tokenizers 0.23.3, torch 2.15.0, silero-vad 6.2.3, numpy 2.4.6.
python pretrained.py FOLDER-OF-DATA-SETS
"""
import json
import pathlib
import sys

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from silero_vad import load_silero_vad
from silero_vad.utils_vad import get_speech_timestamps_from_probs
from tokenizers import BertWordPieceTokenizer
from transformers import BertConfig, BertModel

data = pathlib.Path(sys.argv[1])
here = pathlib.Path(__file__).parent / "pretrained"
LINES = [
    "The cat sat on the mat, and the MAT did not mind.",
    "Don't pay $3,000 + 5% ^_^ `now` | ~later~ <b>=</b>",
    "Le garçon a mangé des crêpes à l'île Nègre; naïve Ångström",
    "Le garc\u0327on e\u0301 compose\u0301 \u0301 seul",
    "我们学习语言模型 LSTM网络 㐀 \U00020000 豈 日本語 カナ ガ",
    "한국어 문장 ΑΣ Σίσυφος Привет ЁЖ İstanbul ßtraße",
    "tab\tnewline\u0085nbsp\u00a0thin\u2009ideographic\u3000zero\u200bwidth\ufeffmark\u00adsoft",
    "nul\u0000bell\u0007replace\ufffdprivate\ue000end\u009f",
    "emoji 😀 👩‍👩‍👧 ❤️ 🇫🇷 flag\u20e3 «guillemets» “quotes” …—–",
    "[CLS] inside [MASK] text[SEP]and [mask] [UNKNOWN] [UNK]",
    "a" * 100 + " " + "b" * 101 + " internationalization unbelievably",
    "",
    "   \n ",
    "１２３ ＡＢＣ ﬁne ½ ² Ⅷ",
    "नमस्ते สวัสดี עִבְרִית العَرَبِيَّة",
]


def write(name, text):
    (here / name).write_text(text, encoding="utf-8")


def tokens():
    full = [line.rstrip("\n") for line in open(data / "minilm-l6/vocab.txt", encoding="utf-8")]
    big = BertWordPieceTokenizer(str(data / "minilm-l6/vocab.txt"), lowercase=True)
    wanted = {p for line in LINES for p in big.encode(line).tokens}
    wanted |= {p for p in full if len(p.removeprefix("##")) == 1 and p.removeprefix("##") < "\u0180"}
    wanted |= {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "The", "LSTM", "##MAT", "M", "A", "C", "Don"}
    small = [p for p in full if p in wanted] + sorted(p for p in wanted if p not in full)
    write("vocab.txt", "\n".join(small) + "\n")
    result = []
    for uncased in (True, False):
        t = BertWordPieceTokenizer(str(here / "vocab.txt"), lowercase=uncased, strip_accents=None)
        for line in LINES:
            e = t.encode(line)
            utf16 = np.cumsum([0] + [2 if ord(c) > 0xFFFF else 1 for c in line])
            spans = [[int(utf16[a]), int(utf16[b])] for a, b in e.offsets]
            result.append(json.dumps([int(uncased), line, e.ids, spans]))
        if uncased:
            t.save(str(here / "tokenizer.json"))
    write("tokens.jsonl", "\n".join(result) + "\n")
    return len(small)


def bert(vocabulary):
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=vocabulary, hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=40,
        max_position_embeddings=48, layer_norm_eps=1e-12, initializer_range=0.3)
    model = BertModel(config).eval()
    weights = {name: w.contiguous() for name, w in model.state_dict().items()}
    weights["embeddings.position_ids"] = torch.arange(48)[None]
    save_file(weights, str(here / "model.safetensors"))
    keep = ["model_type", "hidden_act", "hidden_size", "intermediate_size", "num_attention_heads", "num_hidden_layers",
            "layer_norm_eps", "vocab_size", "max_position_embeddings", "type_vocab_size"]
    write("config.json", json.dumps({k: getattr(config, k) for k in keep} | {"gradient_checkpointing": False}))
    batch = [[2, 9, 14, 3], [2, 30, 31, 32, 33, 34, 35, 3], [2, 3]]
    golden = {}
    double = model.double()
    for k, row in enumerate(batch):
        with torch.no_grad():
            h = double(input_ids=torch.tensor([row])).last_hidden_state[0]
        golden[f"h{k}"] = h.float()
        golden[f"v{k}"] = torch.nn.functional.normalize(h.mean(0), dim=0).float()
    save_file(golden, str(here / "bert.safetensors"))


def speller():
    rng = np.random.default_rng(1)
    e, h = 6, 8
    shapes = dict(enc_emb=(29, e), enc_w_ih=(3 * h, e), enc_w_hh=(3 * h, h), enc_b_ih=(3 * h,), enc_b_hh=(3 * h,),
                  dec_emb=(74, e), dec_w_ih=(3 * h, e), dec_w_hh=(3 * h, h), dec_b_ih=(3 * h,), dec_b_hh=(3 * h,),
                  fc_w=(74, h), fc_b=(74,))
    np.savez_compressed(here / "speller.npz", **{k: rng.normal(size=s).astype(np.float32) for k, s in shapes.items()})
    import types
    import g2p_en.g2p  # 2.1.0
    from g2p_en import G2p
    g2p_en.g2p.cmudict = types.SimpleNamespace(dict=dict)  # the network alone, without the dictionary

    class Small(G2p):
        def load_variables(self):
            self.__dict__.update(np.load(here / "speller.npz"))

    words = ["a", "carousel", "zzz", "don't", "internationalization", ""]
    write("speller.tsv", "".join(f"{w}\t{' '.join(Small().predict(w))}\n" for w in words))
    real = G2p()
    some = [line.split()[0] for line in open(data / "cmudict-g2p/cmudict.dict")]
    some = [w for w in some if w.isalpha()][::500]
    write("g2p.tsv", "".join(f"{w}\t{' '.join(real.predict(w))}\n" for w in some))


def vad(w, x):
    F = torch.nn.functional
    context, h, c, p = torch.zeros(64), torch.zeros(1, 128), torch.zeros(1, 128), []
    with torch.no_grad():
        for k in range(0, len(x), 512):
            frame = torch.cat([context, x[k:k + 512]])[None, None]
            context = frame[0, 0, -64:]
            s = F.conv1d(F.pad(frame, (0, 64), mode="reflect"), w["stft_conv.weight"], stride=128)
            u = torch.sqrt(s[:, :129] ** 2 + s[:, 129:] ** 2)
            for n, stride in enumerate((1, 2, 2, 1), 1):
                u = F.relu(F.conv1d(u, w[f"conv{n}.weight"], w[f"conv{n}.bias"], stride=stride, padding=1))
            h, c = torch.lstm_cell(u[:, :, 0], (h, c), w["lstm_cell.weight_ih"], w["lstm_cell.weight_hh"],
                                   w["lstm_cell.bias_ih"], w["lstm_cell.bias_hh"])
            p.append(torch.sigmoid(F.conv1d(F.relu(h)[:, :, None], w["final_conv.weight"], w["final_conv.bias"])))
    return torch.cat([v.reshape(1) for v in p])


def speech():
    import wave
    with wave.open(str(data / "silero-vad/test.wav")) as f:
        x = torch.from_numpy(np.frombuffer(f.readframes(f.getnframes()), np.int16).astype(np.float32) / 32768)
    x = torch.nn.functional.pad(x, (0, -len(x) % 512))
    model = load_silero_vad()
    packaged = torch.tensor([model(x[k:k + 512], 16000).item() for k in range(0, 51200, 512)])
    named = dict(model.named_parameters())
    buffers = dict(model.named_buffers())
    jit = {"stft_conv.weight": buffers["_model.stft.forward_basis_buffer"]}
    for k in range(4):
        for part in ("weight", "bias"):
            jit[f"conv{k + 1}.{part}"] = named[f"_model.encoder.{k}.reparam_conv.{part}"]
    for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        jit[f"lstm_cell.{part}"] = named[f"_model.decoder.rnn.{part}"]
    for part in ("weight", "bias"):
        jit[f"final_conv.{part}"] = named[f"_model.decoder.decoder.2.{part}"]
    # The file of 16 kHz weights in the package is of another training than its TorchScript and ONNX files. So: the
    # equations with TorchScript's weights must give what TorchScript gives; then they speak for the file.
    print("equations against TorchScript:", (vad(jit, x[:51200]) - packaged).abs().max().item())
    p = vad(load_file(str(data / "silero-vad/silero_vad_16k.safetensors")), x)
    save_file({"p": p}, str(here / "speech.safetensors"))
    rng = np.random.default_rng(2)
    cases = []
    for k in range(40):
        walk = np.cumsum(rng.normal(0, 0.7, 200)) / 3
        probs = (1 / (1 + np.exp(-walk))).astype(np.float32)
        samples = 200 * 512 - k
        s = get_speech_timestamps_from_probs(probs.tolist(), audio_length_samples=samples)
        cases.append(json.dumps([samples, [f"{v:.9g}" for v in probs], [[q["start"], q["end"]] for q in s]]))
    write("segments.jsonl", "\n".join(cases) + "\n")
    s = get_speech_timestamps_from_probs(p.tolist(), audio_length_samples=960000)
    write("speech.jsonl", json.dumps([[q["start"], q["end"]] for q in s]) + "\n")


def minilm():
    from tokenizers import Tokenizer
    folder = data / "minilm-l6"
    t = Tokenizer.from_file(str(folder / "tokenizer.json"))
    t.no_padding()
    t.enable_truncation(256)
    model = BertModel.from_pretrained(folder).eval()
    texts = LINES[:10] + ["A man is eating food.", "word " * 300]
    golden = {}
    for k, text in enumerate(texts):
        ids = torch.tensor([t.encode(text).ids])
        with torch.no_grad():
            h = model(input_ids=ids).last_hidden_state[0]
        golden[f"v{k}"] = torch.nn.functional.normalize(h.mean(0), dim=0)
        if k in (0, 4):
            golden[f"h{k}"] = h.contiguous()
    write("minilm.json", json.dumps(texts))
    save_file(golden, str(here / "minilm.safetensors"))


minilm()
bert(tokens())
speller()
speech()
