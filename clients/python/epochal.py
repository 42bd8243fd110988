"""Reports the epochs of a training program to epochal and resumes where it stopped.

    import epochal

    run = epochal.init(learning_rate=1e-3, epochs=20)
    if run.restore_folder:
        state = load(run.restore_folder / "state")
    for epoch in run.epochs():
        ...
        run.log({"train.loss": loss}, samples=n)
        run.save(lambda folder: write(state, folder / "state"))

Under `epochal run` the sweep sets the parameters, each epoch is recorded, and what save() writes is
durable before the epoch counts. Without epochal the program trains too: it uses the parameters
given here and prints what is logged. With init(store="epochal-store"), a program that is started by hand
is recorded in that store. One file that needs only the standard library.
The protocol is in docs/protocol.md.
"""

import atexit
import fcntl
import json
import math
import numbers
import os
import select
import shutil
import socket
import stat
import struct
import sys
import sysconfig
import threading
import time
from pathlib import Path

PROTOCOL = 1

# What a message may hold: epochal takes no more.
MOST_VALUES = 256
LONGEST_NAME = 200
LONGEST_LINE = 65536

# Seconds until the first line of epochal is there: it is sent as soon as the program starts.
GREETING_PATIENCE = 10

__all__ = ["Run", "init"]


def init(epochs=1, seed=0, store=None, better=None, objective=None, **parameters):
    """Starts a run. The arguments are defaults that epochal may replace.

    `better`: which values of a metric are better, {"val.loss": "lower"}, and `objective`: the
    metric by which runs are compared. They are for programs that are started by hand: a sweep file
    declares its own metrics.

    `store`: the folder of the store in which a program that was started by hand records itself. For
    this, the program is started again under `epochal track`, so call this before any long work.
    """
    channel = _Channel.inherited() or _PrintedLines.of_run()
    has_begun_again = os.environ.pop(_BEGUN_AGAIN, None) is not None
    if channel is None and store is not None and not has_begun_again:
        _begin_again_under_epochal(store, parameters)
    directions = {"better": dict(better)} if better else {}
    if objective is not None:
        directions["objective"] = str(objective)
    return Run(channel, epochs, seed, parameters, has_begun_again, directions)


