"""Makes the store that scripts/interop-test exports: 100 runs with hostile names and values, and three runs of a program
with pictures and values by step. What was put in is in RUNS, for the checks to compare with."""
import csv
import math
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent

LONG = "long." + "n" * 190
# Names that differ only in what other tools fold, shorten or read as a path.
METRICS = ["loss", "val/loss", "val_loss", "val:loss", "val loss", "../up", "/root", "a//b", "Loss", "été", "损失", "a\"b'c",
           "50%", "x;drop table run", "\U0001f600", LONG + "1", LONG + "2"]
PARAMETERS = ["lr", "a/b", "a_b", "a:b", "name with spaces", "größe", LONG, "quote\"", "CON", "."]
TAGS = ["plain", "tag/slash", "tag_slash", "tag:slash", "mlflow.mine", "emoji\U0001f600"]
TEXTS = ["a,\"b\"\nc", "x" * 9000, "é" * 4000, "=HYPERLINK(1)", "</script><b>", "nul-free\ttab", " leading", "1e400", "None"]
EPOCHS = 3


def value(run, epoch, place):
    """NaN, infinities and extremes take turns with plain numbers."""
    odd = [math.nan, math.inf, -math.inf, 1.7976931348623157e308, 5e-324, -0.0, 1e-300]
    kind = (run + 3 * epoch + 5 * place) % 11
    return odd[kind] if kind < len(odd) else (run + 1) / (epoch + place + 1)


def runs():
    """Parameters, tags and metrics by epoch of each of the 100 runs, as the checks shall find them."""
    made = []
    for run in range(100):
        made.append({
            "name": f"run {run}",
            "params": {name: TEXTS[(run + at) % len(TEXTS)] if at % 2 else f"{run + at / 8}"
                       for at, name in enumerate(PARAMETERS)},
            "tags": {name: TEXTS[(run + at) % 3 + 3] for at, name in enumerate(TAGS)},
            "metrics": {name: [value(run, epoch, at) for epoch in range(1, EPOCHS + 1)]
                        for at, name in enumerate(METRICS)},
            "status": ["finished", "failed", "stopped", "interrupted"][run % 4]})
    return made


RUNS = runs()


def same(one, other):
    return one == other or (math.isnan(one) and math.isnan(other))


def write_table(file):
    with open(file, "w", newline="", encoding="utf-8") as out:
        # An import drops blanks around a field without quotes.
        table = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
        table.writerow(["run", "epoch", "status", "experiment", "seed", "started", "seconds", "learning_rate"]
                       + [f"params.{name}" for name in PARAMETERS] + [f"tags.{name}" for name in TAGS]
                       + [f"metrics.{name}" for name in METRICS])
        for number, run in enumerate(RUNS):
            for epoch in range(EPOCHS):
                # Our reader takes a leading ' before = off again, as our writer puts it there.
                table.writerow([run["name"], epoch + 1, run["status"], "hostile é/:", number, 1800000000 + number, 1.5, 0.25]
                               + list(run["params"].values()) + list(run["tags"].values())
                               + [repr(values[epoch]) for values in run["metrics"].values()])


def epochal(program, store, *words):
    done = subprocess.run([program, *words, "--store", store], capture_output=True, text=True,
                          env=os.environ | {"PYTHONPATH": str(ROOT / "clients/python")})
    if done.returncode != 0:
        sys.exit(f"interop-test: epochal {' '.join(map(str, words))} ended with {done.returncode}\n{done.stderr}")
    return done.stdout


def make(program, folder):
    """The store in `folder`."""
    store = folder / "store"
    write_table(folder / "hostile.csv")
    epochal(program, store, "import", "--from", "csv", folder / "hostile.csv")
    sweep = folder / "pictures.toml"
    sweep.write_text(f"""name = "pictures"
experiment = "command"
epochs = 2
seeds = [0, 1, 2]
[command]
run = ["/usr/bin/python3", "{HERE / 'picture_program.py'}"]
""")
    epochal(program, store, "run", sweep)
    return store
