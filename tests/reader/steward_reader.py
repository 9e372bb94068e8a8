"""A second reader of steward's ledgers, written from src/ledger/FORMAT.md and src/ledger/keys/FORMAT.md
alone: it shares no code with steward, and shows that those pages say enough.

    python steward_reader.py .steward [--key-file FILE]

Checks everything the pages name (checksums, reserved bytes, salts and leaves, Merkle roots, the chain,
numbers and times, encryption, that what is redacted was erased) and prints one JSON object a commit. The first thing that does not fit
ends it with code 1 and a sentence that names file and offset.
"""

import argparse
import json
import re
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

import zstandard
from blake3 import blake3

import erasures
import keys
import tail

SEGMENT_MAGIC = b"\xf5STEWSEG"
FRAME_MAGIC = b"\xf5FRM"
SEGMENT_HEADER = 112
FRAME_HEADER = 144
MOST_STORED = 16_777_216
MOST_BODY = 16_777_152
FORMAT = 1
# Of the frames behind the first of a group.
IN_GROUP = 2
# The event kinds that FORMAT.md names, by the vocabulary that brought them; all in version 1.
KINDS = {
    kind: vocabulary
    for vocabulary, kinds in {
        1: "workspace_created settings_adopted import_started record_revised row_quarantined "
        "import_finished match_finished customer_changed record_changed task_changed "
        "decision_made exported",
        2: "person_erased event_erased erasure_finished",
        3: "unmasked",
        4: "export_begun",
        8: "census_taken",
        11: "access_noted",
        12: "settings_proposed proposal_withdrawn refused_by_role",
        13: "settings_acknowledged",
        14: "activities_recorded activities_withdrawn figures_measured",
    }.items()
    for kind in kinds.split()
}
VOCABULARY = 14
# The doors that an actor of version 2 may have come through, and the vocabulary that brought it.
DOORS = ("local", "socket", "ssh")
CAME = 11


class Wrong(Exception):
    """Something does not fit the pages."""


class Torn(Wrong):
    """The last segment has a torn tail; `commits` are those before it."""

    def __init__(self, sentence, commits):
        super().__init__(sentence)
        self.commits = commits


@dataclass
class Segment:
    """A segment's header."""

    number: int
    generation: int
    workspace: bytes
    first: int
    chain: bytes


@dataclass
class Frame:
    """A frame's header."""

    codec: int
    cipher: int
    key: int
    stored: int
    body_checksum: bytes
    chain: bytes
    vocabulary: int
    events: int
    place: int
    sequence: int
    time: int
    previous: bytes
    logical: bytes

    @property
    def first(self):
        """The number of its group's first commit."""
        return self.sequence - self.place

    @property
    def length(self):
        return FRAME_HEADER + self.stored


def checksum(context, data):
    return blake3(context.encode() + data).digest()[:16]


def require(holds, sentence):
    if not holds:
        raise Wrong(sentence)


def read_segment_header(data):
    require(len(data) >= SEGMENT_HEADER, "shorter than a segment's header")
    require(data[0:8] == SEGMENT_MAGIC, "no segment's magic")
    require(
        checksum("steward ledger segment header 1", data[0:96]) == data[96:112],
        "a segment's header that does not match its checksum",
    )
    (version,) = struct.unpack_from("<H", data, 8)
    require(version == FORMAT, f"format version {version}, written by a newer steward")
    require(data[40:44] == bytes(4) and data[84:96] == bytes(12), "reserved bytes that are not zero")
    number, generation = struct.unpack_from("<II", data, 16)
    (first,) = struct.unpack_from("<Q", data, 44)
    return Segment(number, generation, data[24:40], first, data[52:84])


def read_frame_header(data):
    require(len(data) == FRAME_HEADER, "shorter than a frame's header")
    require(data[0:4] == FRAME_MAGIC, "no frame's magic")
    require(
        checksum("steward ledger frame header 1", data[0:128]) == data[128:144],
        "a frame's header that does not match its checksum",
    )
    version, vocabulary = struct.unpack_from("<HH", data, 64)
    require(version in (FORMAT, IN_GROUP), f"format version {version}, written by a newer steward")
    speaks, vocabulary = vocabulary >> 15 == 1, vocabulary & 0x7FFF
    require(vocabulary <= VOCABULARY, f"vocabulary {vocabulary}, written by a newer steward")
    require(not speaks or vocabulary >= CAME, "a header that says too early that it speaks of erasing")
    require(data[6:8] == bytes(2), "reserved bytes that are not zero")
    (place,) = struct.unpack_from("<H", data, 74)
    require((place > 0) == (version == IN_GROUP), "a place in a group that its version does not have")
    key, stored = struct.unpack_from("<II", data, 8)
    (events,) = struct.unpack_from("<I", data, 76)
    sequence, time = struct.unpack_from("<Qq", data, 80)
    require(stored <= MOST_STORED, "stored bytes longer than any may be")
    require(events >= 1, "a commit without events")
    require(1 <= sequence <= 2**64 - 2, "a commit's number out of bounds")
    require(place < sequence, "a group that begins before the first commit")
    require(data[4] in (0, 1), f"unknown codec {data[4]}")
    require(data[5] in (0, 1), f"unknown cipher {data[5]}")
    require((data[5] == 0) == (key == 0), "a key id without a cipher, or a cipher without")
    return Frame(
        data[4], data[5], key, stored, data[16:32], data[32:64],
        vocabulary, events, place, sequence, time, data[96:128], data[64:128],
    )  # fmt: skip


