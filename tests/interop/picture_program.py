"""A program whose runs have pictures, sound and values by step: what exports have to carry over."""
import pathlib
import struct
import wave

import epochal
from picture_bytes import png

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
