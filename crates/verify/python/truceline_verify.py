#!/usr/bin/env python3
"""Checks a Truceline bundle or proof without Truceline: a second implementation of docs/record-format.md.

Needs Python 3.9 or later and its package `cryptography`. Signatures by ML-DSA-44 are checked where the installed
`cryptography` has ML-DSA; otherwise they count as missing, and this says so.

    python3 truceline_verify.py proof  --policy POLICY LEAF PROOF [--openings FILE] [--keys FILE]
    python3 truceline_verify.py bundle [--policy POLICY] FOLDER

Ends with 0 when everything holds, 1 when something does not, 2 when called wrongly.
"""

import base64
import binascii
import hashlib
import json
import os
import re
import stat
import sys
from datetime import datetime, timezone

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    sys.exit("The Python package `cryptography` is missing: python3 -m pip install cryptography")

try:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
except ImportError:
    MLDSA44PublicKey = None

ED25519, COSIGNATURE, ML_DSA_44 = 1, 4, 6
DEGREE, HOUR, DAY = 10_000_000, 3_600_000_000, 86_400_000_000
FIELDS, ITEM_FIELDS, ITEM_PLACES, ITEMS = 32, (4, 8, 16), 512, 500


class Refused(Exception):
    """What is wrong."""


def need(condition, what):
    if not condition:
        raise Refused(what)


def sha256(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def leaf_hash(entry):
    return sha256(b"\0", entry)


def node_hash(left, right):
    return sha256(b"\1", left, right)


def unbase64(text, length=None):
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError, ValueError):
        raise Refused("not base64")
    need(base64.b64encode(data).decode() == text, "not the one spelling of base64")
    need(length is None or len(data) == length, "a value of another length than %s" % length)
    return data


def unhex(text, length):
    need(isinstance(text, str) and re.fullmatch("[0-9a-f]{%d}" % (2 * length), text), "not %d bytes in hexadecimal" % length)
    return bytes.fromhex(text)


def decimal(text):
    need(re.fullmatch("0|[1-9][0-9]{0,19}", text, re.ASCII) and int(text) < 1 << 64, "not a number")
    return int(text)


def utc(seconds):
    try:
        return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return "second %d" % seconds


# --- the tree (RFC 6962) ---


def verify_inclusion(leaf, index, size, path, root):
    need(index < size, "a log of %d leaves has no leaf %d" % (size, index))
    at, last, found = index, size - 1, leaf
    for beside in path:
        need(last > 0, "the path is too long")
        if at & 1 or at == last:
            found = node_hash(beside, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, beside)
        at, last = at >> 1, last >> 1
    need(last == 0, "the path is too short")
    need(found == root, "the hashes do not lead to the root in the checkpoint")


# --- notes, keys and checkpoints (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature) ---


def is_key_name(name):
    return bool(name) and not any(c.isspace() or c == "+" or ord(c) < 32 or 127 <= ord(c) < 160 for c in name)


class Key:
    def __init__(self, vkey):
        parts = vkey.split("+", 2)
        need(len(parts) == 3 and is_key_name(parts[0]), "not a verifier key")
        self.name, key = parts[0], unbase64(parts[2])
        need(key and key[0] in (ED25519, COSIGNATURE, ML_DSA_44), "a key of an unknown kind")
        self.algorithm, self.public = key[0], key[1:]
        need(len(self.public) == (1312 if self.algorithm == ML_DSA_44 else 32), "a key of the wrong length")
        self.id = sha256(self.name.encode() + b"\n" + key)[:4]
        need(self.id.hex() == parts[1], "a key id that is not that of its key")

    def usable(self):
        return self.algorithm != ML_DSA_44 or MLDSA44PublicKey is not None

    def verify(self, text, signature):
        """The time that the signer put on it, or None; raises when the signature is false."""
        try:
            if self.algorithm == ED25519:
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
                return None
            time = int.from_bytes(signature[:8], "big")
            need(len(signature) > 8 and time < 1 << 63, "a cosignature without a time")
            if self.algorithm == COSIGNATURE:
                message = ("cosignature/v1\ntime %d\n" % time + text).encode()
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature[8:], message)
                return time
            head = Checkpoint(text)
            name, origin = self.name.encode(), head.origin.encode()
            need(len(name) < 256 and len(origin) < 256, "a name too long for ML-DSA-44")
            message = b"subtree/v1\n\0" + bytes([len(name)]) + name + signature[:8] + bytes([len(origin)]) + origin
            message += bytes(8) + head.size.to_bytes(8, "big") + head.root
            MLDSA44PublicKey.from_public_bytes(self.public).verify(signature[8:], message)
            return time or None
        except (InvalidSignature, ValueError):
            raise Refused("the signature of `%s` does not fit what it stands under" % self.name)


