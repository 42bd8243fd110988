"""Writes db/exchange/mlflow_schema.sql: the tables of MLflow's SQLite backend as the pinned MLflow makes them.
Run this with build/interop-venv/bin/python after a change of its version in requirements.txt."""
import importlib.metadata
import pathlib
import re
import sqlite3
import tempfile

FILE = pathlib.Path(__file__).resolve().parent.parent.parent / "db/exchange/mlflow_schema.sql"
# Rows that MLflow puts into a new database, and expects there.
ROWS_OF = ["alembic_version", "workspaces"]


def schema():
    """The text of the file."""
    from mlflow.store.db.utils import _initialize_tables, create_sqlalchemy_engine
    with tempfile.TemporaryDirectory() as folder:
        _initialize_tables(create_sqlalchemy_engine(f"sqlite:///{folder}/mlflow.db"))
        database = sqlite3.connect(f"{folder}/mlflow.db")
        made = [text for (text,) in database.execute(
            "select sql from sqlite_master where sql is not null order by type <> 'table', type, name")]
        rows = [f"insert into {table} values ({', '.join(map(literal, row))})"
                for table in ROWS_OF for row in database.execute(f"select * from {table}")]
    statements = [sorted_constraints(re.sub(r"\s+", " ", text).replace("( ", "(").replace(" )", ")")) for text in made] + rows
    version = importlib.metadata.version("mlflow")
    return (f"-- The tables of MLflow's SQLite backend, as MLflow {version} makes them.\n"
            "-- Written by tests/interop/mlflow_schema.py; scripts/interop-test compares them.\n"
            + "".join(f"{text};\n" for text in statements))


def sorted_constraints(statement):
    """SQLAlchemy writes the constraints of a table in another order each time."""
    if not statement.startswith("CREATE TABLE"):
        return statement
    head, body = statement.split("(", 1)
    parts, depth = [""], 0
    for letter in body[:-1]:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    parts = [part.strip() for part in parts]
    words = ("CONSTRAINT", "CHECK", "FOREIGN", "PRIMARY", "UNIQUE")
    columns = [part for part in parts if not part.startswith(words)]
    return f"{head}({', '.join(columns + sorted(part for part in parts if part.startswith(words)))})"


def literal(value):
    return "null" if value is None else str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


if __name__ == "__main__":
    FILE.write_text(schema(), encoding="utf-8")
