#!/usr/bin/env python3
"""Reads an MLflow file store by the rules that MLflow's own file store follows, without MLflow, and
prints experiments and runs as JSON."""
import json
import pathlib
import re
import sys
import urllib.parse

import yaml

RUN_KEYS = {"artifact_uri", "end_time", "entry_point_name", "experiment_id", "lifecycle_stage",
            "run_id", "run_name", "run_uuid", "source_name", "source_type", "source_version",
            "start_time", "status", "tags", "user_id"}
EXPERIMENT_KEYS = {"artifact_location", "creation_time", "experiment_id", "last_update_time",
                   "lifecycle_stage", "name"}
NAME = re.compile(r"^[/\w.\- ]*$")


def values(folder):
    found = {}
    for path in folder.iterdir():
        assert NAME.match(path.name), path.name
        found[path.name] = path.read_text()
    return found


def main():
    root = pathlib.Path(sys.argv[1])
    answer = {}
    for experiment in sorted(p for p in root.iterdir() if p.is_dir()):
        meta = yaml.safe_load((experiment / "meta.yaml").read_text())
        assert set(meta) == EXPERIMENT_KEYS, meta
        assert meta["experiment_id"] == experiment.name and isinstance(meta["experiment_id"], str)
        assert meta["lifecycle_stage"] == "active"
        runs = {}
        for run in sorted(p for p in experiment.iterdir() if p.is_dir()):
            info = yaml.safe_load((run / "meta.yaml").read_text())
            assert set(info) == RUN_KEYS, info
            assert re.fullmatch("[0-9a-f]{32}", info["run_id"]) and info["run_id"] == run.name
            assert info["run_uuid"] == info["run_id"]
            assert isinstance(info["start_time"], int) and isinstance(info["status"], int)
            assert info["tags"] == []
            artifacts = pathlib.Path(urllib.parse.unquote(urllib.parse.urlparse(
                info["artifact_uri"]).path))
            assert artifacts.is_dir(), artifacts
            metrics = {}
            for name, text in values(run / "metrics").items():
                lines = [line.split(" ") for line in text.splitlines()]
                assert all(len(line) == 3 for line in lines)
                metrics[name] = [[int(step), repr(float(value))] for at, value, step in lines
                                 if int(at) > 0]
            runs[info["run_name"]] = {
                "status": info["status"], "params": values(run / "params"),
                "tags": values(run / "tags"), "metrics": metrics,
                "artifacts": sorted(str(p.relative_to(artifacts))
                                    for p in artifacts.rglob("*") if p.is_file())}
        answer[meta["name"]] = runs
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
