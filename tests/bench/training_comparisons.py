"""Training, the loader and the machine's ceiling. The references are PyTorch scripts on the same
threads and images, in processes of their own."""
import pathlib
import subprocess

import native_benchmarks
from comparison import Comparison, Measurement

HERE = pathlib.Path(__file__).resolve().parent
MINI, FULL = (64, 44, 4), (128, 4, 1)  # side, batch, width divisor
FLOPS = "GFLOP/s"


PEER = native_benchmarks.ROOT / "build/torch-venv/bin/python"  # scripts/torch-venv makes it
PEERS_WAYS = [(), ("channels_last",), ("compile",), ("compile", "channels_last")]


def script(name, *words, python=native_benchmarks.PYTHON):
    done = subprocess.run([python, HERE / name, *(str(word) for word in words)],
                          capture_output=True, text=True, check=True)
    return float(done.stdout)


def step(setting, bfloat16=False, known=False):
    arguments = "/".join(str(number) for number in (*setting, int(bfloat16), int(known)))
    name = f"training_step/{arguments}/real_time"
    kind = "bfloat16" if bfloat16 else "float32"
    return Measurement(f"{kind}{', known targets' if known else ''} at {setting[0]} px", "images/s",
                       lambda: native_benchmarks.run(name, "images"))


def torch_step(setting):
    return Measurement(f"PyTorch script at {setting[0]} px, float32", "images/s",
                       lambda: script("reference_training.py", *setting, 6))


def peer_step(setting, bfloat16, way):
    """The newest PyTorch, in one of the ways in which people run it."""
    words = (*way, "bf16") if bfloat16 else way
    kind = "bfloat16" if bfloat16 else "float32"
    name = f"torch of PyPI, {', '.join(way).replace('_', ' ') or 'eager'}, {kind} at {setting[0]} px"
    return Measurement(name, "images/s",
                       lambda: script("reference_training.py", *setting, 6, *words, python=PEER))


def peer_comparisons(has_bfloat16):
    """epochal beside each of the peer's ways: the fastest of them is what counts."""
    result = []
    for setting, width, goals in ((FULL, "full width", (2.5, 2)), (MINI, "quarter width", (2.2, 2.5))):
        for bfloat16 in (False, True) if has_bfloat16 else (False,):
            ours = step(setting, bfloat16)
            result += [Comparison("peer", f"{width}, {'bfloat16' if bfloat16 else 'float32'}", ours,
                                  peer_step(setting, bfloat16, way), goals[bfloat16])
                       for way in PEERS_WAYS]
    return result


def flops_of_pair(side, divisor):
    """Multiplications and additions of convolutions in the seven passes of one pair: three through
    the encoder forwards and one back, one through the decoder forwards and two back."""
    a, b, c, d = (width // divisor for width in (64, 128, 256, 512))
    one, two, four, eight = (side // scale for scale in (1, 2, 4, 8))
    encoder = [(3, a, one), (a, a, one), (a, b, two), (b, b, two), (b, c, four), (c, c, four),
               (c, c, four), (c, c, four), (c, d, eight)]
    decoder = [(d, c, eight), (c, c, four), (c, c, four), (c, c, four), (c, b, four),
               (b, b, two), (b, a, two), (a, a, one), (a, 3, one)]

    def flops(layers):
        return sum(2 * 9 * inputs * outputs * extent * extent for inputs, outputs, extent in layers)

    return 4 * flops(encoder) + 3 * flops(decoder)


def achieved(setting, bfloat16, speed):
    """FLOP/s of a step whose images a second are known."""
    side, _, divisor = setting
    return Measurement(f"step in {'bfloat16' if bfloat16 else 'float32'} at {side} px", FLOPS,
                       lambda: speed.measure() / 2 * flops_of_pair(side, divisor) / 1e9)


def ceiling(algorithm):
    return Measurement(f"{algorithm} convolution of 4x256x64x64", FLOPS,
                       lambda: native_benchmarks.run(f"convolution/{algorithm}/256/real_time",
                                                     "flops", 1) / 1e9)


def loader(which, side):
    return Measurement(f"{which.replace('_', ' ')} at {side} px", "images/s",
                       lambda: native_benchmarks.run(f"{which}/{side}/real_time", "images", 1))


def torch_loader(side):
    return Measurement(f"DataLoader with PIL at {side} px", "images/s",
                       lambda: script("reference_loading.py", native_benchmarks.IMAGES, side))


def comparisons(has_bfloat16):
    mini, full = torch_step(MINI), torch_step(FULL)
    result = [
        Comparison("training", "quarter width, 64 px, batch 44", step(MINI), mini, 2),
        Comparison("training", "full width, 128 px, batch 4", step(FULL), full, 1.3)]
    if has_bfloat16:
        result += [
            Comparison("training", "quarter width, bfloat16", step(MINI, True), mini),
            Comparison("training", "quarter width, bfloat16, known targets", step(MINI, True, True),
                       mini, 4),
            Comparison("training", "full width, bfloat16", step(FULL, True), full, 2.5)]
    result += [
        Comparison("roofline", "full width over Winograd", achieved(FULL, False, step(FULL)),
                   ceiling("winograd"), 0.7),
        Comparison("roofline", "full width over direct", achieved(FULL, False, step(FULL)),
                   ceiling("direct"))]
    if has_bfloat16:
        result.append(Comparison("roofline", "full width, bfloat16",
                                 achieved(FULL, True, step(FULL, True)), ceiling("bfloat16"), 0.7))
    for setting, which, goal in ((MINI, "a quarter of the width", 3), (FULL, "full width", 3)):
        side = setting[0]
        result += [
            Comparison("loader", f"first epoch at {side} px", loader("first_pass", side),
                       torch_loader(side)),
            Comparison("loader", f"first epoch, over training at {which}",
                       loader("first_pass", side), step(setting), goal),
            Comparison("loader", f"later epochs, over training at {which}",
                       loader("later_pass", side), step(setting), goal)]
    return result + peer_comparisons(has_bfloat16)
