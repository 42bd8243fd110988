"""Makes stores with the real tools, for import: each has what its tool allows and others do not."""
import math
import os
import pathlib

STEPS = 20


def mlflow_database(folder):
    import mlflow
    mlflow.set_tracking_uri(f"sqlite:///{folder / 'mlflow.db'}")
    log_mlflow(mlflow, f"file://{folder}/mlruns/1")
    return folder / "mlflow.db"


def mlflow_files(folder):
    os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
    import mlflow
    mlflow.set_tracking_uri(f"file://{folder / 'mlruns'}")
    log_mlflow(mlflow, None)
    return folder / "mlruns"


def log_mlflow(mlflow, artifacts):
    """Six runs: plain, a negative step, a step in the millions, extremes, failed with a file, deleted."""
    experiment = mlflow.create_experiment("odd runs", artifact_location=artifacts)
    for name, points in {"plain": [(0, 1.0), (1, 0.5)], "negative": [(-3, 2.0), (5, 1.0)], "far": [(20_000_000, 3.0)],
                         "extreme": [(0, math.inf), (1, -math.inf), (2, math.nan)]}.items():
        with mlflow.start_run(experiment_id=experiment, run_name=name):
            mlflow.log_params({"lr": 0.1, "word": "é \"x\"", "seed": 7})
            mlflow.set_tags({"team": "a", "mlflow.note.content": "a note"})
            for step, value in points:
                mlflow.log_metric("val/loss", value, step=step)
    with mlflow.start_run(experiment_id=experiment, run_name="with file") as run:
        (pathlib.Path(os.environ["TMPDIR"]) / "table.csv").write_text("a,b\n1,2\n")
        mlflow.log_artifact(str(pathlib.Path(os.environ["TMPDIR"]) / "table.csv"), "tables")
    mlflow.MlflowClient().set_terminated(run.info.run_id, "FAILED")
    with mlflow.start_run(experiment_id=experiment, run_name="deleted") as run:
        pass
    mlflow.delete_run(run.info.run_id)


def optuna_database(folder):
    import optuna
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    address = f"sqlite:///{folder / 'optuna.db'}"
    study = optuna.create_study(storage=address, study_name="search", direction="minimize")

    def objective(trial):
        x = trial.suggest_float("x", -1, 1)
        trial.suggest_int("layers", 1, 8)
        trial.suggest_categorical("kind", ["a", None, True, 3.5])
        for step in range(3):
            trial.report(x * x + step, step)
        trial.set_user_attr("who", "é")
        if trial.number == 2:
            raise optuna.TrialPruned()
        if trial.number == 3:
            raise ValueError("fails on purpose")
        return math.inf if trial.number == 4 else x * x

    study.optimize(objective, n_trials=6, catch=(ValueError,))
    study.enqueue_trial({"x": 0})
    return folder / "optuna.db"


def tensorboard_logs(folder):
    import numpy
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.plugins.image import metadata as image_metadata
    from tensorboard.plugins.scalar import metadata as scalar_metadata
    from tensorboard.summary.writer.event_file_writer import EventFileWriter
    from tensorboard.util import tensor_util
    from picture_bytes import png
    for name in ["one", "nested/two"]:
        writer = EventFileWriter(str(folder / "logs" / name))
        writer.add_event(Event(wall_time=1800000000, step=0, summary=hparams_of_session(start={"lr": 0.1, "kind": "a", "deep": True})))
        for step in range(STEPS):
            values = [Summary.Value(tag="old", simple_value=1 / (step + 1)),
                      Summary.Value(tag="new", metadata=scalar_metadata.create_summary_metadata("", ""),
                                    tensor=tensor_util.make_tensor_proto(numpy.float32(step)))]
            writer.add_event(Event(wall_time=1800000001 + step, step=step, summary=Summary(value=values)))
        picture = Summary.Value(tag="picture", metadata=image_metadata.create_summary_metadata("", "", converted_to_tensor=True),
                                tensor=tensor_util.make_tensor_proto([b"8", b"4", png(8, 4, (200, 0, 0))]))
        writer.add_event(Event(wall_time=1800000030, step=STEPS - 1, summary=Summary(value=[picture])))
        writer.add_event(Event(wall_time=1800000031, summary=hparams_of_session(end="STATUS_FAILURE" if name == "one" else "STATUS_SUCCESS")))
        writer.close()
    return folder / "logs"


def hparams_of_session(start=None, end=None):
    """What the plugin's own functions write, which need TensorFlow."""
    from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
    from tensorboard.plugins.hparams import api_pb2, plugin_data_pb2
    data = plugin_data_pb2.HParamsPluginData(version=0)
    if start is not None:
        for name, value in start.items():
            kind = {bool: "bool_value", float: "number_value", str: "string_value"}[type(value)]
            setattr(data.session_start_info.hparams[name], kind, value)
        tag = "_hparams_/session_start_info"
    else:
        data.session_end_info.status = api_pb2.Status.Value(end)
        tag = "_hparams_/session_end_info"
    plugin = SummaryMetadata.PluginData(plugin_name="hparams", content=data.SerializeToString())
    return Summary(value=[Summary.Value(tag=tag, metadata=SummaryMetadata(plugin_data=plugin))])


def wandb_folder(folder):
    os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true")
    import wandb
    from PIL import Image
    for number in range(2):
        run = wandb.init(project="offline", name=f"run {number}", group="pair", tags=["good"], notes="a note", dir=str(folder),
                         config={"lr": 0.1, "nested": {"k": 2}, "word": "é", "blob": "z" * 70_000, "seed": number}, reinit=True)
        for step in range(STEPS):
            run.log({"loss": 1 / (step + 1), "nan": math.nan, "nested": {"acc": step}})
        run.log({"picture": wandb.Image(Image.new("RGB", (16, 8), (0, 200, 0)), caption="green")})
        run.summary["best"] = 0.25
        run.finish(exit_code=number)
    return folder / "wandb"