class Run:
    """One training. Its parameters are also attributes: run.learning_rate. If a parameter has the
    name of a member of the run (device, log, save, seed), use run["device"]."""

    def __init__(self, channel, epochs, seed, parameters, has_begun_again=False, directions=None):
        self._channel = channel
        self._is_over = False
        self._values = {}
        self._counts = {}
        self._save = None
        self._epoch = None  # the one that is going on
        self.parameters = dict(parameters)
        self.seed = seed
        self.epoch_count = epochs
        self.first_epoch = 1
        self.restore_folder = None  # what save() wrote after the epoch before the first, or None
        self.run_folder = None  # for files of the program's own, or None
        self.stopped = ""  # why the run ends early: "budget", "rule", "interrupted", "finished"
        if channel is None:
            return
        greeting = channel.read()
        if greeting is None or greeting.get("epochal") != PROTOCOL:
            raise RuntimeError("epochal does not use version %d of the protocol" % PROTOCOL)
        if not has_begun_again:
            self.parameters.update(greeting["parameters"])
        self.seed = greeting.get("seed", seed)
        self.epoch_count = greeting.get("epochs", epochs)
        self.first_epoch = greeting["first_epoch"]
        if greeting.get("restore"):
            self.restore_folder = Path(greeting["restore"])
        if os.environ.get("EPOCHAL_RUN_FOLDER"):
            self.run_folder = Path(os.environ["EPOCHAL_RUN_FOLDER"])
        if channel.answers:
            hello = {"hello": PROTOCOL, **(directions or {})}
            # A sweep knows the seed and the length itself.
            for name, value in (("seed", seed), ("epochs", epochs)):
                if name not in greeting and 0 <= int(value) <= 2**53:
                    hello[name] = int(value)
            channel.write(hello)

    def __getattr__(self, name):
        # Only called for what is not there otherwise.
        try:
            return self.__dict__["parameters"][name]
        except KeyError:
            raise AttributeError("the run has no parameter %r" % name) from None

    def __getitem__(self, name):
        return self.parameters[name]

    def epochs(self):
        """The numbers of the remaining epochs. Each is recorded when the next one starts. The loop
        ends early when the run is asked to stop, see `stopped`."""
        for epoch in range(self.first_epoch, self.epoch_count + 1):
            self._values, self._counts, self._save = {}, {}, None
            self._epoch = epoch
            yield epoch
            if self._epoch is None or not self._end_epoch(epoch):
                break
        self._epoch = None
        self._is_over = True

    def finish(self):
        """Ends the run after the current epoch, which is recorded, before all epochs are done: for
        a program that stops by itself. The loop ends by itself, or you can leave it."""
        if self._epoch is None:
            return
        epoch, self._epoch = self._epoch, None
        self._end_epoch(epoch, is_last=True)
        self._is_over = True
        self.stopped = self.stopped or "finished"

    def log(self, values, samples=None, steps=None, learning_rate=None, step=None):
        """Records values of the epoch by name. `samples`: the number of samples that it trained on;
        `steps`: the number of weight updates. Several calls in an epoch add up to one record. With
        `step`, a number that grows through all epochs, they are values of that step: cheap enough
        for every step.

        Ignores an "epoch" among the values: the loop counts epochs. Raises ValueError for values
        that epochal cannot record."""
        if step is not None:
            self._log_step(_count("step", step), values)
            return
        if self._is_over:
            self._is_over = False  # warns once
            sys.stderr.write("epochal: values logged after the last epoch are not recorded\n")
        added = {}
        for name, value in values.items():
            name = str(name)
            if name in ("samples", "steps"):
                self._counts[name] = _count(name, value)
            elif name == "learning_rate":
                self._counts[name] = _number(value)
            elif name != "epoch":
                _check_name(name)
                added[name] = _number(value)
        if len({**self._values, **added}) > MOST_VALUES:
            raise ValueError("an epoch has at most %d values" % MOST_VALUES)
        self._values.update(added)
        for name, count in (("samples", samples), ("steps", steps)):
            if count is not None:
                self._counts[name] = self._counts.get(name, 0) + _count(name, count)
        if learning_rate is not None:
            self._counts["learning_rate"] = _number(learning_rate)

    def _log_step(self, step, values):
        said = {}
        for name, value in values.items():
            name = str(name)
            if name == "epoch":
                continue
            if name not in _KNOWN_NAMES:
                _check_name(name)
            said[name] = _number(value)
        if len(said) > MOST_VALUES:
            raise ValueError("a step has at most %d values" % MOST_VALUES)
        if self._channel:
            self._channel.write_soon({"step": step, **said})
        else:
            print("step %d: %s" % (step, " ".join("%s=%s" % pair for pair in values.items())))

    def save(self, write):
        """Saves the state after this epoch: `write(folder)` is called at its end with an empty
        folder (a Path), and must write everything that an exact resume needs into plain files."""
        self._save = write

    def note(self, text):
        """Records a line of text with the run."""
        self._tell({"note": str(text)})

    def artifact(self, file, caption=""):
        """Records a file of the epoch, at most 64 MiB: a picture, a text, a table, sound, a
        histogram, a model, anything. The report shows it if a browser can."""
        self._tell({"artifact": os.path.abspath(file), "caption": str(caption)})

    def device(self, name):
        """Reports the device: "cpu", "cuda:0"."""
        self._tell({"device": str(name)})

    def progress(self, done, total):
        """Reports the progress of the epoch, in any unit."""
        if self._channel:
            self._channel.write({"progress": [int(done), int(total)]})

    def _tell(self, message):
        if self._channel:
            self._channel.write(message)
        else:
            print(" ".join("%s: %s" % pair for pair in message.items()), flush=True)

    def _end_epoch(self, epoch, is_last=False):
        if self._channel is None:
            shown = " ".join("%s=%s" % pair for pair in {**self._values, **self._counts}.items())
            print("epoch %d of %d: %s" % (epoch, self.epoch_count, shown), flush=True)
            return True
        said = {**self._values, "epoch": epoch, **self._counts}
        if self._save and self._channel.answers:
            said["saves"] = True
        if is_last and epoch < self.epoch_count:
            said["last"] = True
        length = len(_line(said))
        if length > LONGEST_LINE:
            raise ValueError("the values of epoch %d take %d bytes, at most %d are possible"
                             % (epoch, length, LONGEST_LINE))
        self._channel.write(said)
        if not self._channel.answers:
            return True
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
    """Executes `epochal track`, which starts this program again. Returns if that is impossible."""
    if "EPOCHAL_RUN" in os.environ:  # a process of a run is part of it
        return
    program = os.environ.get("EPOCHAL_PROGRAM") or shutil.which("epochal") or _program_of_wheel()
    if not _can_begin_again():
        reason = "only a script in a file can be, not one that is typed or read from standard input"
    elif not program:
        reason = "put `epochal` on the PATH, or name it in EPOCHAL_PROGRAM"
    else:
        script = getattr(sys, "orig_argv", [sys.executable, *sys.argv])[1:]
        said = json.dumps({_text(name): _plain(value) for name, value in parameters.items()})
        command = ["epochal", "track", "--stdin", "--store=" + os.fsdecode(store),
                   "--parameters=" + said, "--", sys.executable, *script]
        sys.stdout.flush()
        sys.stderr.flush()
        try:
            os.execve(program, command, {**os.environ, _BEGUN_AGAIN: "1"})
        except OSError as error:
            reason = "%s: %s" % (program, error.strerror)
    sys.stderr.write("epochal: this run is not recorded: %s\n" % reason)


