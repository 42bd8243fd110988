#!/usr/bin/env python3
"""Loads a folder of JPEG files as people do it in PyTorch, for scripts/bench to compare with: PIL, a
resize to twice the side, a random crop, a DataLoader with one worker a core.
reference_loading.py FOLDER SIDE prints images a second over one epoch, workers' start included."""
import os
import pathlib
import random
import sys
import time

import numpy
import torch
from PIL import Image


class Folder(torch.utils.data.Dataset):
    def __init__(self, folder, side):
        self.files = sorted(pathlib.Path(folder).iterdir())
        self.side = side

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        with Image.open(self.files[index]) as file:
            image = file.convert("RGB")
        scale = 2 * self.side / min(image.size)
        image = image.resize((round(image.width * scale), round(image.height * scale)))
        left = random.randint(0, image.width - self.side)
        top = random.randint(0, image.height - self.side)
        image = image.crop((left, top, left + self.side, top + self.side))
        return torch.from_numpy(numpy.array(image)).permute(2, 0, 1).float() / 255


def main():
    workers = len(os.sched_getaffinity(0))
    loader = torch.utils.data.DataLoader(Folder(sys.argv[1], int(sys.argv[2])), 32, shuffle=True,
                                         num_workers=workers)
    start = time.monotonic()
    done = sum(len(batch) for batch in loader)
    print(done / (time.monotonic() - start))


if __name__ == "__main__":
    main()
