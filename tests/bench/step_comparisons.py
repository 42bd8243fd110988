"""What one call costs that logs a value by step: epochal's clients beside other trackers, each in a process of its own,
offline, as their manuals have it. The others come from PyPI into build/bench-venv, in the versions named here."""
import pathlib
import subprocess
import sys

import native_benchmarks
from comparison import Comparison, Measurement

PEERS = ["wandb==0.31.0", "tensorboardX==2.6.5", "mlflow==3.17.2"]
ROOT = native_benchmarks.ROOT
VENV = ROOT / "build/bench-venv"
HERE = pathlib.Path(__file__).resolve().parent
CALLS = {"epochal": 100_000, "wandb": 10_000, "tensorboardX": 20_000, "mlflow": 300}


def microseconds(python, tracker, folder):
    folder.mkdir(parents=True, exist_ok=True)
    words = [python, HERE / "step_caller.py", tracker, str(CALLS[tracker])]
    if tracker == "epochal":
        words = [ROOT / "build/release/bin/epochal", "track", "--", *words]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True,
                          env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "WANDB_MODE": "offline", "WANDB_SILENT": "true",
                               "PYTHONPATH": str(ROOT / "clients/python")})
    for line in (done.stdout + done.stderr).splitlines():
        if line.startswith("microseconds "):
            return float(line.split()[1])
    sys.exit(f"bench: {tracker} said no figure\n{done.stdout[-1000:]}{done.stderr[-1000:]}")


def comparisons(folder):
    python = native_benchmarks.environment(VENV, *PEERS)

    def of(tracker):
        return Measurement(f"{tracker}, Python", "µs a call",
                           lambda: microseconds(python, tracker, folder / f"steps-{tracker}"))

    ours = of("epochal")
    return [Comparison("steps", f"log(step) beside {peer}", ours, of(peer), goal_most=20)
            for peer in ["wandb", "tensorboardX", "mlflow"]]
