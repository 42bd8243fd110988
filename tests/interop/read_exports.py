"""Reads each export of the hostile store through the tool that it is for, by the tool's own API, and compares what that
reads with what was put in. Each check returns a sentence that says what the tool read."""
import json
import math
import os
import pathlib
import sqlite3
import subprocess
import sys
import time
import urllib.request

import hostile_store
from hostile_store import EPOCHS, METRICS, PARAMETERS, RUNS, same

# MLflow stores infinities as the largest numbers.
LARGEST = sys.float_info.max


def expect(is_so, what):
    if not is_so:
        raise AssertionError(what)


def export(program, store, kind, folder):
    target = folder / kind
    hostile_store.epochal(program, store, "export", "--to", kind, target)
    return target


def pandas_csv(program, store, folder):
    import pandas
    tables = export(program, store, "csv", folder)
    runs = pandas.read_csv(tables / "runs.csv", float_precision="round_trip")
    epochs = pandas.read_csv(tables / "epochs.csv", float_precision="round_trip")
    expect(len(runs) == 103 and len(epochs) == 100 * EPOCHS + 6, f"{len(runs)} runs, {len(epochs)} epochs")
    expect(len(pandas.read_csv(tables / "steps.csv")) == 3 * 2000, "values by step")
    names = dict(zip(runs["run"], runs["tags.imported_name"]))
    epochs["name"] = epochs["run"].map(names)
    for run in RUNS:
        rows = epochs[epochs["name"] == run["name"]].sort_values("epoch")
        for metric in METRICS:
            read = rows[f"metrics.{metric}"].tolist()
            expect(all(map(same, read, run["metrics"][metric])), f"{run['name']} {metric}: {read}")
    return "runs.csv, epochs.csv and steps.csv: 103 runs, 306 epochs, 6,000 values by step, every value to the last bit"


def pandas_json(program, store, folder):
    import pandas
    runs = pandas.read_json(export(program, store, "json", folder) / "runs.json")
    expect(len(runs) == 103, f"{len(runs)} runs")
    expect(sorted(runs["params"][0]) == sorted(PARAMETERS), "names of parameters")
    return "runs.json: 103 runs"


def pandas_sql(program, store, folder):
    import pandas
    address = f"sqlite:///{store / 'epochal.db'}"
    runs = pandas.read_sql("select * from runs", address)
    curves = pandas.read_sql("select * from curves", address)
    best = pandas.read_sql("select * from best_epochs", address)
    expect(len(runs) == 103 and len(curves) == 100 * EPOCHS * len(METRICS) + 6, f"{len(runs)}, {len(curves)}")
    parameters = pandas.json_normalize(runs["params"].map(json.loads).tolist())
    expect(set(PARAMETERS) <= set(parameters.columns), "columns of parameters")
    nan = sum(math.isnan(value) for run in RUNS for values in run["metrics"].values() for value in values)
    expect(curves["value"].isna().sum() == nan, "NaN")
    return f"views runs, curves and best_epochs of epochal.db: {len(runs)}, {len(curves)} and {len(best)} rows, {nan} NaN"


def polars_reads(program, store, folder):
    import polars
    connection = sqlite3.connect(f"file:{store / 'epochal.db'}?mode=ro", uri=True)
    curves = polars.read_database("select * from curves", connection, infer_schema_length=None)
    # polars takes a column with "nan" or "inf" for text.
    epochs = polars.read_csv(folder / "csv/epochs.csv", infer_schema_length=0).with_columns(
        polars.col("^metrics.*$").cast(polars.Float64))
    expect(len(curves) == 100 * EPOCHS * len(METRICS) + 6 and len(epochs) == 306, f"{len(curves)}, {len(epochs)}")
    expect(epochs["metrics.loss"].is_nan().sum() > 0, "NaN of the CSV")
    return "epochal.db and epochs.csv: 5,106 values, 306 epochs"


def duckdb_reads(program, store, folder):
    import duckdb
    import duckdb_extension_sqlite_scanner as scanner
    (extension,) = pathlib.Path(scanner.__file__).parent.rglob("*.duckdb_extension")
    duck = duckdb.connect()
    duck.execute(f"load '{extension}'")
    duck.execute(f"attach '{store / 'epochal.db'}' as store (type sqlite, read_only)")
    for table in ["runs", "curves"]:
        duck.execute(f"copy (select * from store.{table}) to '{folder / table}.parquet' (format parquet)")
    duck.execute(f"copy (select * from read_csv('{folder}/csv/steps.csv')) to '{folder}/steps.parquet' (format parquet)")
    (steps,) = duck.execute(f"select count(*) from '{folder}/steps.parquet'").fetchone()
    expect(steps == 6000, f"{steps} values by step")
    return "epochal.db and steps.csv, and writes runs.parquet, curves.parquet and steps.parquet"