def _program_of_wheel():
    """The command where pip puts it in this environment, which need not be active."""
    return shutil.which("epochal", path=sysconfig.get_path("scripts"))


def _can_begin_again():
    """Whether this program would be the same if it were started again."""
    if hasattr(sys, "ps1") or "ipykernel" in sys.modules or not sys.executable:
        return False
    script = getattr(sys.modules["__main__"], "__file__", None)
    if script is None or script == "<stdin>":
        return sys.argv[:1] == ["-c"]
    # A pipe is read only once. What does not exist is inside an archive.
    return os.path.isfile(script) or not os.path.exists(script)


def _text(value):
    return str(value).encode("utf-8", "replace").decode()


def _plain(value):
    """A parameter as JSON has it: true or false, a finite number, or else a text."""
    if isinstance(value, bool):
        return value
    if hasattr(value, "item") and not isinstance(value, numbers.Number):  # numpy.bool_, a tensor
        try:
            value = value.item()
        except (RuntimeError, TypeError, ValueError):  # more than one number
            return _text(value)
        return value if isinstance(value, bool) else _plain_number(value)
    return _plain_number(value)


def _plain_number(value):
    if isinstance(value, numbers.Integral) and -2**63 <= value < 2**63:
        return int(value)
    if not isinstance(value, numbers.Real):
        return _text(value)
    try:
        # The digits that are shown: numpy.float32(0.1) is 0.1.
        number = float(value) if isinstance(value, numbers.Rational) else float(str(value))
    except (OverflowError, ValueError):
        return _text(value)
    return number if math.isfinite(number) else _text(value)


# Names that are already checked: a step is logged often.
_KNOWN_NAMES = set()


def _check_name(name):
    """Raises ValueError for an invalid name of a value."""
    if name in ("step", "saves", "last"):
        raise ValueError("%r cannot be the name of a value: it is reserved%s"
                         % (name, "; write log(…, step=…)" if name == "step" else ""))
    if not 0 < len(name.encode("utf-8", "replace")) <= LONGEST_NAME:
        raise ValueError("the name of a value has 1 to %d bytes: %.40r" % (LONGEST_NAME, name))
    if any(c < " " or c == "\x7f" for c in name):
        raise ValueError("the name of a value holds a control character: %.40r" % name)
    if len(_KNOWN_NAMES) < 10000:
        _KNOWN_NAMES.add(name)


def _count(name, value):
    """Raises ValueError unless the value is a whole number from 0."""
    count = int(value)
    if count != value or not 0 <= count <= 2**53:
        raise ValueError("%s must be a whole number from 0, not %r" % (name, value))
    return count


