"""Runs every recipe of docs/recipes.md as it stands there, over the hostile store."""
import pathlib
import re
import shutil
import subprocess
import sys

from read_exports import expect

PAGE = pathlib.Path(__file__).resolve().parent.parent.parent / "docs/recipes.md"


def recipes(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def folder_with_store(program, store, folder, language):
    place = folder / f"recipes-{language}"
    place.mkdir()
    shutil.copytree(store, place / "epochal-store")
    return place


def python(program, store, folder):
    import duckdb_extension_sqlite_scanner as scanner
    (extension,) = pathlib.Path(scanner.__file__).parent.rglob("*.duckdb_extension")
    place = folder_with_store(program, store, folder, "python")
    subprocess.run([program, "export", "--to", "csv", "out-csv"], cwd=place, check=True, capture_output=True)
    count = 0
    for recipe in recipes("python"):
        # With a network, DuckDB fetches the extension itself; the check takes the one of PyPI.
        text = recipe.replace("install sqlite; load sqlite", f"load '{extension}'")
        done = subprocess.run([sys.executable, "-c", text], cwd=place, capture_output=True, text=True)
        expect(done.returncode == 0, f"{recipe}\n{done.stdout}{done.stderr}")
        count += 1
    expect((place / "curves.parquet").stat().st_size > 0, "no Parquet file")
    return f"{count} recipes in Python (pandas, polars, DuckDB, Parquet)"


def r(program, store, folder):
    if shutil.which("Rscript") is None:
        return "left out: Rscript is not installed"
    place = folder_with_store(program, store, folder, "r")
    found = recipes("r")
    for recipe in found:
        done = subprocess.run(["Rscript", "-e", recipe], cwd=place, capture_output=True, text=True)
        expect(done.returncode == 0, f"{recipe}\n{done.stdout}{done.stderr}")
    return f"{len(found)} recipes in R"
