"""Exports a hostile store, and asserts through each tool's own API what it reads. Prints each tool with its version."""
import argparse
import importlib.metadata
import pathlib
import shutil
import subprocess
import sys
import traceback

import hostile_store
import read_exports
import read_imports
import read_recipes

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# In this order: some read what one before them wrote.
CHECKS = [("pandas", read_exports.pandas_csv), ("pandas", read_exports.pandas_json), ("pandas", read_exports.pandas_sql),
          ("polars", read_exports.polars_reads), ("duckdb", read_exports.duckdb_reads), ("pyarrow", read_exports.pyarrow_reads),
          ("tensorboard", read_exports.tensorboard), ("tensorboard", read_exports.tensorboard_server),
          ("mlflow", read_exports.mlflow_files), ("mlflow", read_exports.mlflow_database),
          ("mlflow", read_exports.mlflow_server),
          ("mlflow", read_imports.mlflow_files), ("mlflow", read_imports.mlflow_database),
          ("tensorboard", read_imports.tensorboard), ("wandb", read_imports.wandb), ("optuna", read_imports.optuna),
          ("pandas", read_recipes.python), ("r-base-core", read_recipes.r)]


def version_of(tool):
    """Of a Python package, or a package of Debian."""
    try:
        return importlib.metadata.version(tool)
    except importlib.metadata.PackageNotFoundError:
        return subprocess.run(["dpkg-query", "-f", "${Version}", "-W", tool], capture_output=True, text=True).stdout or "(not installed)"


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/bin/epochal")
    words.add_argument("--folder", type=pathlib.Path, default=ROOT / "build/interop", help="made again each time")
    words.add_argument("only", nargs="*", help="tools or checks; all without one")
    words = words.parse_args()
    program, folder = words.program.resolve(), words.folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    store = hostile_store.make(program, folder)
    failures = 0
    for tool, check in CHECKS:
        if words.only and tool not in words.only and f"{check.__module__}.{check.__name__}" not in words.only:
            continue
        name = f"{tool} {version_of(tool)}"
        try:
            print(f"{name}: {check(program, store, folder)}", flush=True)
        except Exception:
            failures += 1
            print(f"{name}: FAILED in {check.__module__}.{check.__name__}\n{traceback.format_exc()}", flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
