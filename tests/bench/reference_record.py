#!/usr/bin/env python3
"""A training script that trains nothing and keeps its epochs in SQLite, as people write one, for
scripts/bench to compare with. reference_record.py RUN EPOCHS"""
import random
import sqlite3
import sys


def main():
    run, epochs = int(sys.argv[1]), int(sys.argv[2])
    store = sqlite3.connect("runs.db")
    store.execute("pragma journal_mode = wal")
    store.execute("pragma synchronous = full")
    store.execute("create table if not exists metric (run, epoch, name, value)")
    for epoch in range(epochs):
        rows = [(run, epoch, name, random.random()) for name in ("train.loss", "val.loss")]
        with store:
            store.executemany("insert into metric values (?, ?, ?, ?)", rows)


if __name__ == "__main__":
    main()