def opened(frame, stored, segment, data_keys):
    """The stored bytes as they are without a cipher."""
    require(
        checksum("steward ledger stored body 1", stored) == frame.body_checksum,
        "stored bytes that do not match their checksum",
    )
    if frame.cipher == 0:
        require(not data_keys, "a frame in the clear in an encrypted workspace")
        return stored
    require(frame.key in data_keys, f"there is no key {frame.key}")
    place = keys.associated_data(1, segment.workspace, frame.key, segment.number, frame.sequence)
    plain = keys.opened(data_keys[frame.key], stored, place)
    require(plain is not None, "stored bytes that do not open under their key")
    return plain


def read_entries(frame, body):
    """Every entry as (leaf, data); the data of a redacted one is None."""
    table, at = [], 0
    for _ in range(frame.events + 1):
        require(at < len(body), "a table that is cut off")
        length = {0: 21, 1: 33}.get(body[at])
        require(length is not None, f"an entry of unknown form {body[at]}")
        require(at + length <= len(body), "a table that is cut off")
        table.append(body[at : at + length])
        at += length
    data = body[at:]
    if frame.codec == 1:
        size = zstandard.frame_content_size(data)
        require(0 <= size <= MOST_BODY, "a zstd frame without its content's size, or too long")
        data = zstandard.ZstdDecompressor().decompress(data, max_output_size=size)
        require(len(data) == size, "data of another size than its zstd frame names")
    require(at + len(data) <= MOST_BODY, "table and data longer than any may be")
    entries, place = [], 0
    for entry in table:
        if entry[0] == 1:
            entries.append((entry[1:33], None))
            continue
        (length,) = struct.unpack_from("<I", entry, 1)
        part = data[place : place + length]
        require(len(part) == length, "data that is shorter than its table says")
        entries.append((blake3(b"\x00" + entry[5:21] + part).digest(), part))
        place += length
    require(place == len(data), "data that no entry of the table has")
    return entries


def root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    largest = 1
    while largest * 2 < len(leaves):
        largest *= 2
    return blake3(b"\x01" + root(leaves[:largest]) + root(leaves[largest:])).digest()


def read_data(data):
    """An entry's kind, version and content."""
    require(len(data) >= 1 and len(data) >= 3 + data[0], "an entry that is cut off")
    length = data[0]
    kind = data[1 : 1 + length].decode("ascii")
    (version,) = struct.unpack_from("<H", data, 1 + length)
    return kind, version, data[3 + length :].decode("utf-8")


def told(entries, vocabulary):
    """The actor and the events of a commit."""
    _, actor = entries[0]
    require(actor is not None, "a commit whose actor is redacted")
    kind, version, text = read_data(actor)
    require(kind == "actor" and version in (1, 2), "an entry 0 that is no actor")
    who = {"actor": text}
    if version == 2:
        require(vocabulary >= CAME, f"an actor of version 2 in vocabulary {vocabulary}")
        came = json.loads(text)
        who = {"actor": came.pop("person"), "evidence": came}
        require(came.get("door") in DOORS, "an actor who came through no door")
    events = []
    for leaf, data in entries[1:]:
        if data is None:
            events.append({"kind": "erased", "data": {"leaf": leaf.hex()}})
            continue
        kind, version, text = read_data(data)
        known = KINDS.get(kind, VOCABULARY + 1) <= vocabulary and version == 1
        require(known, f"an event {kind} of version {version} in vocabulary {vocabulary}")
        events.append({"kind": kind, "data": json.loads(text)})
    return who, events


def tail_of(data, first):
    """Where what is whole of the last segment ends."""

    def header_of(at):
        try:
            return read_frame_header(data[at : at + FRAME_HEADER])
        except Wrong:
            return None

    def is_whole(at, frame):
        stored = data[at + FRAME_HEADER : at + frame.length]
        return checksum("steward ledger stored body 1", stored) == frame.body_checksum

    longest = FRAME_HEADER + MOST_STORED
    torn = tail.begins(data, SEGMENT_HEADER, first, header_of, is_whole, longest)
    return len(data) if torn is None else torn


