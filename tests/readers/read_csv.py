#!/usr/bin/env python3
"""Reads the tables of a CSV export with pandas and prints what a researcher would ask of them."""
import json
import pathlib
import sys

import pandas

folder = pathlib.Path(sys.argv[1])
runs = pandas.read_csv(folder / "runs.csv")
epochs = pandas.read_csv(folder / "epochs.csv")
joined = epochs.merge(runs[["run", "params.learning_rate"]], on="run")
print(json.dumps({
    "runs": len(runs), "epochs": len(epochs), "words": runs["params.word"].tolist(),
    "lowest": joined.groupby("params.learning_rate")["metrics.val.loss"].min().to_dict(),
    "nan": int(epochs["metrics.val.loss"].isna().sum())}))
