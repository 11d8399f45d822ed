#!/usr/bin/env python3
"""Is every word of the screen translated? Fails on msgids that a catalogue lacks, on empty and fuzzy translations and on
`{}` fields that differ.

usage: check.py              the project
       check.py --self-test  proves that each of these is found
"""
import ast
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
FIELD = re.compile(r"\{[^{}]*\}")


def entries(text):
    """[{msgctxt, msgid, msgid_plural, msgstr: [..], fuzzy}] of a .po or .pot file, without the header."""
    out = []
    for block in re.split(r"\n\s*\n", text):
        entry, field = {"msgstr": {}, "fuzzy": False}, None
        for line in block.splitlines():
            if line.startswith("#~"):
                continue
            if line.startswith("#,") and "fuzzy" in line:
                entry["fuzzy"] = True
            if line.startswith("#"):
                continue
            match = re.match(r'(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d)\])? (".*")$', line)
            if match:
                field = (match[1], int(match[2] or 0))
                value = ast.literal_eval(match[3])
            elif line.startswith('"') and field:
                value = ast.literal_eval(line)
            else:
                continue
            if field[0] == "msgstr":
                entry["msgstr"][field[1]] = entry["msgstr"].get(field[1], "") + value
            else:
                entry[field[0]] = entry.get(field[0], "") + value
        if entry.get("msgid"):
            out.append(entry)
    return out


def key(entry):
    return entry.get("msgctxt"), entry["msgid"]


def problems(pot, po, forms):
    have = {key(e): e for e in entries(po)}
    for wanted in entries(pot):
        name = wanted["msgid"]
        found = have.get(key(wanted))
        if found is None:
            yield f"missing: {name!r}"
            continue
        if found["fuzzy"]:
            yield f"fuzzy: {name!r}"
        texts = found["msgstr"]
        need = forms if "msgid_plural" in wanted else 1
        if len(texts) < need or not all(texts.values()):
            yield f"not translated: {name!r}"
        allowed = {tuple(sorted(FIELD.findall(wanted[k]))) for k in ("msgid", "msgid_plural") if k in wanted}
        for text in texts.values():
            if text and tuple(sorted(FIELD.findall(text))) not in allowed:
                yield f"fields differ: {name!r} -> {text!r}"


def self_test():
    pot = 'msgid "a {}"\nmsgstr ""\n\nmsgid "b"\nmsgstr ""\n\nmsgid "c"\nmsgstr ""\n\nmsgid "d"\nmsgstr ""\n\nmsgid "e"\nmsgid_plural "es"\nmsgstr[0] ""\n'
    po = ('msgid "a {}"\nmsgstr "x"\n\n#, fuzzy\nmsgid "b"\nmsgstr "y"\n\nmsgid "c"\nmsgstr ""\n\n'
          'msgid "e"\nmsgid_plural "es"\nmsgstr[0] "p"\nmsgstr[1] "q"\n')
    told = "\n".join(problems(pot, po, 3))
    bad = [w for w in ("fields differ: 'a {}'", "fuzzy: 'b'", "not translated: 'c'", "missing: 'd'", "not translated: 'e'")
           if w not in told]
    for w in bad:
        print(f"self-test: nothing was said about {w}")
    return 1 if bad else 0


def main():
    if "--self-test" in sys.argv:
        return self_test()
    with tempfile.TemporaryDirectory() as temp:
        pot = pathlib.Path(temp) / "torugart.pot"
        subprocess.run([HERE / "update.sh", "--pot", pot], check=True)
        wanted = pot.read_text()
    count = 0
    for po in sorted(HERE.glob("*.po")):
        text = po.read_text()
        forms = int(re.search(r"nplurals=(\d)", text)[1])
        for problem in problems(wanted, text, forms):
            print(f"{po.name}: {problem}")
            count += 1
    print(f"{len(entries(wanted))} msgids, {count} problems")
    if count:
        print("Run assets/translations/update.sh, translate what is empty or fuzzy, try again")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
