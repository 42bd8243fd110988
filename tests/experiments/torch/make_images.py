"""Writes one picture in the formats and with the oddities that folders of images have, and beside
each what an independent reader (Pillow) makes of it, as expected/NAME.png."""

import pathlib
import struct
import sys
import zlib

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


def over_white(image):
    """As it looks on white paper."""
    seen = image.convert("RGBA")
    white = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(white, seen).convert("RGB")


def write(name, image, **options):
    image.save(folder / name, **options)
    read = ImageOps.exif_transpose(Image.open(folder / name))
    over_white(read).save(folder / "expected" / (name + ".png"))


def write_bytes(name, data, expected):
    """What Pillow does not write."""
    (folder / name).write_bytes(data)
    over_white(expected).save(folder / "expected" / (name + ".png"))


def png(colour_type, samples, extra=b""):
    """16 bits a sample; `samples`: bytes of each row."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0))
    rows = b"".join(b"\0" + row for row in samples)
    return (b"\x89PNG\r\n\x1a\n" + header + extra + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b""))


def tiff(bits, channels, data, alpha):
    """Big-endian, one strip; the last of `channels` is alpha: 1 multiplied into the others, 2 not."""
    colours = channels - 1
    tags = [(256, 3, width), (257, 3, height), (259, 3, 1), (262, 3, 2 if colours == 3 else 1),
            (277, 3, channels), (278, 3, height), (279, 4, len(data)), (338, 3, alpha)]
    start = 8 + 2 + 12 * (len(tags) + 2) + 4
    each = struct.pack(">%dH" % channels, *[bits] * channels)
    inline = each if len(each) <= 4 else struct.pack(">I", start)
    data_start = start + (0 if len(each) <= 4 else len(each))
    entries = [struct.pack(">HHIHH", tag, kind, 1, value, 0) if kind == 3
               else struct.pack(">HHII", tag, kind, 1, value) for tag, kind, value in tags]
    entries.append(struct.pack(">HHI4s", 258, 3, channels, inline))
    entries.append(struct.pack(">HHII", 273, 4, 1, data_start))
    entries.sort()
    directory = struct.pack(">H", len(entries)) + b"".join(entries) + struct.pack(">I", 0)
    return (b"MM\0*" + struct.pack(">I", 8) + directory
            + (each if len(each) > 4 else b"") + data)


def tiled_tiff(image, side, big=False):
    """Little-endian, 8 bits, uncompressed, in square tiles; as BigTIFF if asked. Grey may have an
    alpha that is not multiplied."""
    channels = len(image.getbands())
    tiles = []
    for top in range(0, height, side):
        for left in range(0, width, side):
            tiles.append(image.crop((left, top, left + side, top + side)).tobytes())
    number, entry_format, offset = ("<Q", "<HHQQ", "<Q") if big else ("<H", "<HHII", "<I")
    data_start = 16 if big else 8
    starts = [data_start + i * len(tiles[0]) for i in range(len(tiles))]
    end = data_start + sum(map(len, tiles))
    word = "<%dQ" % len(tiles) if big else "<%dI" % len(tiles)
    offsets, counts = struct.pack(word, *starts), struct.pack(word, *map(len, tiles))
    kind = 16 if big else 4
    tags = [(256, 3, 1, width), (257, 3, 1, height), (258, 3, 1, 8), (259, 3, 1, 1),
            (262, 3, 1, 1 if channels < 3 else 2), (277, 3, 1, channels), (284, 3, 1, 1),
            (322, 3, 1, side), (323, 3, 1, side), (324, kind, len(tiles), end),
            (325, kind, len(tiles), end + len(offsets))]
    if channels == 2:
        tags.append((338, 3, 1, 2))
    if channels >= 3:
        each = struct.pack("<%dH" % channels, *[8] * channels)
        tags[2] = (258, 3, channels, end + len(offsets) + len(counts)
                   if len(each) > (8 if big else 4) else int.from_bytes(each, "little"))
    else:
        each = b""
        if channels == 2:
            tags[2] = (258, 3, 2, int.from_bytes(struct.pack("<2H", 8, 8), "little"))
    directory_start = end + len(offsets) + len(counts) + len(each)
    directory = struct.pack(number, len(tags)) + b"".join(
        struct.pack(entry_format, *entry) for entry in tags) + struct.pack(offset, 0)
    head = (b"II+\0" + struct.pack("<HHQ", 8, 0, directory_start) if big
            else b"II*\0" + struct.pack("<I", directory_start))
    return head + b"".join(tiles) + offsets + counts + each + directory


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



def deepened(value):
    """A value of 16 bits that is rounded, but not cut, to this one of 8."""
    return min(65535, max(0, 257 * value + (120 if value > 127 else -120)))


# 16 bits: Pillow reads them as integers; its own 8-bit picture is what is expected.
deep = Image.new("I;16", (width, height))
deep.putdata([deepened(value) for value in picture.convert("L").getdata()])
deep.save(folder / "deep.png")
picture.convert("L").convert("RGB").save(folder / "expected" / "deep.png.png")

# Transparency: a hole, and an edge that is seen through in part; below the hole lies red.
holed = picture.convert("RGBA")
holed.paste((255, 0, 0, 0), (48, 8, 80, 56))
holed.putalpha(Image.composite(holed.getchannel("A"), Image.new("L", (width, height), 90),
                               Image.new("L", (width, 40), 255).crop((0, 0, width, height))))
write("holed.png", holed)
write("holed.tif", holed)
write("holed_lzw.tif", holed, compression="tiff_lzw")
write("holed_deflate.tif", holed, compression="tiff_deflate")
write("holed.webp", holed, lossless=True, exact=True)
write("holed_lossy.webp", holed, quality=98, alpha_quality=100)
write("holed_grey.png", holed.convert("LA"))
write("holed_palette.png", picture.convert("P", palette=Image.Palette.ADAPTIVE), transparency=3)
write("holed_palette_steps.png", picture.convert("P", palette=Image.Palette.ADAPTIVE),
      transparency=bytes(range(256)))
keyed = Image.new("RGB", (width, height), (10, 20, 30))
keyed.paste((10, 20, 31), (20, 20, 60, 50))
write("keyed.png", keyed, transparency=(10, 20, 30))
grey = Image.new("L", (width, height), 9)
grey.paste(200, (20, 20, 60, 50))
write("keyed_grey.png", grey, transparency=9)
write("keyed_bits.png", grey.point(lambda v: v > 100).convert("1"), transparency=0)


def words(image):
    """16 bits a sample, high byte first, row by row."""
    raw = image.tobytes()
    row = len(raw) // height
    return [b"".join(struct.pack(">H", deepened(v)) for v in raw[y * row:(y + 1) * row])
            for y in range(height)]


write_bytes("deep_holed.png", png(6, words(holed)), holed)
write_bytes("deep_holed_grey.png", png(4, words(holed.convert("LA"))), holed.convert("LA"))
write_bytes("deep_holed.tif", tiff(16, 4, b"".join(words(holed)), 2), holed)
write_bytes("holed_big_endian.tif", tiff(8, 4, holed.tobytes(), 2), holed)
write_bytes("holed_grey.tif", tiff(8, 2, holed.convert("LA").tobytes(), 2), holed.convert("LA"))
write_bytes("deep_holed_grey.tif", tiff(16, 2, b"".join(words(holed.convert("LA"))), 2),
            holed.convert("LA"))
for side in (16, 32, 48):
    write_bytes(f"tiled{side}.tif", tiled_tiff(picture, side), picture)
    write_bytes(f"tiled{side}_grey.tif", tiled_tiff(picture.convert("L"), side), picture.convert("L"))
    write_bytes(f"tiled{side}_holed_grey.tif", tiled_tiff(holed.convert("LA"), side),
                holed.convert("LA"))
    write_bytes(f"big{side}.tif", tiled_tiff(picture, side, big=True), picture)
write_bytes("multiplied.tif", tiff(8, 4, holed.convert("RGBa").tobytes(), 1), holed)

# Turned in every way, in every format that says so.
ways = Image.Transpose
turns = {2: ways.FLIP_LEFT_RIGHT, 3: ways.ROTATE_180, 4: ways.FLIP_TOP_BOTTOM, 5: ways.TRANSPOSE,
         6: ways.ROTATE_270, 7: ways.TRANSVERSE, 8: ways.ROTATE_90}
for way in turns:
    turn = Image.Exif()
    turn[0x0112] = way
    write(f"turned{way}.jpg", picture, quality=95, exif=turn.tobytes())
    write(f"turned{way}.png", picture, exif=turn.tobytes())
    write(f"turned{way}.webp", picture, lossless=True, exif=turn.tobytes())
    picture.save(folder / f"turned{way}.tif", tiffinfo={0x0112: way})  # which Pillow does not turn
    picture.transpose(turns[way]).save(folder / "expected" / f"turned{way}.tif.png")
write("turned_holed.png", holed, exif=rotated.tobytes())