def pyarrow_reads(program, store, folder):
    import pyarrow.parquet
    curves = pyarrow.parquet.read_table(folder / "curves.parquet")
    expect(curves.num_rows == 5106 and str(curves.schema.field("value").type) == "double", curves.schema)
    expect(pyarrow.parquet.read_table(folder / "runs.parquet").num_rows == 103, "runs")
    return f"the Parquet files that DuckDB wrote: {curves.num_rows} values"


def tensorboard(program, store, folder):
    from tensorboard.backend.event_processing import event_accumulator, event_multiplexer
    import numpy
    logs = export(program, store, "tensorboard", folder)
    everything = dict.fromkeys([event_accumulator.SCALARS, event_accumulator.IMAGES, event_accumulator.AUDIO,
                                event_accumulator.TENSORS], 0)
    multiplexer = event_multiplexer.EventMultiplexer(size_guidance=everything).AddRunsFromDirectory(str(logs))
    multiplexer.Reload()
    found = multiplexer.Runs()
    expect(len(found) == 104, f"{len(found)} runs")
    identities = names_of_runs(store)
    images = sounds = 0
    for run in RUNS:
        identity = identities[run["name"]]
        for metric in METRICS:
            read = [event.value for event in multiplexer.Scalars(identity, metric)]
            with numpy.errstate(over="ignore"):
                wanted = [float(numpy.float32(value)) for value in run["metrics"][metric]]
            expect(all(map(same, read, wanted)), f"{identity} {metric}: {read} for {wanted}")
    for name, tags in found.items():
        images += sum(len(multiplexer.Images(name, tag)) for tag in tags["images"])
        sounds += sum(len(multiplexer.Audio(name, tag)) for tag in tags["audio"])
    expect(images == 6 and sounds == 6, f"{images} images, {sounds} sounds")
    return f"{len(RUNS)} runs with {len(METRICS)} scalars as 32 bits, {images} images and {sounds} sounds, by EventMultiplexer"


