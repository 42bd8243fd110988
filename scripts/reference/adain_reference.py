#!/usr/bin/env python3
"""Reference values for tests/experiments: AdaIN's losses and gradients, and ReduceLROnPlateau.

Written from the paper (Huang & Belongie 2017) in plain PyTorch, on purpose without looking at
experiments/adain. All in float64, so that a wrong formula cannot hide behind rounding. Needs Debian's python3-torch:

    /usr/bin/python3 scripts/reference/adain_reference.py

writes tests/experiments/adain/reference_values.json,
tests/experiments/adain/initialisation_reference.json and
tests/experiments/torch/plateau_reference.json.
"""
import json
import math
import pathlib

import torch
import torch.nn.functional as F

DIVISOR = 16
WIDTHS = [64 // DIVISOR, 128 // DIVISOR, 256 // DIVISOR, 512 // DIVISOR]
GAMMA = 0.7


def convolutions_of_encoder():
    a, b, c, d = WIDTHS
    yield 3, 3, 1
    for inputs, outputs in [(3, a), (a, a), (a, b), (b, b), (b, c), (c, c), (c, c), (c, c), (c, d)]:
        yield inputs, outputs, 3


def convolutions_of_decoder():
    a, b, c, d = WIDTHS
    for inputs, outputs in [(d, c), (c, c), (c, c), (c, c), (c, b), (b, b), (b, a), (a, a), (a, 3)]:
        yield inputs, outputs, 3


def wave(count, phase):
    i = torch.arange(count, dtype=torch.float64)
    return math.sqrt(2) * torch.sin(1.7 * i + 0.013 * i * i + phase)


def weights(convolutions, first_phase):
    """Weights that any language can make again: swept sine waves, scaled by the fan-in."""
    made = []
    phase = first_phase
    for inputs, outputs, kernel in convolutions:
        fan_in = inputs * kernel * kernel
        weight = wave(outputs * fan_in, phase) * math.sqrt(2.0 / fan_in)
        bias = 0.1 * wave(outputs, phase + 1)
        made.append((weight.view(outputs, inputs, kernel, kernel), bias))
        phase += 2
    return made


def images(count, side, phase):
    n, c, y, x = torch.meshgrid(*[torch.arange(k, dtype=torch.float64) for k in (count, 3, side, side)],
                                indexing="ij")
    return (0.5 + 0.5 * torch.sin(0.11 * x * (1 + n) + 0.17 * y + 1.1 * c + phase))


def conv(x, layer):
    weight, bias = layer
    if weight.shape[2] == 1:
        return F.conv2d(x, weight, bias)
    return F.conv2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), weight, bias)


def encode(x, layers):
    features = []
    x = conv(x, layers[0])
    for block in [(1, 2), (3, 4), (5, 6, 7, 8), (9,)]:
        for place, index in enumerate(block):
            x = F.relu(conv(x, layers[index]))
            if place == 0:
                features.append(x)
        if block != (9,):
            x = F.max_pool2d(x, 2, 2, ceil_mode=True)
    return features


def decode(x, layers):
    for index, layer in enumerate(layers):
        x = conv(x, layer)
        if index < len(layers) - 1:
            x = F.relu(x)
        if index in (0, 4, 6):
            x = F.interpolate(x, scale_factor=2, mode="nearest")
    return x


def stats(features):
    n, c = features.shape[:2]
    flat = features.reshape(n, c, -1)
    mean = flat.mean(dim=2)
    variance = ((flat - mean[:, :, None]) ** 2).sum(dim=2) / (flat.shape[2] - 1)
    return mean, torch.sqrt(variance + 1e-5)


def adain(content, style):
    mean_c, std_c = stats(content)
    mean_s, std_s = stats(style)
    view = lambda t: t[:, :, None, None]
    return (content - view(mean_c)) / view(std_c) * view(std_s) + view(mean_s)


def adain_values():
    encoder = weights(convolutions_of_encoder(), 0.0)
    decoder = [(w.requires_grad_(), b.requires_grad_()) for w, b in weights(convolutions_of_decoder(), 100.0)]
    content, style = images(3, 32, 0.0), images(3, 32, 2.0)

    with torch.no_grad():
        style_features = encode(style, encoder)
        target = adain(encode(content, encoder)[-1], style_features[-1])
    output = decode(target, decoder)
    output_features = encode(output, encoder)
    content_loss = ((output_features[-1] - target) ** 2).mean()
    style_loss = 0
    for made, wanted in zip(output_features, style_features):
        for a, b in zip(stats(made), stats(wanted)):
            style_loss = style_loss + ((a - b) ** 2).mean()
    total = content_loss + GAMMA * style_loss
    total.backward()

    gradients = []
    for weight, bias in decoder:
        for tensor in (weight.grad, bias.grad):
            flat = tensor.flatten()
            gradients.append({"norm": flat.norm().item(), "sum": flat.sum().item(),
                              "first": flat[0].item(), "last": flat[-1].item()})
    return {
        "gamma": GAMMA, "content": content_loss.item(), "style": style_loss.item(),
        "total": total.item(),
        "features": [{"mean": f.mean().item(), "norm": f.norm().item()}
                     for f in encode(content, encoder)],
        "target_norm": target.norm().item(),
        "output_norm": output.detach().norm().item(),
        "gradients": gradients,
    }


def plateau_values():
    """Learning rates of PyTorch's own scheduler, fed with losses that stall, improve and diverge."""
    losses = [3.0, 2.0, 2.0, 1.99995, 1.9998, 2.5, 2.4, 2.3, 2.2, 1.0, math.nan, 1.0, 1.0, 1.0, 0.5,
              0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.49, math.inf, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6]
    cases = []
    for factor, patience, cooldown, minimum in [(0.1, 10, 0, 0), (0.5, 2, 0, 0), (0.5, 1, 2, 0),
                                                (0.1, 0, 0, 1e-5), (0.3, 0, 1, 0)]:
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=5e-4)
        scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer, mode="min", factor=factor, patience=patience, cooldown=cooldown,
            min_lr=minimum)
        rates = []
        for loss in losses:
            scheduler.step(loss)
            rates.append(optimizer.param_groups[0]["lr"])
        cases.append({"factor": factor, "patience": patience, "cooldown": cooldown,
                      "min_rate": minimum, "rates": rates})
    return {"losses": [str(loss) for loss in losses], "cases": cases}


def initialisation_values():
    """What PyTorch's own nn.Conv2d starts from, layer by layer of the decoder, after one seed."""
    seed = 5
    torch.manual_seed(seed)
    layers = []
    for inputs, outputs, side in convolutions_of_decoder():
        convolution = torch.nn.Conv2d(inputs, outputs, side)
        weight = convolution.weight.detach().double()
        bias = convolution.bias.detach().double()
        layers.append({"first_weight": weight.flatten()[0].item(), "weight_sum": weight.sum().item(),
                       "weight_norm": weight.norm().item(), "last_bias": bias[-1].item()})
    return {"seed": seed, "layers": layers}


def main():
    torch.set_num_threads(1)
    tests = pathlib.Path(__file__).resolve().parents[2] / "tests" / "experiments"
    for file, values in [(tests / "adain" / "reference_values.json", adain_values()),
                         (tests / "adain" / "initialisation_reference.json",
                          initialisation_values()),
                         (tests / "torch" / "plateau_reference.json", plateau_values())]:
        values["made_by"] = f"scripts/reference/adain_reference.py, PyTorch {torch.__version__}"
        file.write_text(json.dumps(values, indent=1) + "\n")
        print(file.name, "written")


if __name__ == "__main__":
    main()