class Note:
    def __init__(self, data):
        need(len(data) <= 1 << 20, "a note larger than 1 MiB")
        try:
            note = data.decode("utf-8")
        except UnicodeDecodeError:
            raise Refused("a note that is not UTF-8")
        end = note.rfind("\n\n")
        need(end >= 0 and note.endswith("\n"), "a note without signatures")
        self.text, lines = note[: end + 1], note[end + 2 : -1].split("\n")
        need(not any(ord(c) < 32 and c != "\n" for c in self.text), "a note with a control character")
        need(len(lines) <= 64, "a note with more than 64 signatures")
        self.signatures = []
        for line in lines:
            parts = line.split(" ", 2)
            need(len(parts) == 3 and parts[0] == "\u2014" and is_key_name(parts[1]), "not a signature line")
            signature = unbase64(parts[2])
            need(len(signature) > 4, "a signature that is too short")
            self.signatures.append((parts[1], signature[:4], signature[4:]))

    def signed_by(self, key):
        """(signed, earliest time)"""
        signed, times = False, []
        for name, id, signature in self.signatures:
            if (name, id) == (key.name, key.id) and key.usable():
                signed = True
                times.append(key.verify(self.text, signature))
        return signed, min((time for time in times if time is not None), default=None)


class Checkpoint:
    def __init__(self, text):
        need(text.endswith("\n"), "not a checkpoint")
        lines = text[:-1].split("\n")
        need(len(lines) >= 3 and all(lines), "not a checkpoint")
        self.origin, self.size, self.root = lines[0], decimal(lines[1]), unbase64(lines[2], 32)


# --- policy (c2sp.org/tlog-policy) ---


class Policy:
    def __init__(self, data):
        need(len(data) <= 1 << 20, "a policy larger than 1 MiB")
        need(all(b in (9, 10) or 32 <= b != 127 for b in data), "a policy with a control character")
        self.logs, self.witnesses, self.groups, self.quorum = [], {}, {}, False
        taken = set()
        try:
            lines = data.decode("utf-8").split("\n")
        except UnicodeDecodeError:
            raise Refused("a policy that is not UTF-8")
        for number, line in enumerate(lines, 1):
            words = [word for word in re.split("[ \t]", line) if word]
            if not words or words[0].startswith("#"):
                continue
            try:
                self.line(words, taken)
            except Refused as why:
                raise Refused("line %d of the policy: %s" % (number, why))
        need(self.quorum is not False, "the policy has no line `quorum`")

    def line(self, words, taken):
        keyword, count = words[0], len(words)
        known = lambda name: name in self.witnesses or name in self.groups
        if keyword == "log" and count in (2, 3):
            key = Key(words[1])
            need(key.algorithm in (ED25519, ML_DSA_44), "not the key of a log")
            need(all(key.public != other.public for other in self.logs), "a log key twice")
            self.logs.append(key)
        elif keyword == "witness" and count in (3, 4):
            key = Key(words[2])
            need(key.algorithm in (COSIGNATURE, ML_DSA_44), "not the key of a witness")
            need(words[1] != "none" and not known(words[1]), "a name that is taken")
            need(all(key.public != other.public for other in self.witnesses.values()), "a witness key twice")
            self.witnesses[words[1]] = key
        elif keyword == "group" and count >= 4:
            name, least, members = words[1], words[2], words[3:]
            need(name != "none" and not known(name), "a name that is taken")
            for member in members:
                need(known(member), "`%s` is not defined before" % member)
                need(member not in taken, "`%s` is a member already" % member)
                taken.add(member)
            least = {"all": len(members), "any": 1}.get(least) or decimal(least)
            need(1 <= least <= len(members), "a number that the group cannot reach")
            self.groups[name] = (least, members)
        elif keyword == "quorum" and count == 2:
            need(self.quorum is False, "a second line `quorum`")
            need(words[1] == "none" or known(words[1]), "`%s` is not defined before" % words[1])
            self.quorum = None if words[1] == "none" else words[1]
        else:
            raise Refused("`%s` is not a line of a policy" % keyword)

    def met(self, cosigned):
        if self.quorum is None:
            return True
        true = set(cosigned)
        for name, (least, members) in self.groups.items():
            if sum(member in true for member in members) >= least:
                true.add(name)
        return self.quorum in true

    def check(self, note):
        """(checkpoint, witnesses with their times, time by which a quorum had cosigned)"""
        head = Checkpoint(note.text)
        signed = [note.signed_by(key)[0] for key in self.logs if key.name == head.origin]
        need(any(signed), "the checkpoint of `%s` is not signed by a log that the policy names" % head.origin)
        witnesses = {}
        for name, key in self.witnesses.items():
            cosigned, time = note.signed_by(key)
            if cosigned:
                witnesses[name] = time
        need(self.met(witnesses), "the checkpoint is cosigned by %s: not the quorum of the policy" % (", ".join(witnesses) or "nobody"))
        times = sorted(time for time in witnesses.values() if time is not None)
        reached = lambda by: self.met(name for name, time in witnesses.items() if time is not None and time <= by)
        not_after = next((time for time in times if reached(time)), None) if self.quorum else None
        return head, witnesses, not_after


