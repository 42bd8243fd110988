"""A store of 10,000 runs of 20 epochs with 6 metrics, to ask about."""
import random
import sqlite3
import subprocess

RUNS, EPOCHS = 10_000, 20
METRICS = ["train.content", "train.style", "train.total", "val.content", "val.style", "val.total"]


def make_store(program, folder):
    """The program makes the store; its rows are put in here, as it would have put them."""
    (folder / "s.toml").write_text('name = "s"\nexperiment = "noop"\n')
    subprocess.run([program, "run", "s.toml"], cwd=folder, check=True, capture_output=True)
    store = sqlite3.connect(folder / "epochal-store/epochal.db")
    store.execute("pragma foreign_keys = on")
    store.execute("delete from run")
    draw = random.Random(1)
    host = store.execute("select id from host").fetchone()[0]
    names = {}
    for name in METRICS:
        store.execute("insert or ignore into metric_name (name) values (?)", [name])
        names[name] = store.execute("select id from metric_name where name = ?", [name]).fetchone()[0]
    rows = {"run": [], "parameter": [], "attempt": [], "epoch": [], "metric": [], "summary": []}
    for run in range(1, RUNS + 1):
        identity = f"{draw.getrandbits(256):064x}"
        parameters = {"learning_rate": ("real", 10 ** draw.uniform(-5, -2)),
                      "gamma": ("real", draw.choice([0.5, 1.0, 2.0])),
                      "batch_size": ("integer", draw.choice([20, 32, 44])),
                      "dataset_size": ("integer", draw.choice([100, 1000, 10000])),
                      "encoder": ("text", "mini"), "image_size": ("integer", 64)}
        parameters.update({f"fixed_{i}": ("integer", i) for i in range(14)})
        rows["run"].append((run, identity, identity, "adain", 1, run % 3, EPOCHS, "finished", "", "",
                            "bench", 1.8e9 + run, 1.8e9 + run, 1.8e9 + run + 60, EPOCHS, 60.0))
        rows["parameter"] += [(run, n, t, v) for n, (t, v) in parameters.items()]
        rows["attempt"].append((run, run, host, 1, 1, 2, "{}", 1.8e9, 1.8e9, 1.8e9, "finished"))
        rows["epoch"] += [(run, e, run, 1.8e9, 3.0, 2.5, 0.1, 1000) for e in range(1, EPOCHS + 1)]
        for name, number in names.items():
            values = [draw.uniform(0.5, 5) / e for e in range(1, EPOCHS + 1)]
            rows["metric"] += [(run, number, e, v) for e, v in enumerate(values, 1)]
            low, high = min(values), max(values)
            rows["summary"].append((number, run, values[-1], EPOCHS, low, values.index(low) + 1, high,
                                    values.index(high) + 1, sum(values), EPOCHS))
    into = {"run": "run (id, identity, group_identity, experiment, experiment_version, seed, epochs, "
                   "status, data_fingerprint, weights_fingerprint, code_version, created_at, "
                   "started_at, ended_at, epochs_done, trained_seconds)",
            "parameter": "parameter (run_id, name, type, value)",
            "attempt": "attempt (id, run_id, host_id, pid, pid_start, threads, libraries, started_at, "
                       "heartbeat_at, ended_at, end_reason)",
            "epoch": "epoch (run_id, number, attempt_id, started_at, seconds, train_seconds, "
                     "data_wait_seconds, samples)",
            "metric": "metric (run_id, name_id, epoch, value)",
            "summary": "metric_summary (name_id, run_id, last, last_epoch, lowest, lowest_epoch, "
                       "highest, highest_epoch, total, count)"}
    for table, columns in into.items():
        places = ", ".join("?" * len(rows[table][0]))
        store.executemany(f"insert into {columns} values ({places})", rows[table])
    store.commit()
    some = [row[0] for row in store.execute("select identity from run order by id limit 50")]
    store.close()
    return some
