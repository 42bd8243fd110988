"""The program around the training: recording, questions, starting, dispatching, reporting. Whole
processes on both sides, but for the recording of an epoch."""
import os
import pathlib
import shutil
import subprocess
import time

import native_benchmarks
from comparison import Comparison, Measurement
from query_store import make_store

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = native_benchmarks.ROOT / "build/release/bin/epochal"
DISPATCHED = 40
REPORTED = 12

SELECTED = """select identity, seed, epochs_done, trained_seconds, status, s.last, p.value
  from run join metric_summary s on s.run_id = run.id
  join metric_name n on n.id = s.name_id and n.name = 'val.total'
  join parameter p on p.run_id = run.id and p.name = 'batch_size'
  where s.last < 0.06 and p.value = 32 order by s.last;"""


def quiet(folder, *words):
    subprocess.run(words, cwd=folder, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def milliseconds(folder, words, times):
    """The median of a few: a process is over before a noisy machine has shown its mean."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        quiet(folder, *words)
        taken.append(1000 * (time.perf_counter() - start))
    return sorted(taken)[times // 2]


def process(name, folder, *words, times=7):
    return Measurement(name, "ms", lambda: milliseconds(folder, words, times))


def recording():
    def epoch(name):
        return Measurement(name.replace("_", " "), "ms",
                           lambda: native_benchmarks.run(f"{name}/real_time"))

    return [Comparison("epoch record", "20 metrics, synchronous = full", epoch("record_epoch"),
                       epoch("bare_transaction"), 0.5)]


def questions(folder):
    some = make_store(PROGRAM, folder)
    one = some[0]
    database = "epochal-store/epochal.db"
    show = f"""select * from run where identity = '{one}'; select * from parameter where run_id = 1;
               select * from epoch where run_id = 1; select * from metric where run_id = 1;"""
    compare = ("select * from parameter where run_id <= 50; "
               "select * from metric_summary where run_id <= 50;")

    def pair(what, goal_most, ours, sql):
        return Comparison("query", what, process(f"epochal {ours[0]}", folder, PROGRAM, *ours),
                          process(f"sqlite3 for {ours[0]}", folder, "sqlite3", "-readonly",
                                  database, sql), goal_most=goal_most)

    return [
        pair("ls --where --sort in 10,000 runs", 50,
             ["ls", "--where", "metrics.val.total < 0.06 and params.batch_size = 32", "--sort",
              "metrics.val.total"], SELECTED),
        pair("show", 20, ["show", one[:12]], show),
        pair("compare 50 runs", 100, ["compare", *[i[:12] for i in some]], compare),
        pair("sql 'select 1'", 10, ["sql", "select 1"], "select 1;")]


def starts(folder):
    return [
        Comparison("start-up", "the program", process("epochal --version", folder, PROGRAM,
                                                      "--version"),
                   process("python3 with argparse and sqlite3", folder, native_benchmarks.PYTHON, "-c",
                           "import argparse, sqlite3"), 1),
        Comparison("start-up", "with LibTorch",
                   process("epochal experiments show adain", folder, PROGRAM, "experiments", "show",
                           "adain", times=3),
                   process("python3 with torch", folder, native_benchmarks.PYTHON, "-c", "import torch",
                           times=3), 1)]


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def sweep_of(count):
    sizes = ", ".join(str(100 + i) for i in range(count))
    return ('name = "s"\nexperiment = "noop"\nepochs = 5\nseeds = [0]\n'
            f"[sweep.grid]\ndataset_size = [{sizes}]\n[report]\ncompare_by = \"dataset_size\"\n")


COMMANDS = 100
SWEEP_OF_COMMANDS = """name = "c"
experiment = "command"
[command]
name = "true"
run = ["true"]
[command.parameters.number]
default = 0
[sweep.grid]
number = [%s]
"""


def commands(folder):
    """What recording a program costs over starting it."""
    work = fresh(folder / "commands")

    def run():
        sweep = fresh(folder / "command-runs")
        (sweep / "s.toml").write_text(SWEEP_OF_COMMANDS % ", ".join(map(str, range(COMMANDS))))
        return milliseconds(sweep, [PROGRAM, "run", "s.toml"], 1) / COMMANDS

    alone = process("true", work, "true")
    return [Comparison("command", f"epochal run of {COMMANDS} times true", Measurement(
                "epochal run true, ms a run", "ms", run), alone, goal_most=10),
            Comparison("command", "epochal track -- true",
                       process("epochal track -- true", work, PROGRAM, "track", "--", "true"), alone,
                       goal_most=30)]


def dispatching(folder):
    def ours():
        work = fresh(folder / "dispatch")
        (work / "s.toml").write_text(sweep_of(DISPATCHED))
        return milliseconds(work, [PROGRAM, "run", "s.toml"], 1) / DISPATCHED

    def reference():
        work = fresh(folder / "dispatch-reference")
        start = time.perf_counter()
        for run in range(DISPATCHED):
            quiet(work, native_benchmarks.PYTHON, HERE / "reference_record.py", str(run), "5")
        return 1000 * (time.perf_counter() - start) / DISPATCHED

    return [Comparison("dispatch", "a run of 5 epochs, one worker",
                       Measurement("epochal run, ms a run", "ms", ours),
                       Measurement("a Python process a run that fills SQLite", "ms", reference),
                       goal_most=20)]


LONG = """insert into epoch (run_id, number, attempt_id, started_at, seconds, train_seconds,
    data_wait_seconds, samples) with recursive n(i) as (select 2 union all select i + 1 from n
    where i < 1000000) select 1, i, 1, i, 1, 1, 0, 10 from n;
  insert into metric select 1, metric_name.id, number, 1.0 + 1.0 / number from metric_name, epoch
    where number > 1;
  update run set epochs = 1000000, epochs_done = 1000000;"""
WIDE = """insert into metric_name (name) with recursive n(i) as (select 1 union all select i + 1
    from n where i < 100000) select 'val.many' || i from n;
  insert into metric select 1, id, 1, id from metric_name where name like 'val.many%';"""


def large_report(folder, what, rows):
    """Beside it sqlite3, which only prints what the report has to read."""
    work = fresh(folder / what.replace(" ", "-"))
    (work / "s.toml").write_text('name = "s"\nexperiment = "noop"\nepochs = 1\n')
    quiet(work, PROGRAM, "run", "s.toml")
    database = "epochal-store/epochal.db"
    quiet(work, "sqlite3", database, rows)
    return Comparison("report", f"of {what}",
                      process(f"epochal report of {what}", work, PROGRAM, "report", "s.toml",
                              times=1),
                      process(f"sqlite3 prints {what}", work, "sqlite3", "-readonly", database,
                              "select * from epoch; select * from metric;", times=1),
                      goal_most=20_000)


def reporting(folder):
    work = fresh(folder / "report")
    (work / "s.toml").write_text(sweep_of(REPORTED))
    quiet(work, PROGRAM, "run", "s.toml")
    report = [PROGRAM, "report", "s.toml", "-o", "out"]
    quiet(work, *report)
    scripts = sorted(str(script) for script in (work / "out").rglob("*.gp"))
    if not scripts:
        raise RuntimeError("the report left no gnuplot scripts")

    return [Comparison("report", f"of {REPORTED} runs, {len(scripts)} figures",
                       process("epochal report", work, *report, times=1),
                       Measurement("gnuplot alone, once a figure", "ms",
                                   lambda: drawn(work, scripts)), 1),
            large_report(folder, "1,000,000 epochs", LONG),
            large_report(folder, "100,000 metrics", WIDE)]


def drawn(folder, scripts):
    """Each script beside where it lies, one process each, as a user would who draws them again."""
    start = time.perf_counter()
    for script in scripts:
        quiet(os.path.dirname(script), "gnuplot", os.path.basename(script))
    return 1000 * (time.perf_counter() - start)


def comparisons(folder, areas):
    """Those of the areas; what the others ask about is not made."""
    makers = {"epoch record": recording, "query": lambda: questions(fresh(folder / "queries")),
              "start-up": lambda: starts(folder), "dispatch": lambda: dispatching(folder),
              "command": lambda: commands(folder),
              "report": lambda: reporting(folder)}
    return [row for area, make in makers.items() if area in areas for row in make()]