def tensorboard_server(program, store, folder):
    """Its own web server and hparams plugin over the same files."""
    port = 16106
    server = subprocess.Popen([str(pathlib.Path(sys.executable).parent / "tensorboard"), "--logdir", str(folder / "tensorboard"),
                               "--port", str(port), "--load_fast=false"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        runs = answer(f"http://localhost:{port}/data/runs", lambda runs: len(runs) == 104)
        request = urllib.request.Request(f"http://localhost:{port}/data/plugin/hparams/session_groups",
                                         data=json.dumps({"startIndex": 0, "sliceSize": 1000, "allowedStatuses": [
                                             "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING", "STATUS_UNKNOWN"],
                                             "colParams": []}).encode(),
                                         headers={"Content-Type": "application/json"})
        # It answers before it has read every folder.
        groups = answer(request, lambda groups: sessions_of(groups) == 103)
    finally:
        server.terminate()
        server.wait()
    return f"its server lists {len(runs)} folders, its hparams page 103 runs in {len(groups['sessionGroups'])} groups"


def sessions_of(groups):
    return sum(len(group["sessions"]) for group in groups["sessionGroups"])


def answer(address, is_ready, patience=90):
    """What a server says, once it is up and has read everything."""
    end = time.monotonic() + patience
    while True:
        try:
            said = json.load(urllib.request.urlopen(address, timeout=30))
            if is_ready(said):
                return said
        except OSError:
            pass
        expect(time.monotonic() < end, f"{address} did not answer in {patience} s")
        time.sleep(0.5)


def names_of_runs(store):
    connection = sqlite3.connect(f"file:{store / 'epochal.db'}?mode=ro", uri=True)
    return {json.loads(tags)["imported_name"]: run for run, tags in
            connection.execute("select run, tags from runs where experiment like 'hostile%'")}


def original(names, tags, kind):
    """The names as they were before the export mapped them, which it says in tags."""
    return {tags.get(f"epochal.{kind}.{name}", name): name for name in names}


def read_mlflow(client):
    """Compares all runs; returns how many names MLflow had to have in another form."""
    experiments = {experiment.name: experiment.experiment_id for experiment in client.search_experiments()}
    expect(set(experiments) == {"Default", "hostile é/:", "command:picture_program"}, experiments)
    runs = client.search_runs([experiments["hostile é/:"]], max_results=1000)
    expect(len(runs) == len(RUNS), f"{len(runs)} runs")
    by_name = {run.data.tags["imported_name"]: run for run in runs}
    mapped = 0
    for run in RUNS:
        read = by_name[run["name"]]
        tags = read.data.tags
        metrics = original(read.data.metrics, tags, "metric")
        expect(set(METRICS) <= set(metrics), f"missing: {set(METRICS) - set(metrics)}")
        mapped = max(mapped, sum(name != kept for name, kept in metrics.items()))
        if run is RUNS[0] or run is RUNS[99]:
            for metric in METRICS:
                history = sorted(client.get_metric_history(read.info.run_id, metrics[metric]), key=lambda point: point.step)
                values = [clamped(point.value) for point in history]
                expect(all(map(same, values, map(clamped, run["metrics"][metric]))), f"{metric}: {values}")
        parameters = original(read.data.params, tags, "param")
        for name, text in run["params"].items():
            try:
                expect(float(read.data.params[parameters[name]]) == float(text) or len(text) > 300, name)
            except ValueError:
                expect(read.data.params[parameters[name]] == text[:6000] or len(text.encode()) > 6000, f"{name}: {text[:40]}")
        own = original(tags, tags, "tag")
        for name, text in run["tags"].items():
            expect(tags[own[name]][:1000] == text[:1000], f"tag {name}")
    pictures = client.search_runs([experiments["command:picture_program"]])
    expect(len(pictures) == 3, f"{len(pictures)} runs with pictures")
    for run in pictures:
        expect(len(client.get_metric_history(run.info.run_id, "steps/by.step")) == 2000, "values by step")
        files = [file.path for file in client.list_artifacts(run.info.run_id, "samples")]
        expect(sum(file.endswith(".png") for file in files) == 2, files)
        picture = pathlib.Path(client.download_artifacts(run.info.run_id, next(f for f in files if f.endswith(".png"))))
        expect(picture.read_bytes().startswith(b"\x89PNG"), picture)
    return mapped


def clamped(value):
    return max(-LARGEST, min(LARGEST, value)) if not math.isnan(value) else value


def mlflow_files(program, store, folder):
    # Current MLflow opens a file store only with this.
    os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
    import mlflow
    mapped = read_mlflow(mlflow.MlflowClient(str(export(program, store, "mlflow", folder))))
    return f"the file store: 103 runs, all parameters, tags and metrics; {mapped} names of metrics a run have another form"


def mlflow_database(program, store, folder):
    """mlflow.db that the export put beside the file store."""
    import mlflow
    from mlflow.store.db.utils import _get_latest_schema_revision
    import mlflow_schema
    expect(mlflow_schema.FILE.read_text() == mlflow_schema.schema(), f"{mlflow_schema.FILE} is not this MLflow's schema")
    file = folder / "mlflow/mlflow.db"
    before = file.read_bytes()
    subprocess.run([pathlib.Path(sys.executable).parent / "mlflow", "db", "upgrade", f"sqlite:///{file}"], check=True,
                   capture_output=True)
    (version,) = sqlite3.connect(file).execute("select version_num from alembic_version").fetchone()
    expect(version == _get_latest_schema_revision() and before == file.read_bytes(), f"schema {version}")
    read_mlflow(mlflow.MlflowClient(f"sqlite:///{file}"))
    return f"mlflow.db: 103 runs, all parameters, tags, metrics and pictures; `mlflow db upgrade` finds schema {version} and changes nothing"


def mlflow_server(program, store, folder):
    """`mlflow server` over mlflow.db answers as its page asks."""
    port = 16108
    log = open(folder / "mlflow-server.log", "wb")
    server = subprocess.Popen([pathlib.Path(sys.executable).parent / "mlflow", "server", "--backend-store-uri",
                               f"sqlite:///{folder / 'mlflow/mlflow.db'}", "--port", str(port), "--workers", "1"],
                              stdout=log, stderr=log, start_new_session=True)
    try:
        request = urllib.request.Request(f"http://localhost:{port}/ajax-api/2.0/mlflow/runs/search",
                                         data=json.dumps({"experiment_ids": ["1", "2"], "max_results": 1000}).encode(),
                                         headers={"Content-Type": "application/json"})
        runs = answer(request, lambda said: "runs" in said)["runs"]
        expect(len(runs) == 103, f"{len(runs)} runs")
        picture = next(run["info"]["run_id"] for run in runs if run["info"]["experiment_id"] == "2")
        files = answer(f"http://localhost:{port}/ajax-api/2.0/mlflow/artifacts/list?run_id={picture}&path=samples",
                       lambda said: "files" in said)["files"]
        path = next(file["path"] for file in files if file["path"].endswith(".png"))
        shown = urllib.request.urlopen(f"http://localhost:{port}/get-artifact?path={path}&run_uuid={picture}", timeout=60).read()
        expect(shown.startswith(b"\x89PNG"), shown[:20])
    finally:
        os.killpg(server.pid, 15)
        server.wait()
    return "`mlflow server` over mlflow.db lists 103 runs and hands out the pictures"