class Ledger:
    """Walks the segments of a folder."""

    def __init__(self, folder, data_keys=None, workspace=None):
        self.folder = Path(folder)
        self.keys = data_keys or {}
        self.workspace = workspace
        self.chain = None
        self.sequence = 0
        self.time = None
        self.where = str(folder)
        # Bytes of the torn tail.
        self.torn = 0
        # Of every commit by its number: each event's leaf, and whether it is redacted.
        self.leaves = {}

    def commits(self):
        """Every commit as an object, in order; Wrong at the first thing that does not fit."""
        numbered = {}
        for path in self.folder.iterdir():
            name = re.fullmatch(r"(\d{8,})\.seg", path.name)
            if name:
                numbered[int(name.group(1))] = path
        require(bool(numbered), f"{self.folder} holds no segment")
        require(sorted(numbered) == list(range(1, len(numbered) + 1)), "a segment is missing")
        for number in sorted(numbered):
            is_last = number == len(numbered)
            yield from self._segment(number, numbered[number], is_last)

    def _segment(self, number, path, is_last):
        self.where = f"{path.name} at 0"
        data = path.read_bytes()
        header = read_segment_header(data)
        if self.workspace is None:
            self.workspace = header.workspace
        require(header.workspace == self.workspace, "a segment of another workspace")
        require(header.number == number, "a segment of another number than its name's")
        if self.chain is None:
            self.chain = blake3(b"steward ledger origin 1" + self.workspace).digest()
        require(header.first == self.sequence + 1, "a segment that does not continue the one before")
        require(header.chain == self.chain, "a segment that does not continue the chain")
        if is_last:
            torn = tail_of(data, header.first)
            self.torn = len(data) - torn
            data = data[:torn]
        at, place = SEGMENT_HEADER, None
        while at < len(data):
            self.where = f"{path.name} at {at}"
            frame = read_frame_header(data[at : at + FRAME_HEADER])
            stored = data[at + FRAME_HEADER : at + FRAME_HEADER + frame.stored]
            require(len(stored) == frame.stored, "stored bytes that are cut off")
            if frame.place > 0:
                require(place == frame.place - 1, "a place in a group that does not follow")
            place = frame.place
            yield self._commit(frame, stored, header)
            at += FRAME_HEADER + frame.stored

    def _commit(self, frame, stored, segment):
        require(frame.sequence == self.sequence + 1, "a commit's number that does not follow")
        require(frame.previous == self.chain, "a previous hash that is not the chain's")
        require(self.time is None or frame.time >= self.time, "a time before the last one")
        entries = read_entries(frame, opened(frame, stored, segment, self.keys))
        leaves = [leaf for leaf, _ in entries]
        chain = blake3(b"steward ledger chain 1" + frame.logical + root(leaves)).digest()
        require(chain == frame.chain, "a chain hash that is not that of the content")
        self.chain, self.sequence, self.time = chain, frame.sequence, frame.time
        self.leaves[frame.sequence] = [(leaf, data is None) for leaf, data in entries[1:]]
        who, events = told(entries, frame.vocabulary)
        return {
            "sequence": frame.sequence,
            "microsecond": frame.time,
            **who,
            "hash": chain.hex(),
            "events": events,
        }


def read(folder, key_file=None):
    """Every commit of a workspace's `.steward` folder; Torn where the last ones were never synced."""
    folder = Path(folder)
    data_keys, workspace = {}, None
    if (folder / "keys").exists() or (folder / "keys.copy").exists():
        require(key_file is not None, "the workspace is encrypted: --key-file names its key")
        workspace, data_keys = keys.unwrapped(folder, key_file)
    ledger = Ledger(folder / "ledger", data_keys, workspace)
    try:
        commits = list(ledger.commits())
        ledger.where = str(folder)
        commits = erasures.settle(commits, ledger.leaves, require)
        if ledger.torn:
            raise Torn(f"{folder}: the last {ledger.torn} bytes are a torn tail", commits)
        return commits
    except Torn:
        raise
    except (Wrong, ValueError, struct.error, zstandard.ZstdError) as error:
        raise Wrong(f"{ledger.where}: {error}") from error


def main():
    parser = argparse.ArgumentParser(description="Read a ledger of steward and check all of it.")
    parser.add_argument("folder", help="the workspace's .steward folder")
    parser.add_argument("--key-file", help="the workspace's key file")
    arguments = parser.parse_args()
    try:
        for commit in read(arguments.folder, arguments.key_file):
            print(json.dumps(commit, ensure_ascii=False))
    except (Wrong, keys.NoKey, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
