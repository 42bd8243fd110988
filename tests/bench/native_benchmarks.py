"""Runs one of the native benchmarks by its name, and makes environments for peers."""
import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BENCHMARKS = ROOT / "build/release/bin/benchmarks"
IMAGES = ROOT / "build/bench-images"
PYTHON = "/usr/bin/python3"  # Debian's, which knows Debian's packages


def environment(folder, *packages):
    """The Python of an environment with these packages, made once; what is missing is an error that says so."""
    python = folder / "bin/python"
    if not python.exists():
        subprocess.run([PYTHON, "-m", "venv", folder], check=True)
    subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)
    return python


def run(name, key="real_time", seconds=2):
    """A figure of the benchmark: its time in the unit it has, or a counter."""
    # GOMP_SPINCOUNT as the program sets it (framework/system/waiting_threads.cpp).
    environment = {"GOMP_SPINCOUNT": "10000", **os.environ, "EPOCHAL_BENCH_IMAGES": str(IMAGES)}
    words = [BENCHMARKS, f"--benchmark_filter=^{name}$", "--benchmark_format=json",
             f"--benchmark_min_time={seconds}"]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)["benchmarks"] if done.stdout.strip() else []
    if len(found) != 1:
        raise RuntimeError(f"there is no benchmark {name}")
    if found[0].get("error_occurred"):
        raise RuntimeError(f"{name}: {found[0]['error_message']}")
    return found[0][key]
