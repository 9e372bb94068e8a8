"""Reads every ledger in tests/ledgers with the second reader and compares it with its listing; then
damages a copy byte by byte and demands that each damage is found, and that what a crash may leave of
the last group is told from it.

    python check_ledgers.py [FOLDER]
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import steward_reader
from keys import NoKey
from steward_reader import FRAME_HEADER, SEGMENT_HEADER, Torn, Wrong, read_frame_header

# One byte in so many is flipped; prime, so that it meets every place of the headers in time.
STEP = 89


def commits(folder):
    key_file = folder / "workspace.key"
    return steward_reader.read(folder, key_file if key_file.exists() else None)


def compare(folder):
    """How many commits were read; they must be what the listing says."""
    listing = (folder / "listing.jsonl").read_text(encoding="utf-8").splitlines()
    expected = [json.loads(line) for line in listing]
    found = commits(folder)
    for one, other in zip(found, expected):
        if one != other:
            raise Wrong(f"commit {one['sequence']} is not what listing.jsonl says")
    if len(found) != len(expected):
        raise Wrong(f"{len(found)} commits, and {len(expected)} in listing.jsonl")
    return len(found)


def damage(folder):
    """How many single damages were found, all of those tried."""
    found = 0
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / folder.name
        shutil.copytree(folder, copy)
        for segment in sorted((copy / "ledger").glob("*.seg")):
            whole = segment.read_bytes()
            for at in range(0, len(whole), STEP):
                damaged = bytearray(whole)
                damaged[at] ^= 1 << (at % 8)
                segment.write_bytes(damaged)
                try:
                    commits(copy)
                except (Wrong, NoKey):
                    found += 1
                else:
                    raise Wrong(f"a flipped bit at {at} of {segment.name} is not found")
            segment.write_bytes(whole)
        if (copy / "workspace.key").exists():
            (copy / "workspace.key").write_text("0" * 64 + "\n")
            try:
                commits(copy)
            except NoKey:
                found += 1
            else:
                raise Wrong("another key opens it")
    return found


def frames(data):
    """Where each frame of a segment begins, with its header."""
    at, found = SEGMENT_HEADER, []
    while at < len(data):
        frame = read_frame_header(data[at : at + FRAME_HEADER])
        found.append((at, frame))
        at += frame.length
    return found


# What a crash may leave of a frame: its first byte, its length, its bytes.
HARMS = {
    "its header": lambda at, length, data: data[:at] + bytes(FRAME_HEADER) + data[at + FRAME_HEADER :],
    "its last byte": lambda at, length, data: (
        data[: at + length - 1] + bytes([data[at + length - 1] ^ 1]) + data[at + length :]
    ),
    "all of it": lambda at, length, data: data[:at] + bytes(length) + data[at + length :],
    "all from its middle on": lambda at, length, data: data[: at + length // 2],
    "zeros from its header on": lambda at, length, data: data[: at + 20] + bytes(len(data) - at - 20),
}


def tear(folder):
    """How many harms were tried to the last frames: to the last group they leave a torn tail, to those
    before it damage, unless everything behind is gone, too."""
    tried = 0
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / folder.name
        shutil.copytree(folder, copy)
        whole = commits(copy)
        segment = sorted((copy / "ledger").glob("*.seg"))[-1]
        data = segment.read_bytes()
        found = frames(data)
        last = found[-1][1].first
        for at, frame in found[-12:]:
            for name, harm in HARMS.items():
                segment.write_bytes(harm(at, frame.length, data))
                cuts = name in ("all from its middle on", "zeros from its header on")
                is_torn = frame.sequence >= last or cuts
                try:
                    commits(copy)
                    raise OSError(f"commit {frame.sequence} lost {name} and is not missed")
                except Torn as torn:
                    left = [commit["sequence"] for commit in torn.commits]
                    if not is_torn or left != list(range(1, frame.sequence)):
                        raise OSError(f"commit {frame.sequence} lost {name}: {torn}") from torn
                except Wrong as wrong:
                    # What an erasure left behind cannot be judged without the commit that lists it.
                    if is_torn and "lists" not in str(wrong) and "redacted" not in str(wrong):
                        raise OSError(f"commit {frame.sequence} lost {name}: {wrong}") from wrong
                tried += 1
    if not whole:
        raise OSError("no commit was read")
    return tried


def main():
    default = Path(__file__).resolve().parent.parent / "ledgers"
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    folders = sorted(path.parent for path in root.glob("*/listing.jsonl"))
    if not folders:
        print(f"error: there is no ledger in {root}", file=sys.stderr)
        return 1
    for folder in folders:
        try:
            read, found, torn = compare(folder), damage(folder), tear(folder)
        except (Wrong, NoKey, OSError) as error:
            print(f"error: {folder.name}: {error}", file=sys.stderr)
            return 1
        print(
            f"{folder.name}: {read} commits as listed, {found} of {found} damages found, "
            f"{torn} torn ends told from damage"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
