#!/usr/bin/env python3
"""Verifies journals and bundles of evidence: a second implementation, independent of the C++, from the formats that
kiosk/journal/README.md and kiosk/exchange/README.md describe. Standard library only; Ed25519 is written out below.

  verify_evidence.py journal FILE [--key VKEY] [--checkpoint FILE]
  verify_evidence.py bundle FILE --key VKEY [--witness VKEY]
  verify_evidence.py batch           reads one such line of arguments at a time, answers each with one line
  verify_evidence.py self-test       RFC 6962, RFC 8032 and signed-note vectors

Exit codes: 0 good, 1 not good, 2 cannot be read.
"""
import base64
import functools
import hashlib
import json
import pathlib
import re
import shlex
import sqlite3
import struct
import sys
import zlib


class NotGood(Exception):
    pass


def need(condition, what):
    if not condition:
        raise NotGood(what)


def sha256(data):
    return hashlib.sha256(data).digest()


# ---- Ed25519, RFC 8032, by the book

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
I = pow(2, (P - 1) // 4, P)


def add(a, b):
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    u, v = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    w, s = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = v - u, s - w, s + w, v + u
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, point):
    out = (0, 1, 1, 0)
    while n:
        if n & 1:
            out = add(out, point)
        point = add(point, point)
        n >>= 1
    return out


