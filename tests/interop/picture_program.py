"""A program whose runs have pictures, sound and values by step: what exports have to carry over."""
import pathlib
import struct
import wave
import zlib

import epochal


def png(width, height, colour):
    """A PNG of one colour, without a library."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(colour) * width for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


run = epochal.init(epochs=2)
for epoch in run.epochs():
    picture = pathlib.Path(run.run_folder) / f"colour-{epoch}.png"
    picture.write_bytes(png(64, 48, (200, 40 * epoch, 60 * run.seed)))
    run.artifact(picture, "one colour")
    sound = pathlib.Path(run.run_folder) / f"tone-{epoch}.wav"
    with wave.open(str(sound), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(struct.pack("<8000h", *[(i % 40) * 500 for i in range(8000)]))
    run.artifact(sound)
    for step in range(1000):
        run.log({"by.step": step / (run.seed + 1)}, step=(epoch - 1) * 1000 + step)
    run.log({"loss": 1 / epoch + run.seed}, samples=10)
