#!/usr/bin/env python3
"""schemathesis against torugart-central-dev, with our OpenAPI file: whatever it is sent, it never answers 5xx.

  fuzz_contract.py --peers FOLDER --centre PROGRAM --contract FOLDER [--examples N] [--seconds N] [--seed N]

PEERS is what tests/peers/install made. Exit code 77: schemathesis is not installed there.

The schema of an event is deeper than schemathesis can make up (37 kinds of payload, each closed). So besides the
contract's own example batches, which it sends as they are, it makes batches by a looser schema: the envelope as in the
contract, the data any object.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

SKIPPED = 77


def loosened(contract):
    """The OpenAPI file as a dict, self-contained; the events' body as the docstring says."""
    import yaml

    api = yaml.safe_load((contract / "torugart-central.openapi.yaml").read_text())
    events = json.loads((contract / "events.schema.json").read_text())
    examples = events["$defs"]["batch"]["examples"]
    text = {"type": "string", "maxLength": 80}
    loose = {"type": "array", "maxItems": 4, "examples": examples, "items": {
        "type": "object",
        "required": ["specversion", "id", "source", "type", "sequence", "prevhash", "hash", "data"],
        "properties": {"specversion": {"enum": ["1.0", "0.3"]}, "id": text, "source": text, "type": text, "time": text,
                       "sequence": text, "subject": text, "datacontenttype": text,
                       "prevhash": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                       "hash": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                       "data": {"type": "object", "properties": {
                           "seq": {"type": "integer"}, "lane": text, "type": text, "payload": {"type": "object"}}}}}}

    def walk(node):
        if isinstance(node, dict):
            if str(node.get("$ref", "")).startswith("events.schema.json"):
                return loose
            return {key: walk(value) for key, value in node.items()}
        return [walk(value) for value in node] if isinstance(node, list) else node

    return walk(api)


class Centre:
    def __init__(self, program, folder):
        self.folder = folder
        self.log = open(folder / "centre.log", "w+")
        self.process = subprocess.Popen([program, "--dir", str(folder), "--make-ca", "--lane", "fuzz-1", "--listen",
                                         "127.0.0.1:0"], stdout=self.log, stderr=self.log)
        for _ in range(600):
            found = re.search(r"listening (https://\S+)\n", (folder / "centre.log").read_text())
            if found:
                self.url = found.group(1)
                return
            time.sleep(0.1)
        raise SystemExit("torugart-central-dev did not start")

    def alive(self):
        return self.process.poll() is None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.log.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", required=True, type=pathlib.Path)
    parser.add_argument("--centre", required=True)
    parser.add_argument("--contract", required=True, type=pathlib.Path)
    parser.add_argument("--examples", type=int, default=8, help="made up for each operation and phase")
    parser.add_argument("--seconds", type=int, default=90, help="at most")
    parser.add_argument("--seed", type=int, default=1)
    wish = parser.parse_args()
    program = wish.peers / "python/bin/schemathesis"
    if not program.exists():
        print(f"skipped: no schemathesis in {wish.peers}; tests/peers/install brings it")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="torugart-fuzz-") as name, Centre(wish.centre, pathlib.Path(name)) as centre:
        folder = pathlib.Path(name)
        (folder / "contract.json").write_text(json.dumps(loosened(wish.contract), default=str))
        tls = folder / "tls"
        run = subprocess.run(
            [program, "run", folder / "contract.json", "--url", centre.url, "--tls-verify", tls / "ca.pem",
             "--request-cert", tls / "lane-fuzz-1.pem", "--request-cert-key", tls / "lane-fuzz-1.key",
             "--checks", "not_a_server_error", "--phases", "examples,coverage,fuzzing", "--no-color", "--warnings", "off",
             "--max-examples", str(wish.examples), "--max-time", str(wish.seconds), "--seed", str(wish.seed)],
            env=dict(os.environ, SCHEMATHESIS_HOOKS="hooks", PYTHONPATH=str(pathlib.Path(__file__).parent)),
            cwd=folder, text=True, capture_output=True)
        print(run.stdout[-6000:], run.stderr[-2000:])
        if not centre.alive():
            print("torugart-central-dev has ended")
            return 1
        counted = re.search(r"(\d+) generated", run.stdout)
        if not counted or int(counted.group(1)) < 100:
            print("fewer than 100 cases: nothing was shown")
            return 1
        return run.returncode


if __name__ == "__main__":
    sys.exit(main())
