"""Packs the Python client and the portable tracker into a wheel: `pip install` of it gives the module
`epochal` and the command of the same name.

    wheel.py BUILD FOLDER

BUILD is the tree that scripts/portable builds. The program finds its parts beside itself, in
../lib/epochal, so a wheel's data, which pip lays into the environment's folder, keeps that layout.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parent.parent
CLIENT = SOURCE / "clients/python"


def field(name):
    """A text of the client's pyproject.toml. The version is that of CMakeLists.txt."""
    return re.search(r'^%s = "(.*)"$' % name, (CLIENT / "pyproject.toml").read_text(), re.M)[1]


def project_version():
    return re.search(r"project\(epochal VERSION (\S+)", (SOURCE / "CMakeLists.txt").read_text())[1]


def write_metadata(folder, version):
    folder.mkdir()
    (folder / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: epochal\nVersion: %s\nSummary: %s\nLicense: MIT\n"
        "Requires-Python: %s\nDescription-Content-Type: text/markdown\n\n%s"
        % (version, field("description"), field("requires-python"),
           (CLIENT / "README.md").read_text()))
    (folder / "WHEEL").write_text(
        "Wheel-Version: 1.0\nGenerator: epochal\nRoot-Is-Purelib: false\nTag: py3-none-linux_x86_64\n")
    shutil.copy(SOURCE / "LICENSE", folder / "LICENSE")


def main(build, into):
    version = project_version()
    if field("version") != version:
        sys.exit("wheel.py: clients/python/pyproject.toml has version %s, CMakeLists.txt has %s"
                 % (field("version"), version))
    with tempfile.TemporaryDirectory() as folder:
        wheel = pathlib.Path(folder)
        installed = wheel / ("epochal-%s.data" % version) / "data"
        subprocess.run(["cmake", "--install", build, "--prefix", installed, "--strip",
                        "--component", "tracker"], check=True, stdout=subprocess.DEVNULL)
        shutil.copy(CLIENT / "epochal.py", wheel)
        write_metadata(wheel / ("epochal-%s.dist-info" % version), version)
        for old in pathlib.Path(into).glob("epochal-*.whl"):
            old.unlink()
        subprocess.run([sys.executable, "-m", "wheel", "pack", folder, "-d", into], check=True)


main(*sys.argv[1:])
