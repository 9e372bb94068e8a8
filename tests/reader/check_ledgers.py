"""Reads every ledger in tests/ledgers with the second reader and compares it with its listing; then
damages a copy byte by byte and demands that each damage is found.

    python check_ledgers.py [FOLDER]
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import steward_reader
from keys import NoKey
from steward_reader import Wrong

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


def main():
    default = Path(__file__).resolve().parent.parent / "ledgers"
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    folders = sorted(path.parent for path in root.glob("*/listing.jsonl"))
    if not folders:
        print(f"error: there is no ledger in {root}", file=sys.stderr)
        return 1
    for folder in folders:
        try:
            read, found = compare(folder), damage(folder)
        except (Wrong, NoKey, OSError) as error:
            print(f"error: {folder.name}: {error}", file=sys.stderr)
            return 1
        print(f"{folder.name}: {read} commits as listed, {found} of {found} damages found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
