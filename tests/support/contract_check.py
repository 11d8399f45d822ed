#!/usr/bin/env python3
"""Checks recorded exchanges between lane and centre against the contract in assets/contract.

  contract_check.py CONTRACT_DIR                        the contract itself: schemas well formed, examples true
  contract_check.py CONTRACT_DIR EXCHANGES.jsonl ...    every request and answer of real traffic
  --expect N         fail unless at least N operations of the contract occurred
  --self-test        proves that broken messages are found

EXCHANGES: one JSON object a line, {"request": {method, path, headers, body}, "response": {status, headers, body}},
as torugart-central-dev --record writes them. Requests of other clients and answers of other servers can be checked
the same way. A second implementation of the hash chain and of the receipts' file hash, independent of the C++.
"""
import argparse
import base64
import copy
import hashlib
import json
import pathlib
import re
import sys

import jsonschema
import yaml

BASE = "https://torugart.example/contract/v1/"


class Contract:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.api = yaml.safe_load((folder / "torugart-central.openapi.yaml").read_text())
        self.events = json.loads((folder / "events.schema.json").read_text())
        # an OpenAPI 3.1 file is made of JSON Schemas: kept whole as one document, so that $refs resolve
        self.document = dict(self.api, **{"$id": BASE + "torugart-central.openapi.yaml"})
        self.paths = [(re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", p) + "$"), p, ops)
                      for p, ops in self.api["paths"].items()]

    def resolver(self):  # a fresh one each time: it keeps the scope in which a check was left
        return jsonschema.RefResolver(
            self.document["$id"], self.document,
            store={self.document["$id"]: self.document, BASE + "events.schema.json": self.events})

    def resolved(self, node):
        while "$ref" in node:
            _, node = self.resolver().resolve(node["$ref"])
        return node

    def faults(self, schema, value):
        validator = jsonschema.Draft202012Validator(schema, resolver=self.resolver())
        for error in validator.iter_errors(value):
            yield "/".join(map(str, error.absolute_path)) + ": " + error.message[:200]


def lower(headers):
    return {k.lower(): v for k, v in headers.items()}


def canonical(data):
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def entries_hash(entries):
    return hashlib.sha256(b"".join(line + b"\n" for line in sorted(canonical(e) for e in entries))).hexdigest()


def chain_faults(batch):
    for event in batch:
        seen = hashlib.sha256(b"\0" + bytes.fromhex(event["prevhash"]) + canonical(event["data"])).hexdigest()
        if seen != event["hash"]:
            yield f"event {event['sequence']}: hash is not that of its data"
        if event["data"]["seq"] == 1:
            first = hashlib.sha256(b"\x01torugart journal 1\n" + event["data"]["lane"].encode()).hexdigest()
            if event["prevhash"] != first:
                yield "event 1: prevhash is not that of the beginning"
    for before, after in zip(batch, batch[1:]):
        if after["prevhash"] != before["hash"] or after["data"]["seq"] != before["data"]["seq"] + 1:
            yield f"event {after['sequence']} does not follow the one before"


def jws_payload(statement):
    head, payload, _ = statement.split(".")
    decode = lambda text: json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return decode(head), decode(payload)


def statement_faults(contract, path, exchange, answer):
    header, payload = jws_payload(answer["statement"])
    kind, schema = (("torugart-watch-list+jws", "WatchList") if path == "/v1/watch-list" else
                    ("torugart-receipt+jws", "Receipt"))
    if path == "/v1/watch-list" and header.get("typ") == "torugart-watch-list-delta+jws":
        kind, schema = "torugart-watch-list-delta+jws", "WatchListDelta"
    if header.get("alg") != "EdDSA" or header.get("typ") != kind or not re.fullmatch("[0-9a-f]{16}", header.get("kid", "")):
        yield f"statement's header is not as agreed: {header}"
    yield from contract.faults({"$ref": f"#/components/schemas/{schema}"}, payload)
    if path == "/v1/receipts":
        asked = json.loads(exchange["request"]["body"])
        lines = "".join(f + "\n" for f in sorted(asked["files"])).encode()
        if payload["files_hash"] != hashlib.sha256(lines).hexdigest():
            yield "receipt's files_hash is not that of the request's files"
        if len(answer["statement"]) > 4096:
            yield "receipt is longer than 4096 bytes"


def exchange_faults(contract, exchange, seen, check_request=True):
    request, response = exchange["request"], exchange["response"]
    method, path = request["method"].lower(), request["path"]
    if path.startswith("/v1/dev/"):
        return  # the development system's own
    match = [(p, ops) for pattern, p, ops in contract.paths if pattern.match(path)]
    if not match or method not in match[0][1]:
        if response["status"] not in (404, 405):
            yield f"{method} {path} is not in the contract, yet answered {response['status']}"
        return
    template, operations = match[0]
    operation = operations[method]
    status = str(response["status"])
    if status not in operation["responses"]:
        yield f"answers {status}, which the contract does not name"
        return
    if response["status"] < 400:
        seen.add(operation["operationId"])
    sent, got = lower(request["headers"]), lower(response["headers"])
    if check_request and response["status"] < 400:
        for parameter in operations.get("parameters", []) + operation.get("parameters", []):
            parameter = contract.resolved(parameter)
            name = parameter["name"].lower()
            if parameter["in"] != "header":
                continue
            if name not in sent:
                if parameter.get("required"):
                    yield f"request lacks the header {parameter['name']}"
                continue
            yield from (f"header {name} {f}" for f in contract.faults(parameter["schema"], sent[name]))
        content = operation.get("requestBody", {}).get("content")
        if content:
            media = sent.get("content-type", "").split(";")[0]
            if media not in content:
                yield f"request is {media or 'of no type'}, not {', '.join(content)}"
            elif media.startswith("text/"):
                yield from (f"request {f}" for f in contract.faults(content[media]["schema"], request["body"]))
            elif media.endswith("json"):
                body = json.loads(request["body"])
                wrong = list(contract.faults(content[media]["schema"], body))
                yield from (f"request {f}" for f in wrong)
                if operation["operationId"] == "events" and not wrong:
                    yield from chain_faults(body)
    answer = contract.resolved(operation["responses"][status])
    for name, header in answer.get("headers", {}).items():
        if name.lower() in got:
            yield from (f"answer's header {name} {f}" for f in contract.faults(header["schema"], got[name.lower()]))
        elif header.get("required"):
            yield f"answer lacks the header {name}"
    if "date" not in got:
        yield "answer has no Date"
    content = answer.get("content")
    if content and method != "head":
        media = got.get("content-type", "").split(";")[0]
        if media not in content:
            yield f"answer is {media or 'of no type'}, not {', '.join(content)}"
        elif media.startswith("text/"):
            yield from (f"answer {f}" for f in contract.faults(content[media]["schema"], response["body"]))
        else:
            body = json.loads(response["body"])
            yield from (f"answer {f}" for f in contract.faults(content[media]["schema"], body))
            if "statement" in body and response["status"] < 300 and path in ("/v1/watch-list", "/v1/receipts"):
                yield from statement_faults(contract, path, exchange, body)


def contract_faults(contract):
    jsonschema.Draft202012Validator.check_schema(contract.events)
    for name, schema in contract.api["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        for example in schema.get("examples", []):
            yield from (f"example of {name} {f}" for f in contract.faults(schema, example))
    batch = contract.events["$defs"]["batch"]
    for example in batch["examples"]:
        yield from (f"example of a batch {f}" for f in contract.faults({"$ref": BASE + "events.schema.json"}, example))
        yield from (f"example of a batch: {f}" for f in chain_faults(example))
    schemas = contract.api["components"]["schemas"]
    delta = schemas["WatchListDelta"]["examples"][0]
    gone = [(e["kind"], e["match"], e["value"]) for e in delta["put"] + delta["remove"]]
    left = [e for e in schemas["WatchList"]["examples"][0]["entries"] if (e["kind"], e["match"], e["value"]) not in gone]
    if delta["entries_hash"] != entries_hash(left + delta["put"]):
        yield "example of a watch list's change: entries_hash is not that of the example list after it"
    files = schemas["ReceiptRequest"]["examples"][0]["files"]
    lines = "".join(f + "\n" for f in sorted(files)).encode()
    if schemas["Receipt"]["examples"][0]["files_hash"] != hashlib.sha256(lines).hexdigest():
        yield "example of a receipt: files_hash is not that of the request's example"

    def references(node):
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            node = list(node.values())
        if isinstance(node, list):
            for inner in node:
                yield from references(inner)
    for reference in references(contract.api):
        try:
            contract.resolver().resolve(reference)
        except jsonschema.RefResolutionError:
            yield f"{reference} leads nowhere"
    operations = [o["operationId"] for ops in contract.api["paths"].values() for o in ops.values()
                  if isinstance(o, dict) and "operationId" in o]
    if len(operations) != len(set(operations)):
        yield "two operations have the same id"


def self_test(contract):
    """Each of these breaks one thing in a good exchange; each must be found."""
    batch = contract.events["$defs"]["batch"]["examples"][0]
    good = {"request": {"method": "POST", "path": "/v1/events", "body": json.dumps(batch),
                        "headers": {"Content-Type": "application/cloudevents-batch+json", "Idempotency-Key": "k"}},
            "response": {"status": 200, "headers": {"Content-Type": "application/json", "Date": "x"},
                         "body": json.dumps({"lane": "kordai-2", "accepted_up_to": 2, "head_hash": batch[-1]["hash"]})}}
    if list(exchange_faults(contract, good, set())):
        return ["the good exchange is not good: " + "; ".join(exchange_faults(contract, good, set()))]

    def batch_with(change):
        def apply(exchange):
            events = copy.deepcopy(batch)
            change(events)
            exchange["request"]["body"] = json.dumps(events)
        return apply
    breaks = {
        "another actor": batch_with(lambda b: b[0]["data"].update(actor="x")),
        "a word that is none": batch_with(lambda b: b[0]["data"]["payload"].update(direction="up")),
        "a gap": batch_with(lambda b: b[1]["data"].update(seq=3)),
        "no hash": batch_with(lambda b: b[0].pop("hash")),
        "no key": lambda e: e["request"]["headers"].pop("Idempotency-Key"),
        "another media type": lambda e: e["request"]["headers"].update({"Content-Type": "application/json"}),
        "a status of its own": lambda e: e["response"].update(status=202),
        "an answer without head": lambda e: e["response"].update(body='{"lane":"kordai-2","accepted_up_to":2}'),
        "no date": lambda e: e["response"]["headers"].pop("Date"),
        "a path of its own": lambda e: e["request"].update(path="/v1/else"),
    }
    missed = []
    for name, apply in breaks.items():
        broken = copy.deepcopy(good)
        apply(broken)
        if not list(exchange_faults(contract, broken, set())):
            missed.append(f"not found: {name}")
    return missed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("contract")
    parser.add_argument("exchanges", nargs="*")
    parser.add_argument("--expect", type=int, default=0)
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    contract = Contract(arguments.contract)
    faults = list(contract_faults(contract))
    if arguments.self_test:
        faults += self_test(contract)
    seen, count = set(), 0
    for name in arguments.exchanges:
        for line_number, line in enumerate(open(name, encoding="utf-8"), 1):
            exchange = json.loads(line)
            count += 1
            for fault in exchange_faults(contract, exchange, seen):
                request = exchange["request"]
                faults.append(f"{name}:{line_number}: {request['method']} {request['path']} "
                              f"{exchange['response']['status']}: {fault}")
    if len(seen) < arguments.expect:
        faults.append(f"only {len(seen)} operations occurred ({', '.join(sorted(seen))}); expected {arguments.expect}")
    for fault in faults[:40]:
        print(fault)
    print(f"{count} exchanges, {len(seen)} operations, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
