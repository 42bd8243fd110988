"""What `epochal ui` takes for its answers over 10,000 runs, beside sqlite3 asked for the same rows, and what a reader in
Chromium waits for."""
import functools
import json
import pathlib
import re
import subprocess
import time
import urllib.request

from comparison import Comparison, Measurement
from program_comparisons import PROGRAM, SELECTED, process
from query_store import make_store

ROUNDS = 7
PLAYWRIGHT = pathlib.Path(__file__).resolve().parent.parent.parent / "build/browser/node_modules/playwright-core/index.js"


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


@functools.cache
def in_chromium(address, runs, number):
    """One look at the page; `number` makes each round a new one."""
    words = ["node", pathlib.Path(__file__).with_name("page_browser.mjs"), address, PLAYWRIGHT, *runs.split(",")]
    return json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)


def browser_comparisons(server, runs, plain):
    """None where scripts/browser-test has not installed the browser."""
    if not PLAYWRIGHT.exists():
        return []

    def of(what, name, goal_most):
        rounds = iter(range(1000))
        return Comparison("page", what, Measurement(f"Chromium: {what}", "ms",
                          lambda: in_chromium(server.address, runs, next(rounds))[name]), plain, goal_most=goal_most)

    return [of("first rows of 10,000 runs, in Chromium", "first_rows", 200),
            of("a filter over 10,000 runs, in Chromium", "filter", 100),
            of("longest task while the list scrolls, in Chromium", "scrolling", 50),
            of("curves of 50 runs, in Chromium", "curves", None)]


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
        answer("curves of 50 runs", 100, f"curves?metric=val.total&runs={runs}"),
        *browser_comparisons(server, runs, plain)]