# --- proofs (c2sp.org/tlog-proof) ---


def check_proof(data, entry, policy):
    need(len(data) <= 1 << 20, "a proof larger than 1 MiB")
    head, separator, checkpoint = data.partition(b"\n\n")
    need(separator, "a proof without a checkpoint")
    try:
        lines = head.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise Refused("a proof that is not UTF-8")
    need(lines.pop(0) == "c2sp.org/tlog-proof@v1", "not a proof")
    if lines and lines[0].startswith("extra "):
        unbase64(lines.pop(0)[6:])
    need(lines and lines[0].startswith("index "), "a proof without index")
    index = decimal(lines.pop(0)[6:])
    need(len(lines) <= 64, "a path that is too long")
    path = [unbase64(line, 32) for line in lines]
    note = Note(checkpoint)
    head = Checkpoint(note.text)
    verify_inclusion(leaf_hash(entry), index, head.size, path, head.root)
    return index, policy.check(note)


# --- leaves and fields (docs/record-format.md) ---


def head_of(major, value):
    major <<= 5
    if value < 24:
        return bytes([major | value])
    for extra, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 1 << (8 * width):
            return bytes([major | extra]) + value.to_bytes(width, "big")
    raise Refused("a number beyond 64 bits")


def cbor(value):
    """Deterministic CBOR of integers, bytes, text and lists."""
    if isinstance(value, int):
        return head_of(0, value) if value >= 0 else head_of(1, -1 - value)
    if isinstance(value, bytes):
        return head_of(2, len(value)) + value
    if isinstance(value, str):
        return head_of(3, len(value.encode())) + value.encode()
    return head_of(4, len(value)) + b"".join(map(cbor, value))


class Leaf:
    LAYOUT = ((1, 34, b"\x58\x20"), (35, 9, b"\x48"), (44, 34, b"\x58\x20"), (78, 34, b"\x58\x20"), (112, 34, b"\x58\x20"), (146, 66, b"\x58\x40"))

    def __init__(self, entry):
        # Every leaf has the same length and heads, so that the bytes can be cut where they stand.
        need(len(entry) == 213 and entry[:2] == b"\x87\x01", "not a leaf of version 1")
        parts = []
        for start, length, head in self.LAYOUT:
            part = entry[start + 1 : start + 1 + length]
            need(part.startswith(head), "not a leaf")
            parts.append(part[len(head) :])
        self.pseudonym, sequence, self.previous, self.root, self.ciphertext, self.signature = parts
        self.sequence = int.from_bytes(sequence, "big")
        self.message = b"truceline-leaf-1\n\x86" + entry[1:147]
        need((self.sequence == 0) == (self.previous == bytes(32)), "not a leaf: a first leaf alone has no previous one")

    def verify(self, public):
        need(pseudonym(public) == self.pseudonym, "the leaf is not of the source with this key")
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(self.signature, self.message)
        except (InvalidSignature, ValueError):
            raise Refused("the signature of the leaf is not that of its source")


