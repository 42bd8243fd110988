"""Imports stores that the real tools made, and compares what epochal has with what was put in. Each check imports twice:
the second time must change nothing."""
import json
import math
import os
import subprocess
import sqlite3
import tempfile

import foreign_stores
from read_exports import expect


def imported(program, folder, kind, path):
    """Imports a store twice; returns runs by their name in the other tool, and what was said."""
    store = folder / f"from-{path.name}-{kind}"
    words = [program, "import", "--from", kind, path, "--store", store]
    first = subprocess.run(words, capture_output=True, text=True)
    expect(first.returncode == 0, first.stderr)
    before = content_of(store)
    again = subprocess.run(words, capture_output=True, text=True)
    expect(again.returncode == 0 and content_of(store) == before, "importing again changed something")
    out = folder / f"{store.name}-json"
    subprocess.run([program, "export", "--to", "json", out, "--store", store], check=True, capture_output=True)
    rows = subprocess.run([program, "sql", "--format", "ndjson", "select * from steps", "--store", store],
                          capture_output=True, text=True, check=True).stdout
    steps = [json.loads(row) for row in rows.splitlines()]
    runs = json.loads((out / "runs.json").read_text())
    return store, runs, steps, first.stderr


def content_of(store):
    database = sqlite3.connect(f"file:{store / 'epochal.db'}?mode=ro", uri=True)
    tables = ["run", "parameter", "epoch", "metric", "tag", "note", "step_chunk", "attempt", "artifact", "declared_metric"]
    dropped = {"id", "attempt_id", "run_id", "name_id"}
    rows = {}
    for table in tables:
        cursor = database.execute(f"select * from {table}")
        kept = [place for place, column in enumerate(cursor.description) if column[0] not in dropped]
        rows[table] = sorted(repr([row[place] for place in kept]) for row in cursor)
    files = sorted(str(file.relative_to(store)) for file in (store / "artifacts").rglob("*") if file.is_file())
    return rows, files


def metrics_of(run, name):
    return [epoch["metrics"].get(name) for epoch in run["epochs"]]


def check_mlflow(program, folder, path):
    store, runs, steps, said = imported(program, folder, "mlflow", path)
    by_name = {run["tags"]["run_name"]: run for run in runs}
    expect(set(by_name) == {"plain", "negative", "far", "extreme", "with file"}, by_name.keys())
    expect("1 deleted runs" in said, said)
    plain = by_name["plain"]
    expect(metrics_of(plain, "val/loss") == [1.0, 0.5] and plain["params"]["lr"] == 0.1, plain)
    expect(plain["params"]["word"] == "é \"x\"" and plain["seed"] == 7 and plain["tags"]["team"] == "a", plain["params"])
    expect(plain["notes"][0]["text"] == "a note", plain["notes"])
    at = {row["step"]: row["value"] for row in steps}
    expect(at == {-3: 2.0, 5: 1.0, 20_000_000: 3.0}, at)
    expect(metrics_of(by_name["extreme"], "val/loss") == ["inf", "-inf", "nan"], metrics_of(by_name["extreme"], "val/loss"))
    expect(by_name["with file"]["status"] == "failed", by_name["with file"]["status"])
    files = [file for file in (store / "artifacts").rglob("*.csv")]
    expect(len(files) == 1 and files[0].read_text() == "a,b\n1,2\n", files)
    return "5 of 6 runs (one is deleted, which it says), steps -3 and 20,000,000, infinities, NaN, a note, a file"


def in_folder(folder, make):
    place = folder / f"foreign-{make.__name__}"
    place.mkdir()
    os.environ["TMPDIR"] = str(place)
    tempfile.tempdir = None
    return make(place)


def mlflow_database(program, store, folder):
    return "its SQLite store: " + check_mlflow(program, folder, in_folder(folder, foreign_stores.mlflow_database))


def mlflow_files(program, store, folder):
    return "its file store: " + check_mlflow(program, folder, in_folder(folder, foreign_stores.mlflow_files))


