"""What an epoch costs besides its steps: recording, the checkpoint, validation and pictures; and what many short runs
cost besides their epochs. Both sides are from the same runs."""
import json
import subprocess

from comparison import Comparison, Measurement
from program_comparisons import PROGRAM, fresh, milliseconds

SHORT_RUNS = 20
SWEEP = """name = "s"
experiment = "adain"
epochs = {epochs}
seeds = [{seeds}]
[params]
content = "generated:scenes"
style = "generated:paintings"
encoder = "mini"
precision = "float32"
{params}
"""
# As in quick.toml and study-mini.toml. The study's largest run validates 256 pairs for 10,000 images: here a tenth of
# both.
QUICK = {"image_size": 96, "batch_size": 4, "dataset_size": 640}
STUDY = {"image_size": 64, "batch_size": 44, "dataset_size": 1012, "validation_size": 26}


class Trial:
    """A sweep that is trained again when a figure of it has been read before."""

    def __init__(self, folder, epochs, params, seeds=(0,)):
        self.folder = folder
        self.sweep = SWEEP.format(seeds=", ".join(map(str, seeds)), epochs=epochs,
                                  params="\n".join(f"{name} = {value}" for name, value in params.items()))
        self.took = None
        self.read = set()

    def train(self):
        (fresh(self.folder) / "s.toml").write_text(self.sweep)
        self.took = milliseconds(self.folder, [PROGRAM, "run", "s.toml"], 1)
        self.read = set()

    def figure(self, name, sql=None):
        """Milliseconds that the store says, or those of the whole sweep."""
        if self.took is None or name in self.read:
            self.train()
        self.read.add(name)
        if sql is None:
            return self.took
        answer = subprocess.run([PROGRAM, "sql", sql, "--format", "ndjson"], cwd=self.folder, capture_output=True,
                                text=True, check=True)
        return 1000 * json.loads(answer.stdout)["s"]

    def measurement(self, name, sql=None):
        return Measurement(name, "ms", lambda: self.figure(name, sql))


def whole_epochs(folder, what, params):
    """From the start of the second epoch to the end of the last. The first one also draws the images."""
    trial = Trial(folder / what.replace(" ", "-"), 4, params)
    return Comparison("epoch", f"three epochs at {what}'s sizes",
                      trial.measurement(f"epochs at {what}'s sizes", "select max(started_at + seconds) - "
                                        "min(started_at) as s from epoch where number > 1"),
                      trial.measurement(f"the steps alone at {what}'s sizes",
                                        "select sum(train_seconds) as s from epoch where number > 1"), 0.95)


def short_runs(folder):
    trial = Trial(folder / "short", 2, {**QUICK, "dataset_size": 40}, range(SHORT_RUNS))
    return Comparison("epoch", f"{SHORT_RUNS} runs of two epochs", trial.measurement(f"a sweep of {SHORT_RUNS} runs"),
                      trial.measurement("its epochs alone", "select sum(seconds) as s from epoch"), 0.9)


def comparisons(folder):
    return [whole_epochs(folder, "quick", QUICK), whole_epochs(folder, "the study", STUDY), short_runs(folder)]
