#!/usr/bin/env python3
"""Runs an exported decoder in plain PyTorch, as the published AdaIN code lays it out.

    /usr/bin/python3 run_decoder.py DECODER.safetensors FEATURES.safetensors PICTURE.safetensors

needs Debian's python3-torch. The network is a torch.nn.Sequential whose load_state_dict(strict=True)
must take the file as it is.
"""
import json
import pathlib
import struct
import sys

import torch
from torch import nn

from make_weights import write_safetensors


def read_safetensors(file):
    raw = pathlib.Path(file).read_bytes()
    length, = struct.unpack_from("<Q", raw)
    header = json.loads(raw[8:8 + length])
    header.pop("__metadata__", None)

    def tensor(entry):
        assert entry["dtype"] == "F32"
        first, end = (8 + length + offset for offset in entry["data_offsets"])
        return torch.frombuffer(bytearray(raw[first:end]), dtype=torch.float32).view(entry["shape"])

    return {name: tensor(entry) for name, entry in header.items()}


def decoder(divisor):
    narrow, middle, wide, deep = (channels // divisor for channels in (64, 128, 256, 512))

    def convolution(channels_in, channels_out):
        return [nn.ReflectionPad2d(1), nn.Conv2d(channels_in, channels_out, 3), nn.ReLU()]

    def upsampling():
        return [nn.Upsample(scale_factor=2, mode="nearest")]

    layers = convolution(deep, wide) + upsampling()
    for _ in range(3):
        layers += convolution(wide, wide)
    layers += convolution(wide, middle) + upsampling()
    layers += convolution(middle, middle) + convolution(middle, narrow) + upsampling()
    layers += convolution(narrow, narrow) + convolution(narrow, 3)[:2]
    return nn.Sequential(*layers)


def main():
    torch.set_num_threads(1)
    state = read_safetensors(sys.argv[1])
    features = read_safetensors(sys.argv[2])["features"]
    network = decoder(512 // features.shape[1])
    network.load_state_dict(state, strict=True)
    with torch.no_grad():
        write_safetensors(pathlib.Path(sys.argv[3]), {"picture": network(features)})


if __name__ == "__main__":
    main()
