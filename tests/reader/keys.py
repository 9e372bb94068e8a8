"""A workspace's data keys, as src/ledger/keys/FORMAT.md says; only those wrapped by a key file."""

import json
import struct
from pathlib import Path

from blake3 import blake3
from Crypto.Cipher import ChaCha20_Poly1305

NONCE, TAG = 24, 16


class NoKey(Exception):
    """The keys cannot be read or unwrapped."""


def associated_data(kind, workspace, key, segment, sequence):
    """What sealed data is bound to: 56 bytes."""
    head = b"steward sealed data 1" + struct.pack("<BH", kind, 1)
    return head + workspace + struct.pack("<IIQ", key, segment, sequence)


def opened(key, sealed, place):
    """The plain form of sealed data; None where it does not open under that key for that place."""
    if len(sealed) < NONCE + TAG:
        return None
    cipher = ChaCha20_Poly1305.new(key=key, nonce=sealed[:NONCE])
    cipher.update(place)
    try:
        return cipher.decrypt_and_verify(sealed[NONCE:-TAG], sealed[-TAG:])
    except ValueError:
        return None


def unwrapped(folder, key_file):
    """The workspace's id, and its data keys by their ids."""
    sound = [kept for name in ("keys", "keys.copy") if (kept := _read(Path(folder) / name))]
    if not sound:
        raise NoKey(f"neither keys nor keys.copy in {folder} is sound")
    kept = max(sound, key=lambda kept: kept["generation"])
    if kept["format"] != 1:
        raise NoKey(f"keys of format {kept['format']}: a newer steward wrote them")
    if kept["wrap"]["kind"] != "key-file":
        raise NoKey("the keys are wrapped by a passphrase, which this reader does not ask for")
    wrapping = _key_file(Path(key_file))
    workspace = bytes.fromhex(kept["workspace"])
    data_keys = {}
    for slot in kept["keys"]:
        number = slot["id"]
        place = associated_data(2, workspace, number, 0, number)
        key = opened(wrapping, bytes.fromhex(slot["sealed"]), place)
        if key is None:
            raise NoKey(f"{key_file} is not the key of this workspace")
        data_keys[number] = key
    return workspace, data_keys


def _read(path):
    """A file of keys; None where it is missing or damaged."""
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return None
    if len(lines) != 3 or lines[2] != b"":
        return None
    sum_of = blake3(b"steward keys 1" + lines[0] + b"\n").hexdigest()[:32]
    return json.loads(lines[0]) if lines[1].decode("ascii", "replace") == sum_of else None


def _key_file(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if len(lines) != 1 or len(lines[0]) != 64:
        raise NoKey(f"{path} is not a key file: one line of 64 digits is expected")
    try:
        return bytes.fromhex(lines[0])
    except ValueError as error:
        raise NoKey(f"{path} is not a key file: {error}") from error
