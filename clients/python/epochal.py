"""Tells epochal what a training program does, epoch by epoch, and goes on where it left off.

    import epochal

    run = epochal.init(learning_rate=1e-3, epochs=20)
    if run.restore_folder:
        state = load(run.restore_folder / "state")
    for epoch in run.epochs():
        ...
        run.log({"train.loss": loss}, samples=n)
        run.save(lambda folder: write(state, folder / "state"))

Under `epochal run` the parameters are those of the sweep, each epoch is recorded, and what save()
writes is durable before the epoch counts. Without epochal the program trains all the same: the
parameters are the ones given here, and what is logged is printed. init(store="epochal-store") has a
program that is started by hand recorded in that store. One file, standard library alone.
The protocol is in docs/protocol.md.
"""

import atexit
import json
import math
import os
import re
import shutil
import socket
import stat
import sys
import threading
import time
from pathlib import Path

PROTOCOL = 1

__all__ = ["Run", "init"]


def init(epochs=1, seed=0, store=None, **parameters):
    """Begins a run. What is given here holds where epochal does not say otherwise.

    `store`: the folder of a store that a program which was started by hand records itself in. For
    that it begins again under `epochal track`, so call this before anything that takes long.
    """
    channel = _Channel.inherited()
    if channel is None and store is not None:
        _begin_again_under_epochal(store, parameters)
    return Run(channel, epochs, seed, parameters)


class Run:
    """One training. Its parameters are also attributes: run.learning_rate."""

    def __init__(self, channel, epochs, seed, parameters):
        self._channel = channel
        self._values = {}
        self._counts = {}
        self._save = None
        self.parameters = dict(parameters)
        self.seed = seed
        self.epoch_count = epochs
        self.first_epoch = 1
        self.restore_folder = None  # what save() wrote behind the epoch before the first, or None
        self.run_folder = None  # for files of the program's own, or None
        self.stopped = ""  # why the run ends early: "budget", "rule", "interrupted"
        if channel is None:
            return
        greeting = channel.read()
        if greeting is None or greeting.get("epochal") != PROTOCOL:
            raise RuntimeError("epochal does not speak version %d of the protocol" % PROTOCOL)
        if not os.environ.pop(_BEGUN_AGAIN, None):
            self.parameters.update(greeting["parameters"])
        self.seed = greeting.get("seed", seed)
        self.epoch_count = greeting.get("epochs", epochs)
        self.first_epoch = greeting["first_epoch"]
        if greeting.get("restore"):
            self.restore_folder = Path(greeting["restore"])
        if os.environ.get("EPOCHAL_RUN_FOLDER"):
            self.run_folder = Path(os.environ["EPOCHAL_RUN_FOLDER"])
        channel.write({"hello": PROTOCOL})

    def __getattr__(self, name):
        # Only called for what is not there otherwise.
        try:
            return self.__dict__["parameters"][name]
        except KeyError:
            raise AttributeError("the run has no parameter %r" % name) from None

    def __getitem__(self, name):
        return self.parameters[name]

    def epochs(self):
        """The numbers of the epochs that are still to do. Each is recorded when the next is asked
        for; the loop ends early when the run shall stop, see `stopped`."""
        for epoch in range(self.first_epoch, self.epoch_count + 1):
            self._values, self._counts, self._save = {}, {}, None
            yield epoch
            if not self._end_epoch(epoch):
                return

    def log(self, values, samples=None, steps=None, learning_rate=None, step=None):
        """Values of the epoch by name. `samples`: how many it was trained on; `steps`: updates of
        the weights. Several calls in an epoch add up to one record. With `step`, a number that
        grows through all epochs, they are values of that step instead: cheap enough for each."""
        if step is not None:
            self._log_step(int(step), values)
            return
        self._values.update((str(name), _number(value)) for name, value in values.items())
        for name, count in (("samples", samples), ("steps", steps)):
            if count is not None:
                self._counts[name] = self._counts.get(name, 0) + int(count)
        if learning_rate is not None:
            self._counts["learning_rate"] = _number(learning_rate)

    def _log_step(self, step, values):
        said = {"step": step}
        for name, value in values.items():
            said[str(name)] = _number(value)
        if self._channel:
            self._channel.write_soon(said)
        else:
            print("step %d: %s" % (step, " ".join("%s=%s" % pair for pair in values.items())))

    def save(self, write):
        """Keeps the state behind this epoch: `write(folder)` is called when the epoch is over, with
        an empty folder (a Path), and writes all that an exact resume needs into plain files."""
        self._save = write

    def note(self, text):
        """Keeps a line of text with the run."""
        self._tell({"note": str(text)})

    def artifact(self, file, caption=""):
        """Keeps a file with the epoch, at most 64 MiB: a picture, a text, a table, sound, a
        histogram, a model, anything. The report shows what a browser can."""
        self._tell({"artifact": os.path.abspath(file), "caption": str(caption)})

    def device(self, name):
        """Says where the program computes: "cpu", "cuda:0"."""
        self._tell({"device": str(name)})

    def progress(self, done, total):
        """Says how far the epoch is, in whatever is counted."""
        if self._channel:
            self._channel.write({"progress": [int(done), int(total)]})

    def _tell(self, message):
        if self._channel:
            self._channel.write(message)
        else:
            print(" ".join("%s: %s" % pair for pair in message.items()), flush=True)

    def _end_epoch(self, epoch):
        if self._channel is None:
            shown = " ".join("%s=%s" % pair for pair in {**self._values, **self._counts}.items())
            print("epoch %d of %d: %s" % (epoch, self.epoch_count, shown), flush=True)
            return True
        said = {**self._values, "epoch": epoch, **self._counts}
        if self._save:
            said["saves"] = True
        self._channel.write(said)
        while True:
            answer = self._channel.read()
            if answer is None:  # epochal is gone: what is recorded stays
                self.stopped = "epochal is gone"
            elif "save" in answer:
                self._save(Path(answer["save"]))
                self._channel.write({"saved": True})
                continue
            elif "stop" in answer:
                self.stopped = str(answer["stop"])
            return not self.stopped


