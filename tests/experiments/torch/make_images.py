"""Writes one picture in the formats and with the oddities that folders of images have, and beside
each what an independent reader (Pillow) makes of it, as expected/NAME.png."""

import pathlib
import sys

from PIL import Image, ImageOps

folder = pathlib.Path(sys.argv[1])
(folder / "expected").mkdir(parents=True)

width, height = 96, 64
picture = Image.new("RGB", (width, height))
picture.putdata(
    [
        (255 * x // width, 255 * y // height, 40 if (x // 16 + y // 16) % 2 else 220)
        for y in range(height)
        for x in range(width)
    ]
)


def write(name, image, **options):
    image.save(folder / name, **options)
    read = ImageOps.exif_transpose(Image.open(folder / name))
    read.convert("RGB").save(folder / "expected" / (name + ".png"))


write("baseline.jpg", picture, quality=95)
write("progressive.jpg", picture, quality=95, progressive=True)
write("grey.jpg", picture.convert("L"), quality=95)
write("cmyk.jpg", picture.convert("CMYK"), quality=95)
rotated = Image.Exif()
rotated[0x0112] = 6
write("rotated.jpg", picture, quality=95, exif=rotated.tobytes())
write("alpha.png", picture.convert("RGBA"))
write("palette.png", picture.convert("P", palette=Image.Palette.ADAPTIVE))
write("grey.png", picture.convert("L"))
write("lossy.webp", picture, quality=95)
write("lossless.webp", picture, lossless=True)
write("alpha.webp", picture.convert("RGBA"), lossless=True)
write("plain.bmp", picture)
write("lzw.tif", picture, compression="tiff_lzw")

# 16 bits: Pillow reads them as integers; its own 8-bit picture is what is expected.
deep = Image.new("I;16", (width, height))
deep.putdata([257 * value for value in picture.convert("L").getdata()])
deep.save(folder / "deep.png")
picture.convert("L").convert("RGB").save(folder / "expected" / "deep.png.png")