def pseudonym(public):
    return sha256(b"truceline-pseudonym-1\n", public)


def is_token(text):
    return isinstance(text, str) and re.fullmatch("[a-z0-9][a-z0-9./_-]{0,63}", text, re.ASCII) is not None


def only(value, keys):
    need(isinstance(value, dict) and set(value) == set(keys), "an object without exactly %s" % ", ".join(keys))
    return value


def is_int(value):
    return isinstance(value, int) and not isinstance(value, bool)


def scalar(value):
    need(isinstance(value, dict) and len(value) == 1, "not a value")
    ((kind, inner),) = value.items()
    if kind == "int":
        need(is_int(inner) and -(1 << 63) <= inner < 1 << 63, "not a whole number")
        return inner
    if kind == "token":
        need(is_token(inner), "not a token")
        return inner
    if kind in ("hash", "signature"):
        return unhex(inner, 32 if kind == "hash" else 64)
    raise Refused("a value of an unknown kind")


def led_to(found, at, path):
    need(is_int(at) and 0 <= at < 1 << len(path), "a place beyond its tree")
    for level, beside in enumerate(path):
        found = node_hash(beside, found) if at >> level & 1 else node_hash(found, beside)
    return found


def path_of(value, depths):
    need(isinstance(value, list) and 1 << len(value) in depths, "a path of the wrong length")
    return [unhex(node, 32) for node in value]


def opened(field, depths):
    """(label, value, root) of a shown field"""
    only(field, ("label", "value", "salt", "place", "path"))
    need(is_token(field["label"]), "a label that is no token")
    value = field["value"]
    if isinstance(value, dict) and set(value) == {"list"}:
        need(isinstance(value["list"], list) and len(value["list"]) <= 64, "not a list of at most 64")
        value = [scalar(one) for one in value["list"]]
    else:
        value = scalar(value)
    commitment = sha256(b"\0truceline-field-1\n", cbor([unhex(field["salt"], 32), field["label"], value]))
    return field["label"], value, led_to(commitment, field["place"], path_of(field["path"], depths))


def read_json(data):
    """JSON in which no object has a key twice: two readers could take different ones."""

    def once(pairs):
        need(len({key for key, _ in pairs}) == len(pairs), "JSON in which a key stands twice")
        return dict(pairs)

    def constant(word):
        raise ValueError(word)

    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=once, parse_constant=constant)
    except (ValueError, RecursionError):
        raise Refused("not JSON")


def check_view(data, root):
    """The fields and items that an opening file shows of the leaf with this root."""
    view = read_json(data)
    only(view, ("version", "fields", "items"))
    need(is_int(view["version"]) and view["version"] == 1, "openings of another version")
    need(isinstance(view["fields"], list) and isinstance(view["items"], list), "not lists")
    fields = {}
    for field in view["fields"]:
        label, value, led = opened(field, (FIELDS,))
        need(led == root, "the field `%s` is not under this leaf" % label)
        need(label not in fields, "the field `%s` is shown twice" % label)
        fields[label] = value
    agree(fields)
    items, before = {}, -1
    for item in view["items"]:
        only(item, ("number", "path", "fields"))
        number = item["number"]
        need(is_int(number) and before < number < ITEMS, "items out of order")
        before = number
        need(isinstance(item["fields"], list) and item["fields"], "an item of which nothing is shown")
        shown = [opened(field, ITEM_FIELDS) for field in item["fields"]]
        need(len({led for _, _, led in shown}) == 1, "the fields of item %d are not of one item" % number)
        need(len({label for label, _, _ in shown}) == len(shown), "a field of item %d is shown twice" % number)
        led = led_to(shown[0][2], number, path_of(item["path"], (ITEM_PLACES,)))
        need(isinstance(fields.get("items"), bytes) and led == fields["items"], "item %d is not under this leaf" % number)
        items[number] = {label: value for label, value, _ in shown}
        agree(items[number])
    return fields, items