def same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def decompress(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * I % P
    if (x * x - x2) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


@functools.lru_cache(maxsize=4096)
def ed25519_verify(key, message, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r = decompress(key), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return same(times(s, BASE), add(r, times(h, a)))


# ---- RFC 6962

def leaf(entry):
    return sha256(b"\0" + entry)


def node(left, right):
    return sha256(b"\1" + left + right)


class Tree:
    """Appends leaves; keeps one hash for each complete subtree."""

    def __init__(self):
        self.size, self.parts, self.completed = 0, [], {}

    def append(self, leaf_hash):
        level, n, h = 0, self.size, leaf_hash
        self.completed = {0: h}
        while n & 1:
            h = node(self.parts.pop(), h)
            level, n = level + 1, n >> 1
            self.completed[level] = h
        self.parts.append(h)
        self.size += 1

    def root(self):
        if not self.parts:
            return sha256(b"")
        out = self.parts[-1]
        for part in reversed(self.parts[:-1]):
            out = node(part, out)
        return out


def root_from_path(index, size, leaf_hash, path):
    """Walks the path from the leaf to the root as RFC 6962 2.1.1 splits the tree."""
    def climb(m, n, hashes):
        if n == 1:
            need(not hashes, "the proof is too long")
            return leaf_hash
        k = 1 << ((n - 1).bit_length() - 1)
        need(hashes, "the proof is too short")
        if m < k:
            return node(climb(m, k, hashes[:-1]), hashes[-1])
        return node(hashes[-1], climb(m - k, n - k, hashes[:-1]))

    need(0 <= index < size, "the event is not in the tree")
    return climb(index, size, path)


# ---- signed notes and checkpoints

def b64(text):
    try:
        out = base64.b64decode(text, validate=True)
    except ValueError:
        raise NotGood("no base64")
    need(base64.b64encode(out).decode() == text, "no base64 in its one form")
    return out


def key_id(name, kind, raw):
    return sha256(name.encode() + b"\n" + bytes([kind]) + raw)[:4]


def parse_vkey(text):
    name, digits, data = text.split("+", 2) if text.count("+") >= 2 else ("", "", "")
    raw = b64(data)
    need(name and len(raw) == 33 and digits == key_id(name, raw[0], raw[1:]).hex(), "no public key")
    return name, raw[0], raw[1:]


def parse_note(data):
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise NotGood("a note that is not UTF-8")
    need(text.endswith("\n") and not re.search(r"[\x00-\x09\x0b-\x1f]", text), "no note")
    at = text.rfind("\n\n")
    need(at >= 0 and len(text) > at + 2, "a note without signatures")
    signatures = []
    for line in text[at + 2:-1].split("\n"):
        found = re.fullmatch("\u2014 ([!-*,-~]+) ([A-Za-z0-9+/=]+)", line)
        need(found, "no signature line")
        raw = b64(found[2])
        need(len(raw) > 4, "a signature that is too short")
        signatures.append((found[1], raw[:4], raw[4:]))
    return text[:at + 1].encode(), signatures


def signed_by(note, key):
    name, kind, raw = key
    mine = [s for n, i, s in note[1] if n == name and i == key_id(name, kind, raw)]
    return kind == 1 and bool(mine) and all(ed25519_verify(raw, note[0], s) for s in mine)


def cosigned_by(note, key):
    name, kind, raw = key
    for n, i, s in note[1]:
        if kind == 4 and n == name and i == key_id(name, kind, raw) and len(s) == 72:
            time = struct.unpack(">Q", s[:8])[0]
            if ed25519_verify(raw, b"cosignature/v1\ntime %d\n" % time + note[0], s[8:]):
                return time
    return None


def parse_checkpoint(text):
    lines = text.decode().split("\n")
    need(len(lines) >= 4 and lines[-1] == "" and all(lines[:-1]), "no checkpoint")
    need(re.fullmatch("0|[1-9][0-9]{0,17}", lines[1]), "no size")
    root = b64(lines[2])
    need(len(root) == 32, "no root")
    previous = [line[9:] for line in lines[3:] if line.startswith("previous ")]
    need(len(previous) <= 1 and all(re.fullmatch("0|[1-9][0-9]*", p) for p in previous), "no previous size")
    return lines[0], int(lines[1]), root, int(previous[0]) if previous else None


def origin_of(lane):
    plain = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"
    return "torugart.journal/" + "".join(chr(c) if c in plain else "%%%02X" % c for c in lane.encode())


# ---- journals

DECISIONS = {"decided", "reviewed", "released", "detained"}


def verify_journal(path, key=None, checkpoint=None):
    db = sqlite3.connect("file:%s?mode=ro" % path.replace("%", "%25").replace("?", "%3f"), uri=True)
    db.text_factory = bytes
    try:
        return journal_of(db, parse_vkey(key) if key else None,
                          parse_note(pathlib.Path(checkpoint).read_bytes()) if checkpoint else None)
    finally:
        db.close()


def journal_of(db, outside, noted):
    one = lambda sql: db.execute(sql).fetchone()[0]
    db.execute("PRAGMA trusted_schema=OFF")
    db.execute("PRAGMA cell_size_check=ON")
    need(one("PRAGMA application_id") == 0x546F724A, "no journal")
    version = one("PRAGMA user_version")
    need(version in (1, 2), "an unknown schema")
    lane = one("SELECT value FROM meta WHERE key = 'lane'").decode()
    need(lane, "no lane")
    origin, head = origin_of(lane), sha256(b"\1torugart journal 1\n" + lane.encode())
    checkpoints, keys, tiles = {}, {}, {}
    if version == 2:
        checkpoints = dict(db.execute("SELECT size, note FROM checkpoints ORDER BY size"))
        keys = dict(db.execute("SELECT from_size, vkey FROM checkpoint_keys"))
        tiles = {(a, b): c for a, b, c in db.execute("SELECT level, idx, hash FROM tree_tiles")}
    current = parse_vkey(keys.pop(0).decode()) if 0 in keys else None
    need(current or not checkpoints, "checkpoints without a key")
    seen_outside = outside is not None and outside == current
    noted_at = parse_checkpoint(noted[0])[1] if noted else None
    former, changed_at, lost, last_decision, signed, tree = None, 0, False, 0, 0, Tree()

    for seq, text, prev, hash_ in db.execute("SELECT seq, text, prev_hash, hash FROM events ORDER BY seq"):
        need(seq == tree.size + 1, "event %d is missing" % (tree.size + 1))
        need(prev == head, "event %d does not continue the one before it" % seq)
        head = leaf(prev + text)
        need(hash_ == head, "event %d is not what was hashed" % seq)
        try:
            event = json.loads(text)
        except ValueError:
            raise NotGood("event %d is no JSON" % seq)
        need(event.get("seq") == seq and event.get("lane") == lane, "event %d bears another number or lane" % seq)
        tree.append(head)
        if event.get("type") in DECISIONS:
            last_decision = seq
        if event.get("type") == "journal_key_changed":
            payload = event["payload"]
            need(current and payload["previous"] == vkey_of(current), "the key before event %d is another" % seq)
            need(keys.pop(seq, b"").decode() == payload["key"], "the table of keys lacks event %d" % seq)
            former, changed_at, lost, current = current, seq, payload["reason"] == "lost", parse_vkey(payload["key"])
            seen_outside = seen_outside or outside == current
        if version == 2:
            for level in range(8, 64, 8):
                if level not in tree.completed:
                    break
                need(tiles.pop((level, (tree.size >> level) - 1), None) == tree.completed[level], "the stored tree is wrong")
        if seq in checkpoints:
            note = parse_note(checkpoints.pop(seq))
            stated = parse_checkpoint(note[0])
            need(stated == (origin, seq, tree.root(), signed), "the checkpoint at %d is of another history" % seq)
            both = changed_at == seq and not lost
            need(signed_by(note, current) and (not both or signed_by(note, former)), "a signature at %d is wrong" % seq)
            need(len(note[1]) == (2 if both else 1), "a signature of nobody known at %d" % seq)
            need(not signed < changed_at < seq, "the change of keys at %d has no checkpoint" % changed_at)
            signed = seq
        if noted_at == seq:
            stated = parse_checkpoint(noted[0])
            need(stated[0] == origin and stated[2] == tree.root(), "the noted checkpoint has another history")
            need(any(k and signed_by(noted, k) for k in (current, former, outside)), "the noted checkpoint is not of this key")

    need(not checkpoints, "signed events are missing at the end")
    need(noted_at is None or noted_at <= tree.size, "events of the noted checkpoint are missing")
    need(not tiles, "the stored tree is too large")
    need(not keys, "a key that no event tells of")
    need(version == 1 or last_decision <= signed, "a decision under no checkpoint")
    need(outside is None or seen_outside, "the key given signed nothing here")
    need(one("SELECT indexed_to FROM index_state") <= tree.size, "events are missing at the end")
    need(one("PRAGMA quick_check(1)") == b"ok", "the file is damaged")
    return "%d events, signed to %d, head %s" % (tree.size, signed, head.hex())


def vkey_of(key):
    name, kind, raw = key
    return "%s+%s+%s" % (name, key_id(name, kind, raw).hex(), base64.b64encode(bytes([kind]) + raw).decode())


# ---- bundles

def read_zip(data):
    """The files of an archive that is exactly as the lane writes it."""
    files, directory, at = {}, b"", 0
    while data[at:at + 4] == b"PK\3\4":
        need(len(data) >= at + 30, "the archive is cut off")
        size, = struct.unpack_from("<I", data, at + 18)
        length, = struct.unpack_from("<H", data, at + 26)
        name, content = data[at + 30:at + 30 + length], data[at + 30 + length:at + 30 + length + size]
        need(re.fullmatch(rb"[A-Za-z0-9._/-]{1,512}", name) and b".." not in name and name[:1] != b"/", "a bad name")
        common = struct.pack("<HHHHHIIIHH", 10, 0, 0, 0, 0x21, zlib.crc32(content), size, size, length, 0)
        whole = b"PK\3\4" + common + name + content
        need(data[at:at + 30 + length + size] == whole and len(content) == size, "the archive is damaged at %d" % at)
        need(name.decode() not in files, "a file is there twice")
        files[name.decode()] = content
        directory += b"PK\1\2" + struct.pack("<H", 10) + common + struct.pack("<HHHII", 0, 0, 0, 0, at) + name
        at += len(whole)
    end = struct.pack("<IHHHHIIH", 0x06054b50, 0, 0, len(files), len(files), len(directory), at, 0)
    need(data[at:] == directory + end, "the archive's directory is damaged")
    return files


def parse_proof(data):
    try:
        lines = data.decode().split("\n")
        need(lines[0] == "c2sp.org/tlog-proof@v1" and lines[1].startswith("extra ") and lines[2].startswith("index "),
             "no proof")
        gap = lines.index("", 3)
    except (ValueError, IndexError):
        raise NotGood("no proof")
    need(re.fullmatch("0|[1-9][0-9]{0,17}", lines[2][6:]), "no index")
    hashes = [b64(line) for line in lines[3:gap]]
    previous = b64(lines[1][6:])
    need(all(len(h) == 32 for h in hashes + [previous]), "no hash")
    return previous, int(lines[2][6:]), hashes, "\n".join(lines[gap + 1:]).encode()


def files_in(value):
    if isinstance(value, dict) and isinstance(value.get("sha256"), str) and value["sha256"] and isinstance(value.get("role"), str):
        yield value["sha256"]
    if isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from files_in(inner)


def verify_bundle(path, key, witness=None):
    files = read_zip(pathlib.Path(path).read_bytes())
    names = list(files)
    need(names and names[0] == "manifest.txt", "no manifest")
    manifest = parse_note(files["manifest.txt"])
    lines = manifest[0].decode().split("\n")
    need(len(lines) > 6 and lines[0] == "torugart bundle 1" and lines[-1] == "", "no list")
    head = dict(line.split(" ", 1) for line in lines[1:5])
    need(list(head) == ["lane", "crossing", "made", "checkpoint"], "no list")
    listed = [line.split(" ", 3)[1:] for line in lines[5:-1] if line.startswith("file ")]
    absent = [line[7:] for line in lines[5:-1] if line.startswith("absent ")]
    need(len(listed) + len(absent) == len(lines) - 6, "a line of the list is none")
    origin, trusted = origin_of(head["lane"]), [parse_vkey(key)]
    is_trusted = lambda note: any(signed_by(note, k) for k in trusted)

    def proven(name):
        previous, index, hashes, checkpoint = parse_proof(files.get(name[:-5] + ".tlog-proof", b""))
        note = parse_note(checkpoint)
        stated = parse_checkpoint(note[0])
        event_hash = leaf(previous + files[name])
        need(stated[0] == origin and root_from_path(index, stated[1], event_hash, hashes) == stated[2],
             name + " is not in the tree")
        event = json.loads(files[name])
        need(event["seq"] == index + 1 and event["lane"] == head["lane"], name + " bears another number or lane")
        return event, event_hash, previous, checkpoint, note

    for name in names:
        if name.startswith("keys/") and name.endswith(".json"):
            event, _, _, _, note = proven(name)
            need(event["type"] == "journal_key_changed", name + " is no change of keys")
            if is_trusted(note):
                trusted.append(parse_vkey(event["payload"]["key"]))
    need(is_trusted(manifest) and len(manifest[1]) == 1, "the list is not signed by the key")
    need([name for _, _, name in listed] == names[1:], "the list has other files")
    for digest, size, name in listed:
        need(sha256(files[name]).hex() == digest and str(len(files[name])) == size, name + " is not what was signed")
    checkpoint = parse_note(files.get("checkpoint.txt", b""))
    stated = parse_checkpoint(checkpoint[0])
    need(is_trusted(checkpoint) and stated[0] == origin and str(stated[1]) == head["checkpoint"], "the checkpoint is not right")

    last, last_hash, named, events = 0, None, set(), 0
    for name in names:
        if not (name.startswith("events/") and name.endswith(".json")):
            continue
        event, event_hash, previous, against, _ = proven(name)
        seq = event["seq"]
        need(name == "events/%012d.json" % seq and seq > last, "the events are not in order")
        need(against == files["checkpoint.txt"], name + " has another checkpoint")
        need(event["crossing"] == head["crossing"], name + " is of another crossing")
        need(seq != last + 1 or last_hash in (None, previous), name + " does not continue the one before it")
        named |= set(files_in(event["payload"]))
        last, last_hash, events = seq, event_hash, events + 1
    need(events, "no events")
    there = {name[6:].rsplit(".", 1)[0]: files[name] for name in names if name.startswith("files/")}
    need(all(digest in named and sha256(data).hex() == digest for digest, data in there.items()), "a file is not named")
    need(sorted(named - set(there)) == sorted(absent), "files are missing")
    time = cosigned_by(checkpoint, parse_vkey(witness)) if witness else None
    return "%d events, %d files, checkpoint %d, witnessed %s" % (events, len(there), stated[1], time)


# ---- command line

def run(arguments):
    """(exit code, one line)"""
    try:
        command, path, options = arguments[0], arguments[1], dict(zip(arguments[2::2], arguments[3::2]))
        options = {name.lstrip("-"): value for name, value in options.items()}
        verify = {"journal": verify_journal, "bundle": verify_bundle}[command]
        return 0, "good: " + verify(path, **options)
    except NotGood as error:
        return 1, "not good: %s" % error
    except sqlite3.Error as error:
        return 1, "not good: SQLite: %s" % error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError) as error:
        return 1, "not good: %s: %s" % (type(error).__name__, error)
    except OSError as error:
        return 2, "cannot be read: %s" % error


def self_test():
    tree = Tree()
    entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    for entry in entries:
        tree.append(leaf(bytes.fromhex(entry)))
    assert tree.root().hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    path = ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]
    path = [bytes.fromhex(h) for h in path]
    assert root_from_path(5, 8, leaf(bytes.fromhex(entries[5])), path) == tree.root()
    # RFC 8032, 7.1, test 2
    key = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                              "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
    assert ed25519_verify(key, b"\x72", signature) and not ed25519_verify(key, b"\x73", signature)
    return 0


def main():
    if sys.argv[1:] == ["self-test"]:
        return self_test()
    if sys.argv[1:] == ["batch"]:
        for line in sys.stdin:
            print(" ".join(run(shlex.split(line))[1].splitlines()), flush=True)  # one answer, one line
        return 0
    if len(sys.argv) < 3:
        print(__doc__)
        return 2
    code, words = run(sys.argv[1:])
    print(words)
    return code


if __name__ == "__main__":
    sys.exit(main())