# Says to the program which began again that the parameters are those that it gives itself.
_BEGUN_AGAIN = "EPOCHAL_BEGUN_AGAIN"


def _begin_again_under_epochal(store, parameters):
    """Becomes `epochal track`, which starts this program anew; returns where that cannot be."""
    if "EPOCHAL_RUN" in os.environ:  # a process that a run has started is part of it
        return
    reason = "only a script can be"
    if not hasattr(sys, "ps1") and "ipykernel" not in sys.modules:
        reason = "put `epochal` on the PATH, or name it in EPOCHAL_PROGRAM"
        program = os.environ.get("EPOCHAL_PROGRAM") or shutil.which("epochal")
        if program:
            words = [_word(name, value) for name, value in parameters.items()]
            script = getattr(sys, "orig_argv", [sys.executable, *sys.argv])[1:]
            command = ["epochal", "track", "--store", os.fspath(store), *filter(None, words)]
            sys.stdout.flush()
            sys.stderr.flush()
            environment = {**os.environ, _BEGUN_AGAIN: "1"}
            try:
                os.execve(program, [*command, "--", sys.executable, *script], environment)
            except OSError as error:
                reason = "%s: %s" % (program, error.strerror)
    sys.stderr.write("epochal: this run is not recorded: %s\n" % reason)


def _word(name, value):
    """A parameter as a word of a command line; none for a name that `epochal track` has not."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    is_possible = re.fullmatch("[A-Za-z0-9_-]+", name) and "\0" not in text
    return "%s=%s" % (name, text) if is_possible else None


def _number(value):
    """As JSON has it: NaN and the infinities, which it does not have, are words."""
    number = float(value)
    if math.isnan(number):
        return "nan"
    if math.isinf(number):
        return "inf" if number > 0 else "-inf"
    return number


class _Channel:
    """The socket to epochal: JSON, one object a line."""

    def __init__(self, handle):
        self._socket = socket.socket(fileno=handle)
        self._lines = self._socket.makefile("r", encoding="utf-8", newline="\n")
        # What the program starts is not this run.
        os.set_inheritable(handle, False)
        os.environ.pop("EPOCHAL_FD", None)
        self._lock = threading.Lock()  # of what is waiting
        self._sending = threading.Lock()  # one at a time, in order
        self._waiting = []
        self._sender = None

    @classmethod
    def inherited(cls):
        """The channel of this process, or None where epochal has not started it."""
        try:
            handle = int(os.environ["EPOCHAL_FD"])
            is_socket = stat.S_ISSOCK(os.fstat(handle).st_mode)
        except (KeyError, ValueError, OSError):
            return None
        return cls(handle) if is_socket else None

    def read(self):
        try:
            line = self._lines.readline()
        except ConnectionError:
            line = ""
        return json.loads(line) if line.endswith("\n") else None

    def write(self, message):
        with self._lock:
            self._waiting.append(message)
        self._send()

    def write_soon(self, message):
        """Leaves the sending to another thread, unless too much is waiting."""
        with self._lock:
            self._waiting.append(message)
        if self._sender is None:
            self._sender = threading.Thread(target=self._send_often, daemon=True)
            self._sender.start()
            atexit.register(self._send)
        if len(self._waiting) > 10000:
            self._send()

    def _send_often(self):
        while True:
            time.sleep(0.1)
            if self._waiting:
                self._send()

    def _send(self):
        with self._sending:
            with self._lock:
                waiting, self._waiting = self._waiting, []
            lines = "".join(json.dumps(message) + "\n" for message in waiting)
            try:
                self._socket.sendall(lines.encode())
            except ConnectionError:  # epochal is gone; the next read says so
                sys.stderr.write("epochal is gone\n")
