#!/usr/bin/env python3
"""Trains AdaIN's decoder as people write it in PyTorch, for scripts/bench to compare with: the paper's
networks, a DataLoader, Adam. Written without looking at experiments/adain.
reference_training.py SIDE BATCH WIDTH_DIVISOR SECONDS [bf16] [channels_last] [compile] prints images a second."""
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F


def convolution(inputs, outputs, rectified=True):
    layers = [nn.ReflectionPad2d(1), nn.Conv2d(inputs, outputs, 3)]
    return layers + [nn.ReLU()] if rectified else layers


def networks(divisor):
    a, b, c, d = (width // divisor for width in (64, 128, 256, 512))

    def pool():
        return nn.MaxPool2d(2, ceil_mode=True)

    def up():
        return nn.Upsample(scale_factor=2)

    encoder = nn.ModuleList([
        nn.Sequential(nn.Conv2d(3, 3, 1), *convolution(3, a)),
        nn.Sequential(*convolution(a, a), pool(), *convolution(a, b)),
        nn.Sequential(*convolution(b, b), pool(), *convolution(b, c)),
        nn.Sequential(*convolution(c, c), *convolution(c, c), *convolution(c, c), pool(),
                      *convolution(c, d))])
    decoder = nn.Sequential(
        *convolution(d, c), up(), *convolution(c, c), *convolution(c, c), *convolution(c, c),
        *convolution(c, b), up(), *convolution(b, b), *convolution(b, a), up(),
        *convolution(a, a), *convolution(a, 3, rectified=False))
    for parameter in encoder.parameters():
        parameter.requires_grad_(False)
    return encoder, decoder


def encode(encoder, images):
    features = []
    for stage in encoder:
        images = stage(images)
        features.append(images)
    return features


def statistics(features):
    n, c = features.shape[:2]
    flat = features.reshape(n, c, -1)
    return flat.mean(2).view(n, c, 1, 1), (flat.var(2) + 1e-5).sqrt().view(n, c, 1, 1)


def main():
    side, batch, divisor, seconds = (int(word) for word in sys.argv[1:5])
    torch.set_num_threads(len(__import__("os").sched_getaffinity(0)))
    encoder, decoder = networks(divisor)
    layout = torch.channels_last if "channels_last" in sys.argv else torch.contiguous_format
    encoder, decoder = encoder.to(memory_format=layout), decoder.to(memory_format=layout)
    adam = torch.optim.Adam(decoder.parameters(), 5e-4)
    images = torch.utils.data.TensorDataset(torch.rand(4 * batch, 3, side, side),
                                            torch.rand(4 * batch, 3, side, side))
    loader = torch.utils.data.DataLoader(images, batch, shuffle=True)

    def loss_of(content, style):
        with torch.no_grad():
            wanted = encode(encoder, style)
            feature = encode(encoder, content)[-1]
            mean, deviation = statistics(feature)
            style_mean, style_deviation = statistics(wanted[-1])
            target = (feature - mean) / deviation * style_deviation + style_mean
        found = encode(encoder, decoder(target))
        loss = F.mse_loss(found[-1], target)
        for ours, theirs in zip(found, wanted):
            for x, y in zip(statistics(ours), statistics(theirs)):
                loss = loss + F.mse_loss(x, y)
        return loss

    forward = torch.compile(loss_of) if "compile" in sys.argv else loss_of

    def step(content, style):
        content, style = (images.contiguous(memory_format=layout) for images in (content, style))
        with torch.autocast("cpu", torch.bfloat16, enabled="bf16" in sys.argv):
            loss = forward(content, style)
        adam.zero_grad()
        loss.backward()
        adam.step()
        return loss.item()

    for _ in range(2):  # compiled on the first, with memory laid out on the second
        step(*images[:batch])
    done, start = 0, time.monotonic()
    while time.monotonic() - start < seconds:
        for content, style in loader:
            step(content, style)
            done += 2 * len(content)
    print(done / (time.monotonic() - start))


if __name__ == "__main__":
    main()