def optuna(program, store, folder):
    import optuna
    path = in_folder(folder, foreign_stores.optuna_database)
    _, runs, _, said = imported(program, folder, "optuna", path)
    trials = optuna.load_study(study_name="search", storage=f"sqlite:///{path}").get_trials()
    by_name = {run["tags"]["imported_name"]: run for run in runs}
    expect(len(runs) == 6 and "1 waiting trials" in said, said)
    for trial in trials[:6]:
        run = by_name[f"trial {trial.number}"]
        wanted = {name: "None" if value is None else value for name, value in trial.params.items()}
        expect(run["params"] == wanted, f"{run['params']} for {wanted}")
        expect(metrics_of(run, "intermediate_value") == list(trial.intermediate_values.values()), run["epochs"])
        value = metrics_of(run, "value")[-1]
        expect(value == ("inf" if trial.number == 4 else trial.value), f"{value} for {trial.value}")
        expect(run["tags"]["who"] == "é", run["tags"])
    states = [by_name[f"trial {n}"]["status"] for n in range(6)]
    expect(states == ["finished", "finished", "stopped", "failed", "finished", "finished"], states)
    best = min((t for t in trials[:6] if t.number in (0, 1, 5)), key=lambda trial: trial.value)
    listed = subprocess.run([program, "best", "--store", folder / "from-optuna.db-optuna", "--metric", "value", "--by", "layers"],
                            capture_output=True, text=True)
    expect(listed.returncode == 0 and f"{best.value:.3g}"[:4] in listed.stdout, listed.stdout + listed.stderr)
    return "6 of 7 trials (one waits, which it says) with choices, states, intermediate and final values; `best` knows the direction"


def tensorboard(program, store, folder):
    path = in_folder(folder, foreign_stores.tensorboard_logs)
    kept, runs, _, _ = imported(program, folder, "tensorboard", path)
    by_name = {run["tags"]["imported_name"]: run for run in runs}
    expect(set(by_name) == {"one", "nested/two"}, by_name.keys())
    for name, run in by_name.items():
        expect(run["params"] == {"lr": 0.1, "kind": "a", "deep": True}, run["params"])
        expect(metrics_of(run, "new") == [float(step) for step in range(foreign_stores.STEPS)], metrics_of(run, "new"))
        expect(all(abs(read - 1 / (step + 1)) < 1e-6 for step, read in enumerate(metrics_of(run, "old"))), "old")
        expect(run["status"] == ("failed" if name == "one" else "finished"), run["status"])
    expect(len(list((kept / "artifacts").rglob("*.png"))) == 2, "pictures")
    return "2 runs with scalars in both encodings, hparams, states and pictures"


def wandb(program, store, folder):
    path = in_folder(folder, foreign_stores.wandb_folder)
    kept, runs, _, _ = imported(program, folder, "wandb", path)
    by_name = {run["tags"]["run_name"]: run for run in runs}
    expect(set(by_name) == {"run 0", "run 1"}, by_name.keys())
    for number, name in enumerate(by_name):
        run = by_name[f"run {number}"]
        expect(run["params"]["lr"] == 0.1 and run["params"]["nested.k"] == 2 and run["params"]["word"] == "é", run["params"].keys())
        expect(metrics_of(run, "loss")[:20] == [1 / (step + 1) for step in range(20)], metrics_of(run, "loss"))
        expect(metrics_of(run, "nested.acc")[:20] == list(range(20)) and metrics_of(run, "nan")[0] == "nan", "nested")
        expect(run["status"] == ["finished", "failed"][number] and run["seed"] == number, run["status"])
        expect(run["tags"]["group"] == "pair" and run["tags"]["summary.best"] == "0.25" and "good" in run["tags"], run["tags"])
        expect(run["notes"][0]["text"] == "a note", run["notes"])
    expect(len(list((kept / "artifacts").rglob("*.png"))) == 2, "pictures")
    return "2 offline runs with configuration, history, NaN, pictures, summary, tags, notes and exit codes"