# --- place and time at several resolutions ---

PLACES = (("place.exact", None), ("place.1km", DEGREE // 100), ("place.10km", DEGREE // 10), ("place.50km", DEGREE // 2))
TIMES = (("time.exact", None), ("time.hour", HOUR), ("time.day", DAY))


def cell(lon, lat, height):
    if height is None:
        return lon, lat
    lat = max(-90 * DEGREE, min(lat, 90 * DEGREE - 1))
    lon = max(-180 * DEGREE, min(lon, 180 * DEGREE - 1))
    south = lat // height * height
    nearer = (-south - height if south < 0 else south) // DEGREE
    belts = ((53, 15), (60, 18), (70, 30), (80, 60), (85, 120))
    width = next((height * tenths // 10 for end, tenths in belts if nearer < end), 360 * DEGREE)
    return lon - (lon + 180 * DEGREE) % width, south


def agree(fields):
    """A coarse place or time is that of each finer one shown."""
    numbers = lambda label: isinstance(fields[label], list) and all(map(is_int, fields[label]))
    places = [(label, height) for label, height in PLACES if label in fields]
    for at, (fine, height) in enumerate(places):
        length = len(fields[fine]) if numbers(fine) else 0
        need(length == 2 or height is None and length > 2, "`%s` does not hold the numbers it should" % fine)
        for coarse, height in places[at:]:
            need(numbers(coarse) and tuple(fields[coarse]) == cell(*fields[fine][:2], height) or coarse == fine and height is None, "`%s` is not the coarse value of `%s`" % (coarse, fine))
    times = [(label, unit) for label, unit in TIMES if label in fields]
    for at, (fine, unit) in enumerate(times):
        need(numbers(fine) and len(fields[fine]) == 2 and fields[fine][0] <= fields[fine][1], "`%s` does not hold the numbers it should" % fine)
        start, end = fields[fine]
        last = end if unit is None else end - 1
        for coarse, unit in times[at:]:
            want = [start, end] if unit is None else [start // unit * unit, last // unit * unit + unit]
            need(fields[coarse] == want, "`%s` is not the coarse value of `%s`" % (coarse, fine))


# --- keys ---


def read_keys(data):
    """({pseudonym: (public key, whose)}, root key)"""
    root, unnamed, chains = None, [], {}
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise Refused("a file of keys that is not UTF-8")
    for line in lines:
        words = line.split(" ")
        if line == "" or words[0].startswith("#"):
            continue
        if words[0] == "root" and len(words) == 2 and root is None:
            root = unbase64(words[1], 32)
        elif words[0] == "leaf-key" and len(words) == 2:
            unnamed.append(unbase64(words[1], 32))
        elif words[0] == "key" and len(words) == 6:
            need(is_token(words[1]), "a source that is no token")
            entry = decimal(words[2]), unbase64(words[3], 32), unbase64(words[4], 32), unbase64(words[5], 64)
            chains.setdefault(words[1], []).append(entry)
        else:
            raise Refused("not a line of a file of keys")
    known = {pseudonym(public): (public, "a source not named") for public in unnamed}
    for source, chain in chains.items():
        need(root is not None, "the source `%s` is named, but no root key" % source)
        by = root
        for number, (epoch, public, signer, signature) in enumerate(chain):
            need(epoch == number and signer == by, "the key of `%s` for epoch %d is not certified" % (source, epoch))
            message = b"truceline-key-1\n" + cbor([source, epoch, public, signer])
            try:
                Ed25519PublicKey.from_public_bytes(signer).verify(signature, message)
            except (InvalidSignature, ValueError):
                raise Refused("the certificate of `%s` for epoch %d is false" % (source, epoch))
            known[pseudonym(public)] = public, "the source `%s` (epoch %d)" % (source, epoch)
            by = public
    return known, root


# --- bundles (RFC 8493) ---


def read_file(path, most):
    try:
        with open(path, "rb") as file:
            data = file.read(most + 1)
    except OSError as why:
        raise Refused("`%s` cannot be read: %s" % (path, why.strerror))
    need(len(data) <= most, "`%s` is larger than such a file may be" % path)
    return data


def is_safe(path):
    parts = path.split("/")
    name = re.compile("(?![.])[A-Za-z0-9._-]{1,128}(?<![.])", re.ASCII)
    return len(path) <= 512 and len(parts) <= 8 and all(name.fullmatch(part) for part in parts)


def read_manifest(folder, name):
    listed = {}
    try:
        lines = read_file(os.path.join(folder, name), 32 << 20).decode("utf-8").splitlines()
    except UnicodeDecodeError:
        raise Refused("`%s` is not UTF-8" % name)
    for line in lines:
        match = re.fullmatch("([0-9a-fA-F]{64})[ \t]+(.*)", line)
        need(match and is_safe(match.group(2)), "`%s` holds a line or path that a bundle may not hold" % name)
        need(match.group(2) not in listed, "`%s` lists `%s` twice" % (name, match.group(2)))
        listed[match.group(2)] = match.group(1).lower()
    return listed


def walk(folder):
    found, folders = set(), [("", 0)]
    while folders:
        prefix, depth = folders.pop()
        for entry in os.scandir(os.path.join(folder, prefix)):
            path = prefix + entry.name
            need(is_safe(entry.name), "`%s` is not a name that a bundle may hold" % path)
            mode = entry.stat(follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode) and depth < 8:
                folders.append((path + "/", depth + 1))
            else:
                need(stat.S_ISREG(mode), "`%s` is a link, a special file, or too deep" % path)
                found.add(path)
            need(len(found) + len(folders) <= 200_000, "too many files")
    return found


def check_crate(data, payload):
    """Every file that the RO-Crate metadata name is there."""
    where = "`data/ro-crate-metadata.json`: "
    try:
        metadata = read_json(data)
    except Refused as why:
        raise Refused(where + str(why))
    graph = metadata.get("@graph") if isinstance(metadata, dict) else None
    need(isinstance(graph, list), where + "no list `@graph`")
    root = next((it for it in graph if isinstance(it, dict) and it.get("@id") == "./"), None)
    need(root is not None, where + "no entity `./`")
    need(isinstance(root.get("hasPart"), list), where + "`./` has no list `hasPart`")
    for part in root["hasPart"]:
        path = part.get("@id") if isinstance(part, dict) else None
        need(not isinstance(path, str) or "data/" + path in payload, where + "it names `%s`, which is not here" % path)


def check_bundle(folder, policy):
    need(os.path.isdir(folder), "`%s` is not a folder" % folder)
    found = walk(folder)
    bagit = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    need(read_file(os.path.join(folder, "bagit.txt"), 1024) == bagit, "`bagit.txt` is not that of BagIt 1.0")
    payload, tags = read_manifest(folder, "manifest-sha256.txt"), read_manifest(folder, "tagmanifest-sha256.txt")
    need(set(tags) == {"bagit.txt", "bag-info.txt", "manifest-sha256.txt"}, "the tag manifest does not list what it should")
    need(all(path.startswith("data/") for path in payload), "the manifest lists a file that is not below data/")
    listed = {**payload, **tags}
    for path in sorted(set(listed) | {"tagmanifest-sha256.txt"}):
        need(path in found, "`%s` is in the manifest, but not in the folder: it was taken out" % path)
    for path in sorted(found):
        need(path in listed or path == "tagmanifest-sha256.txt", "`%s` is in no manifest: it was added later" % path)
    for path, want in sorted(listed.items()):
        digest = hashlib.sha256()
        with open(os.path.join(folder, path), "rb") as file:
            for part in iter(lambda: file.read(1 << 16), b""):
                digest.update(part)
        need(digest.hexdigest() == want, "`%s` has not the hash that the manifest gives: it was altered" % path)
    data = lambda path, most: read_file(os.path.join(folder, "data", path), most)
    check_crate(data("ro-crate-metadata.json", 64 << 20), payload)
    own = policy is None
    if own:
        policy = Policy(data("policy", 1 << 20))
    known, root = read_keys(data("keys", 16 << 20))

    def numbers(inside, ending):
        names = [path[len(inside) + 6 :] for path in payload if path.startswith("data/%s/" % inside)]
        need(all(name.endswith(ending) for name in names), "a file in %s/ that does not belong there" % inside)
        return {decimal(name[: -len(ending)]) for name in names}

    leaves, proofs, openings = numbers("leaves", ".leaf"), numbers("proofs", ".tlog-proof"), numbers("openings", ".json")
    need(leaves == proofs, "a leaf has no proof, or a proof no leaf")
    need(openings <= leaves, "openings without their leaf")
    print("%d files are as the manifests say." % len(listed))
    for index in sorted(leaves):
        try:
            entry = data("leaves/%d.leaf" % index, 65_535)
            openings_file = data("openings/%d.json" % index, 16 << 20) if index in openings else None
            found, vouched = check_proof(data("proofs/%d.tlog-proof" % index, 1 << 20), entry, policy)
            need(found == index, "its proof is that of leaf %d" % found)
            say_leaf(index, entry, vouched, known, openings_file)
        except Refused as why:
            raise Refused("leaf %d: %s" % (index, why))
    if root is not None:
        print("The names of sources hang on the root key %s: compare it with the one published." % base64.b64encode(root).decode())
    if own:
        print("CAUTION: the policy used is the one in the bundle itself; whoever made the bundle could have made it too.")


# --- words ---


def shown(value):
    if isinstance(value, list):
        return " ".join(map(shown, value))
    return value.hex() if isinstance(value, bytes) else str(value)


def say_leaf(index, entry, vouched, known, openings):
    head, witnesses, not_after = vouched
    by = ", ".join("%s at %s" % (name, "no time" if time is None else utc(time)) for name, time in witnesses.items())
    leaf = Leaf(entry)
    whose = "signature of its source not checked: no key of it at hand"
    if leaf.pseudonym in known:
        public, holder = known[leaf.pseudonym]
        leaf.verify(public)
        whose = "signed by %s" % holder
    fields, items = check_view(openings, leaf.root) if openings is not None else ({}, {})
    when = "by %s at the latest" % utc(not_after) if not_after is not None else "at a time that no quorum states"
    print("Leaf %d of `%s` (%d leaves): in the log %s, as seen by %s; %s" % (index, head.origin, head.size, when, by or "no witness", whose))
    for label, value in sorted(fields.items()):
        print("    %s: %s" % (label, shown(value)))
    for number, fields in items.items():
        for label, value in sorted(fields.items()):
            print("    item %d %s: %s" % (number, label, shown(value)))


NOT_PROVED = """It does not prove that a statement is true, that its source made it when it says, or that nothing else is in the record."""


def main(words):
    options, plain, words = {}, [], list(words)
    while words:
        word = words.pop(0)
        if word in ("--policy", "--openings", "--keys") and words and word not in options:
            options[word] = words.pop(0)
        elif word.startswith("--"):
            return usage()
        else:
            plain.append(word)
    if not plain or (plain[0], len(plain)) not in (("proof", 3), ("bundle", 2)) or plain[0] == "proof" and "--policy" not in options:
        return usage()
    if MLDSA44PublicKey is None:
        print("The installed `cryptography` has no ML-DSA: signatures by ML-DSA-44 are not checked and count as missing.")
    try:
        policy = Policy(read_file(options["--policy"], 1 << 20)) if "--policy" in options else None
        if plain[0] == "bundle":
            check_bundle(plain[1], policy)
        else:
            entry = read_file(plain[1], 65_535)
            index, vouched = check_proof(read_file(plain[2], 1 << 20), entry, policy)
            known = read_keys(read_file(options["--keys"], 16 << 20))[0] if "--keys" in options else {}
            openings = read_file(options["--openings"], 16 << 20) if "--openings" in options else None
            say_leaf(index, entry, vouched, known, openings)
    except Refused as why:
        print("NOT VERIFIED: %s" % why, file=sys.stderr)
        return 1
    print("VERIFIED.")
    print(NOT_PROVED)
    return 0


def usage():
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
