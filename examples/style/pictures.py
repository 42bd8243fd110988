"""Draws pictures to train on: soft scenes and striped paintings.  pictures.py FOLDER COUNT"""
import pathlib
import sys

import numpy
from PIL import Image

SIDE = 96


def save(folder, number, picture):
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray((255 * picture.clip(0, 1)).astype(numpy.uint8)).save(folder / ("%03d.png" % number))


def main():
    folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    random = numpy.random.default_rng(0)
    y, x = numpy.mgrid[0:SIDE, 0:SIDE][:, :, :, None] / SIDE
    for number in range(count):
        sky, ground, hill = random.random((3, 3))
        height = 0.5 + 0.2 * numpy.sin(6 * x * random.random() + 6 * random.random())
        scene = numpy.where(y < height, sky * (1 - y), ground * y) + 0.1 * hill
        save(folder / "scenes", number, scene + 0.03 * random.standard_normal(scene.shape))
        direction = 40 * random.random(2)
        stripes = numpy.sin(direction[0] * x + direction[1] * y + 4 * numpy.sin(9 * x * y))
        save(folder / "paintings", number, 0.5 + 0.5 * stripes * random.random(3) - 0.3 * random.random(3))


main()
