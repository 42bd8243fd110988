#!/usr/bin/env python3
"""Reads TensorBoard event files without TensorBoard: checks every checksum with a CRC-32C worked out
bit by bit, decodes the protocol buffers by their wire format, and prints what it found as JSON:
scalars by tag and step, images with their sizes, sound with its rate, channels and length, and the parameters of the hparams plugin."""
import json
import pathlib
import struct
import sys


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def records(data):
    at = 0
    while at < len(data):
        header = data[at:at + 8]
        (length,) = struct.unpack("<Q", header)
        (header_crc,) = struct.unpack("<I", data[at + 8:at + 12])
        assert header_crc == masked(header), "checksum of a length"
        body = data[at + 12:at + 12 + length]
        assert len(body) == length, "a record is cut off"
        (body_crc,) = struct.unpack("<I", data[at + 12 + length:at + 16 + length])
        assert body_crc == masked(body), "checksum of a record"
        yield body
        at += 16 + length


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return value, at


def fields(data):
    """Field number -> list of raw values."""
    found = {}
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 1:
            value, at = data[at:at + 8], at + 8
        elif kind == 2:
            length, at = varint(data, at)
            value, at = data[at:at + length], at + length
        elif kind == 5:
            value, at = data[at:at + 4], at + 4
        else:
            raise ValueError(f"wire type {kind}")
        found.setdefault(key >> 3, []).append(value)
    return found


def plain(value):
    parts = fields(value)
    if 2 in parts:
        return struct.unpack("<d", parts[2][0])[0]
    if 3 in parts:
        return parts[3][0].decode()
    return bool(parts[4][0])


def main():
    answer = {}
    for path in sorted(pathlib.Path(sys.argv[1]).rglob("events.out.tfevents.*")):
        run = {"scalars": {}, "images": [], "audio": [], "hparams": {}, "experiment": None, "status": None}
        for number, record in enumerate(records(path.read_bytes())):
            event = fields(record)
            if number == 0:
                assert event[3][0] == b"brain.Event:2"
                continue
            step = event.get(2, [0])[0]
            for value in fields(event[5][0])[1]:
                summary = fields(value)
                tag = summary[1][0].decode()
                if 2 in summary:
                    (scalar,) = struct.unpack("<f", summary[2][0])
                    run["scalars"].setdefault(tag, []).append([step, repr(scalar)])
                if 4 in summary:
                    image = fields(summary[4][0])
                    assert image[4][0].startswith(b"\x89PNG")
                    run["images"].append([tag, step, image[2][0], image[1][0]])
                if 6 in summary:
                    audio = fields(summary[6][0])
                    (rate,) = struct.unpack("<f", audio[1][0])
                    assert audio[4][0].startswith(b"RIFF") and audio[5][0] == b"audio/wav"
                    run["audio"].append([tag, step, rate, audio[2][0], audio[3][0]])
                if 9 in summary:
                    plugin = fields(fields(summary[9][0])[1][0])
                    assert plugin[1][0] == b"hparams"
                    content = fields(plugin[2][0])
                    if tag == "_hparams_/session_start_info":
                        start = fields(content[3][0])
                        for entry in start.get(1, []):
                            pair = fields(entry)
                            run["hparams"][pair[1][0].decode()] = plain(pair[2][0])
                        run["group"] = start[4][0].decode()
                    elif tag == "_hparams_/session_end_info":
                        run["status"] = fields(content[4][0]).get(1, [0])[0]
                    elif tag == "_hparams_/experiment":
                        experiment = fields(content[2][0])
                        run["experiment"] = {
                            "hparams": [fields(i)[1][0].decode() for i in experiment[4]],
                            "metrics": [fields(fields(i)[1][0])[2][0].decode()
                                        for i in experiment[5]]}
        answer[str(path.parent.relative_to(sys.argv[1]))] = run
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