def _line(message):
    return (json.dumps(message, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def _number(value):
    """A number for JSON: NaN and the infinities, which JSON lacks, are words."""
    number = float(value)
    if math.isnan(number):
        return "nan"
    if math.isinf(number):
        return "inf" if number > 0 else "-inf"
    return number


class _PrintedLines:
    """The connection of a process whose launcher has closed the channel: lines on standard output.
    epochal does not answer, so the run starts again after an interruption."""

    answers = False

    @classmethod
    def of_run(cls):
        # A client with the channel unsets EPOCHAL_FD: its child processes are not the run.
        if "EPOCHAL_RUN" not in os.environ or os.environ.pop("EPOCHAL_FD", None) is None:
            return None
        return cls()

    def read(self):
        try:
            greeting = {"epochal": int(os.environ["EPOCHAL_PROTOCOL"]), "first_epoch": 1,
                        "parameters": json.loads(os.environ["EPOCHAL_PARAMETERS"])}
            for name in ("seed", "epochs"):
                if "EPOCHAL_" + name.upper() in os.environ:
                    greeting[name] = int(os.environ["EPOCHAL_" + name.upper()])
            return greeting
        except (KeyError, ValueError):
            return None

    def write(self, message):
        sys.stdout.write("epochal: " + _line(message).decode())
        sys.stdout.flush()

    write_soon = write


_SECOND_CLIENT = ("another process of this run has already connected to epochal: "
                  "call epochal.init in only one process")


class _Channel:
    """The socket to epochal: JSON, one object per line."""

    answers = True

    def __init__(self, handle):
        self._socket = socket.socket(fileno=handle)
        self._lines = self._socket.makefile("r", encoding="utf-8", newline="\n")
        # What the program starts is not this run.
        os.set_inheritable(handle, False)
        os.environ.pop("EPOCHAL_FD", None)
        self._process = os.getpid()
        self._is_gone = False
        self._lock = threading.Lock()  # of what is waiting
        self._sending = threading.Lock()  # one at a time, in order
        self._waiting = []
        self._sender = None

    @classmethod
    def inherited(cls):
        """The channel of this process, or None if epochal has not started it. Raises
        RuntimeError if another process of the run has it."""
        try:
            handle = int(os.environ["EPOCHAL_FD"])
            status = os.fstat(handle)
            inode = int(os.environ.get("EPOCHAL_SOCKET", status.st_ino))
        except (KeyError, ValueError, OSError):
            return None
        if not stat.S_ISSOCK(status.st_mode) or status.st_ino != inode:
            return None
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            cls._leave_mark(handle)
        except (BlockingIOError, PermissionError):
            raise RuntimeError(_SECOND_CLIENT) from None
        except (AttributeError, OSError):  # this system has no such locks for sockets
            pass
        # Another process may have read the first line without such a lock.
        if not select.select([handle], [], [], GREETING_PATIENCE)[0]:
            raise RuntimeError(_SECOND_CLIENT)
        return cls(handle)

    @staticmethod
    def _leave_mark(handle):
        """The lock of a process ends with it. A lock of the open socket stays on the second byte, so
        that a later process of the run sees at once that the first line is taken."""
        fcntl.lockf(handle, fcntl.LOCK_UN, 0, 1)
        mark = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 1, 1, 0)
        fcntl.fcntl(handle, fcntl.F_OFD_SETLK, mark)

    def _is_mute(self):
        """Whether nothing is sent: this is a forked process, or epochal is gone."""
        return self._is_gone or os.getpid() != self._process

    def read(self):
        if self._is_mute():
            return None
        try:
            line = self._lines.readline()
            return json.loads(line) if line.endswith("\n") else None
        except (OSError, ValueError):
            return None

    def write(self, message):
        if self._is_mute():
            return
        with self._lock:
            self._waiting.append(message)
        self._send()

    def write_soon(self, message):
        """Lets another thread send, unless too much is waiting."""
        if self._is_mute():
            return
        with self._lock:
            self._waiting.append(message)
        if self._sender is None:
            self._sender = threading.Thread(target=self._send_often, daemon=True)
            self._sender.start()
            atexit.register(self._send)
        if len(self._waiting) > 10000:
            self._send()

    def _send_often(self):
        while not self._is_mute():
            time.sleep(0.1)
            if self._waiting:
                self._send()

    def _send(self):
        if self._is_mute():
            return
        with self._sending:
            with self._lock:
                waiting, self._waiting = self._waiting, []
            try:
                self._socket.sendall(b"".join(_line(message) for message in waiting))
            except OSError as error:  # the next read says so
                if not self._is_gone:
                    self._is_gone = True
                    sys.stderr.write("epochal is gone: %s\n" % error.strerror)
