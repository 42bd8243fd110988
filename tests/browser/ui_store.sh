#!/usr/bin/env bash
# ui_store.sh EPOCHAL: makes ./epochal-store for tests/browser/ui_page.mjs: settings with seeds, values by step,
# pictures of several epochs, other files, a failed run, claims, and names that would run scripts.
set -euo pipefail
cat >train.py <<'PY'
import json, os, struct, sys, wave, zlib

rate, seed, epochs = float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])

def say(**message):
    print("epochal: " + json.dumps(message), flush=True)

def picture(file, shade):
    rows = b"".join(b"\0" + b"".join(bytes([(x * 4 + shade) % 256, y * 4, shade]) for x in range(64)) for y in range(64))
    part = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    with open(file, "wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b""))

folder = os.environ["EPOCHAL_RUN_FOLDER"] if "EPOCHAL_RUN_FOLDER" in os.environ else f"out-{rate}-{seed}"
os.makedirs(folder, exist_ok=True)
for epoch in range(1, epochs + 1):
    for step in range(200):
        say(step=(epoch - 1) * 200 + step + 1, **{"train.loss": 1 / (1 + rate * ((epoch - 1) * 200 + step)) + (step * 37 % 11) / 100})
    if rate > 0.4 and seed == 2 and epoch == 2:
        sys.exit("the loss <b>diverged</b>")
    picture(f"{folder}/grid.png", (epoch * 40 + seed * 10) % 256)
    say(artifact=f"{folder}/grid.png", caption="<img src=x onerror=alert(1)> & caption")
    with open(f"{folder}/notes.html", "w") as out:
        out.write("<script>alert(2)</script>")
    say(artifact=f"{folder}/notes.html")
    say(epoch=epoch, samples=1000, steps=200, **{"val.loss": 1 / (1 + rate * epoch * 200) + seed / 50, "<img src=x onerror=alert(1)>": epoch})
PY
cat >sweep.toml <<'TOML'
name       = "awkward <img src=x onerror=alert(1)> & name"
experiment = "command"
epochs     = 5
seeds      = [0, 1, 2]
[command]
run     = ["python3", "train.py", "{learning_rate}", "{seed}", "{epochs}"]
inputs  = ["train.py"]
metrics = [{ name = "val.loss", better = "lower", objective = true }]
[command.parameters.learning_rate]
type = "real"
default = 0.1
[command.parameters.word]
type = "text"
default = "<img src=x onerror=alert(1)>"
[sweep.grid]
learning_rate = [0.01, 0.1, 0.5]
word = ["<img src=x onerror=alert(1)>", "plain"]
[[claim]]
text = "<script>alert(2)</script> falls"
kind = "decreases"
metric = "val.loss"
over = "learning_rate"
TOML
"$1" run sweep.toml --jobs 2 || [ $? -eq 1 ]
