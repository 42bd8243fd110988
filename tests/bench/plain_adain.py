#!/usr/bin/env python3
"""AdaIN's training in plain PyTorch, as a script that people write: for comparing with `epochal run`.

    plain_adain.py ENCODER DECODER CONTENT STYLE OUT --steps 300

trains from the decoder with Adam on random crops, prints the losses of each 20 steps and writes the decoder
to OUT-100.pth, OUT-200.pth, … and to OUT.
The losses are those of Huang & Belongie (2017): content + gamma * style. With --bfloat16 the convolutions run in
bfloat16 with channels last. Needs PyTorch, numpy and Pillow (Debian's python3-torch and python3-pil).
"""
import argparse
import json
import pathlib
import random
import struct
import time

import numpy
import torch
from PIL import Image
from torch import nn


def weights_of(file):
    """Tensors by name, of a file of PyTorch's or in the safetensors format."""
    if not file.endswith(".safetensors"):
        return torch.load(file)
    data = pathlib.Path(file).read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    weights = {}
    for name, entry in json.loads(data[8:8 + length]).items():
        if name == "__metadata__":
            continue
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        kind = {"F32": numpy.float32, "F16": numpy.float16}[entry["dtype"]]
        array = numpy.frombuffer(data[begin:end], dtype=kind).reshape(entry["shape"])
        weights[name] = torch.from_numpy(array.astype(numpy.float32))
    return weights


def convolution(inputs, outputs):
    return [nn.ReflectionPad2d(1), nn.Conv2d(inputs, outputs, 3), nn.ReLU()]


def encoder(file):
    """VGG-19 up to relu4_1 as the published weights have it, in parts that end at relu1_1, 2_1, 3_1 and 4_1. Its
    width is that of the file."""
    weights = weights_of(file)
    a = weights["2.weight"].shape[0]
    pool = nn.MaxPool2d(2, 2, ceil_mode=True)
    layers = [nn.Conv2d(3, 3, 1), *convolution(3, a), *convolution(a, a), pool, *convolution(a, 2 * a),
              *convolution(2 * a, 2 * a), pool, *convolution(2 * a, 4 * a), *convolution(4 * a, 4 * a),
              *convolution(4 * a, 4 * a), *convolution(4 * a, 4 * a), pool, *convolution(4 * a, 8 * a)]
    network = nn.Sequential(*layers)
    network.load_state_dict({k: v for k, v in weights.items() if int(k.split(".")[0]) < len(layers)})
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    return nn.ModuleList([network[:4], network[4:11], network[11:18], network[18:31]])


def decoder(file):
    weights = weights_of(file)
    a = weights["25.weight"].shape[0]
    up = nn.Upsample(scale_factor=2, mode="nearest")
    network = nn.Sequential(*convolution(8 * a, 4 * a), up, *convolution(4 * a, 4 * a), *convolution(4 * a, 4 * a),
                            *convolution(4 * a, 4 * a), *convolution(4 * a, 2 * a), up, *convolution(2 * a, 2 * a),
                            *convolution(2 * a, a), up, *convolution(a, a), *convolution(a, 3)[:2])
    network.load_state_dict(weights)
    return network


def read_image(file, shorter):
    """RGB from 0 to 1, shrunk to a shorter side, as a tensor of 3 x height x width."""
    image = Image.open(file).convert("RGB")
    scale = shorter / min(image.size)
    image = image.resize([max(shorter, round(scale * side)) for side in image.size], Image.BOX)
    return torch.from_numpy(numpy.array(image)).permute(2, 0, 1).float() / 255


class Crops:
    def __init__(self, folder, side, seed):
        files = sorted(p for p in pathlib.Path(folder).iterdir() if not p.name.startswith("."))
        self.random = random.Random(seed)
        self.files = self.random.sample(files, min(800, len(files)))
        self.side = side
        self.images = {}
        self.queue = []

    def next(self):
        if not self.queue:
            self.queue = self.random.sample(self.files, len(self.files))
        file = self.queue.pop()
        if file not in self.images:
            self.images[file] = read_image(file, 2 * self.side)
        image = self.images[file]
        y = self.random.randint(0, image.shape[1] - self.side)
        x = self.random.randint(0, image.shape[2] - self.side)
        return image[:, y:y + self.side, x:x + self.side]

    def batch(self, size):
        return torch.stack([self.next() for _ in range(size)])


def features(parts, image):
    found = []
    for part in parts:
        image = part(image)
        found.append(image.float())
    return found


def statistics(feature):
    mean = feature.mean(dim=(2, 3), keepdim=True)
    deviation = (feature.var(dim=(2, 3), keepdim=True) + 1e-5).sqrt()
    return mean, deviation


def losses(parts, network, content, style):
    with torch.no_grad():
        of_content = features(parts, content)[-1]
        of_style = [statistics(feature) for feature in features(parts, style)]
        mean, deviation = statistics(of_content)
        target = of_style[-1][1] * (of_content - mean) / deviation + of_style[-1][0]
    made = features(parts, network(target))
    content_loss = nn.functional.mse_loss(made[-1], target)
    style_loss = 0
    for feature, (mean, deviation) in zip(made, of_style):
        made_mean, made_deviation = statistics(feature)
        style_loss = style_loss + nn.functional.mse_loss(made_mean, mean)
        style_loss = style_loss + nn.functional.mse_loss(made_deviation, deviation)
    return content_loss, style_loss


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ["encoder", "decoder", "content", "style", "out"]:
        parser.add_argument(name)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--image-size", type=int, default=128)
    parser.add_argument("--learning-rate", type=float, default=4e-4)
    parser.add_argument("--gamma", type=float, default=2.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--bfloat16", action="store_true")
    arguments = parser.parse_args()
    parts = encoder(arguments.encoder)
    network = decoder(arguments.decoder)
    if arguments.bfloat16:
        parts = parts.to(memory_format=torch.channels_last)
        network = network.to(memory_format=torch.channels_last)
    contents = Crops(arguments.content, arguments.image_size, arguments.seed)
    styles = Crops(arguments.style, arguments.image_size, arguments.seed + 1)
    adam = torch.optim.Adam(network.parameters(), lr=arguments.learning_rate)
    sums = numpy.zeros(2)
    began = time.time()
    for step in range(1, arguments.steps + 1):
        batches = [crops.batch(arguments.batch_size) for crops in (contents, styles)]
        if arguments.bfloat16:
            batches = [batch.contiguous(memory_format=torch.channels_last) for batch in batches]
        with torch.autocast("cpu", torch.bfloat16, enabled=arguments.bfloat16):
            content, style = losses(parts, network, *batches)
        adam.zero_grad()
        (content + arguments.gamma * style).backward()
        adam.step()
        sums += [content.item(), style.item()]
        if step % 100 == 0:
            torch.save(network.state_dict(), f"{arguments.out}-{step}.pth")
        if step % 20 == 0:
            mean = sums / 20
            sums[:] = 0
            print(f"step {step}: content {mean[0]:.4f} style {mean[1]:.4f}, {time.time() - began:.0f} s", flush=True)
    torch.save(network.state_dict(), arguments.out)


if __name__ == "__main__":
    main()
