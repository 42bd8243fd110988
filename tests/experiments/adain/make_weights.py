#!/usr/bin/env python3
"""Weights files as other programs write them, with the activations that they must give.

    /usr/bin/python3 make_weights.py FOLDER

needs Debian's python3-torch. Writes FOLDER/NAME.{pth,safetensors} and, for each, the activations of
an image at relu1_1 … relu4_1 as NAME.expected.safetensors, computed here in plain PyTorch.
"""
import collections
import json
import pathlib
import struct
import sys

import torch
import torch.nn.functional as F

WIDTHS = [4, 8, 16, 32]  # a sixteenth of VGG-19's
CODES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.float64: "F64",
         torch.int64: "I64"}
CHANNELS = [(3, WIDTHS[0]), (WIDTHS[0], WIDTHS[0]), (WIDTHS[0], WIDTHS[1]), (WIDTHS[1], WIDTHS[1]),
            (WIDTHS[1], WIDTHS[2])] + [(WIDTHS[2], WIDTHS[2])] * 3 + [(WIDTHS[2], WIDTHS[3])]
SEQUENTIAL = [2, 5, 9, 12, 16, 19, 22, 25, 29]
TORCHVISION = [0, 2, 5, 7, 10, 12, 14, 16, 19]


def write_safetensors(file, tensors):
    """By hand, from the format's description."""
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in tensors.items():
        tensor = tensor.contiguous()
        raw = bytes(tensor.view(torch.int16).numpy()) if tensor.dtype == torch.bfloat16 else bytes(tensor.numpy())
        header[name] = {"dtype": CODES[tensor.dtype], "shape": list(tensor.shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    file.write_bytes(struct.pack("<Q", len(text)) + text + data)


def convolutions():
    torch.manual_seed(3)
    return [(torch.randn(o, i, 3, 3) * (2 / (9 * i)) ** 0.5, 0.1 * torch.randn(o)) for i, o in CHANNELS]


def activations(first, layers, image):
    pad = lambda x: F.pad(x, (1, 1, 1, 1), mode="reflect")
    x = first(image)
    kept = {}
    for index, (weight, bias) in enumerate(layers):
        x = F.relu(F.conv2d(pad(x), weight.float(), bias.float()))
        if index in (0, 2, 4, 8):
            kept[f"relu{len(kept) + 1}_1"] = x
        if index in (1, 3, 7):
            x = F.max_pool2d(x, 2, 2, ceil_mode=True)
    return kept


def main():
    torch.set_num_threads(1)
    folder = pathlib.Path(sys.argv[1])
    layers = convolutions()
    head = (torch.randn(3, 3, 1, 1), torch.randn(3))
    image = torch.rand(1, 3, 48, 40)
    write_safetensors(folder / "image.safetensors", {"image": image})

    def sequential(dtype=torch.float32, prefix="", extra=False):
        state = collections.OrderedDict()
        state[prefix + "0.weight"], state[prefix + "0.bias"] = (t.to(dtype) for t in head)
        for index, (weight, bias) in zip(SEQUENTIAL, layers):
            state[f"{prefix}{index}.weight"], state[f"{prefix}{index}.bias"] = weight.to(dtype), bias.to(dtype)
        if extra:
            state[prefix + "32.weight"] = torch.randn(32, 32, 3, 3)
            state[prefix + "num_batches_tracked"] = torch.tensor(7)
        return state

    def strided():
        state = sequential()
        block = torch.randn(100_000)
        for name, tensor in state.items():
            # A view into the middle of a larger storage, its axes stored in reverse.
            start = 17 + 3 * len(name)
            view = block.clone()[start:start + tensor.numel()].view(tuple(reversed(tensor.shape)))
            view = view.permute(*reversed(range(tensor.dim())))
            view.copy_(tensor)
            state[name] = view
        return state

    def torchvision():
        state = collections.OrderedDict()
        for index, (weight, bias) in zip(TORCHVISION, layers):
            state[f"features.{index}.weight"], state[f"features.{index}.bias"] = weight, bias
        state["classifier.0.weight"] = torch.randn(5, 7)
        return state

    def expect(name, dtype=torch.float32, first=None):
        rounded = lambda t: t.to(dtype).float()
        own = lambda x: F.conv2d(x, rounded(head[0]), rounded(head[1]))
        kept = activations(first or own, [(rounded(w), rounded(b)) for w, b in layers], image)
        write_safetensors(folder / f"{name}.expected.safetensors", kept)

    def save(name, state, dtype=torch.float32, zip_format=True, first=None):
        torch.save(state, folder / f"{name}.pth", _use_new_zipfile_serialization=zip_format)
        expect(name, dtype, first)

    save("zip", sequential())
    save("legacy", sequential(), zip_format=False)
    save("zip_half", sequential(torch.float16), torch.float16)
    save("legacy_bfloat", sequential(torch.bfloat16), torch.bfloat16, zip_format=False)
    save("zip_double", sequential(torch.float64))
    save("zip_strided", strided())
    save("legacy_strided", strided(), zip_format=False)
    save("prefix", sequential(prefix="module.encoder."))
    save("extra_layers", sequential(extra=True))
    save("nested", {"epoch": 3, "lr": 1e-3, "name": "x", "done": True, "state_dict": sequential()})
    save("parameters", collections.OrderedDict(
        (name, torch.nn.Parameter(tensor)) for name, tensor in sequential().items()))

    mean = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
    deviation = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
    normalise = lambda x: (x - mean) / deviation
    save("torchvision", torchvision(), first=normalise)
    save("torchvision_legacy", torchvision(), zip_format=False, first=normalise)

    for name, dtype in [("plain", torch.float32), ("half", torch.float16), ("bfloat", torch.bfloat16)]:
        write_safetensors(folder / f"safe_{name}.safetensors", sequential(dtype))
        expect(f"safe_{name}", dtype)

    # What must be refused: a whole module, and a pickle that would run a command.
    torch.save(torch.nn.Sequential(torch.nn.Conv2d(3, 3, 1)), folder / "refused_module.pth")

    class Command:
        def __reduce__(self):
            import os
            return os.system, (f"touch {folder / 'executed'}",)

    torch.save({"0.weight": Command()}, folder / "refused_command.pth")
    torch.save({"0.weight": Command()}, folder / "refused_command_legacy.pth",
               _use_new_zipfile_serialization=False)
    torch.save([1, 2], folder / "refused_list.pth")
    # Many names of one storage, each of which is copied when it is read.
    one = torch.zeros(1 << 16)
    views = {f"{i}.weight": one for i in range(300)}
    torch.save(views, folder / "refused_views.pth")
    torch.save(views, folder / "refused_views_legacy.pth", _use_new_zipfile_serialization=False)


if __name__ == "__main__":
    main()
