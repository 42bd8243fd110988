"""What `epochal ui` takes for its answers over 10,000 runs, beside sqlite3 asked for the same rows."""
import re
import subprocess
import time
import urllib.request

from comparison import Comparison, Measurement
from program_comparisons import PROGRAM, SELECTED, process
from query_store import make_store

ROUNDS = 7


class Server:
    """Serves until the bench is over."""

    def __init__(self, folder):
        self.process = subprocess.Popen([PROGRAM, "ui", "--port", "0"], cwd=folder, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.address = re.match(r"http://\S+/", self.process.stdout.readline()).group(0)

    def milliseconds(self, path):
        taken = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            urllib.request.urlopen(f"{self.address}api/v1/{path}").read()
            taken.append(1000 * (time.perf_counter() - start))
        return sorted(taken)[ROUNDS // 2]


def start_up(folder):
    start = time.perf_counter()
    server = Server(folder)
    urllib.request.urlopen(server.address).read()
    taken = 1000 * (time.perf_counter() - start)
    server.process.terminate()
    server.process.wait()
    return taken


def comparisons(folder):
    runs = ",".join(identity[:12] for identity in make_store(PROGRAM, folder))
    server = Server(folder)
    plain = process("sqlite3 for the page", folder, "sqlite3", "-readonly", "epochal-store/epochal.db", SELECTED)

    def answer(what, goal_most, path):
        return Comparison("page", what, Measurement(f"epochal ui: {what}", "ms", lambda: server.milliseconds(path)), plain,
                          goal_most=goal_most)

    return [
        Comparison("page", "from start to the page", Measurement("epochal ui starts", "ms", lambda: start_up(folder)), plain,
                   goal_most=50),
        answer("first rows of 10,000 runs", 200, "runs?limit=100&sparklines=val.total"),
        answer("filter over 10,000 runs", 100,
               "runs?limit=100&where=metrics.val.total%20%3C%200.06%20and%20params.batch_size%20%3D%2032&sort=metrics.val.total"),
        answer("curves of 50 runs", 100, f"curves?metric=val.total&runs={runs}")]
