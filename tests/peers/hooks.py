"""schemathesis: bodies that it cannot write by itself (fuzz_contract.py loads this)."""
import json

import schemathesis


@schemathesis.serializer("application/offset+octet-stream")
def chunk(ctx, value):
    return value if isinstance(value, bytes) else json.dumps(value, default=str).encode()


@schemathesis.serializer("application/cloudevents-batch+json")
def batch(ctx, value):
    return json.dumps(value, default=str).encode()
