"""Fills the expected values of the streams beside it, from outside signers.

    python3 -m venv .venv
    .venv/bin/pip install --require-hashes -r ../requirements.txt
    .venv/bin/pip install --require-hashes --no-deps -r requirements.txt
    .venv/bin/python generate.py              fill and rewrite the files
    .venv/bin/python generate.py --check      fail if a file would change

With `--conformance` and `--compare ANSWERS` it serves a program under test, as
../generate.py does.

The request is signed by botocore and by awscrt, which must agree. Behind it:

* events are signed and framed by amazon-transcribe, and read back by botocore,
  which checks both checksums of every frame;
* unsigned chunks are botocore's own encoding, its checksum included;
* no signer of signed chunks can be had for Python. Their strings to sign are
  composed here, as S3's documentation has them, and botocore makes the MACs;
  the published examples among the cases must come out as published.
"""

import argparse
import datetime
import hashlib
import io
import json
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import conformance  # noqa: E402
import signers  # noqa: E402

EMPTY = hashlib.sha256(b"").hexdigest()
EVENTS = "STREAMING-AWS4-HMAC-SHA256-EVENTS"
UNSIGNED = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"

INPUT_KEYS = [
    "name",
    "rule",
    "context",
    "published",
    "mode",
    "target",
    "headers",
    "pattern",
    "lengths",
    "trailers",
    "events",
    "published_signatures",
]
FILLED_KEYS = [
    "source",
    "signatures",
    "content_length",
    "wire_sha256",
    "frames",
]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    conformance.add_options(parser)
    options = parser.parse_args()
    documents = {path: tomllib.loads(path.read_text()) for path in sorted(HERE.glob("*.toml"))}
    conformance.serve(options, cases(documents.values()))
    status = 0
    for path, document in documents.items():
        for case in document["case"]:
            unknown = set(case) - set(INPUT_KEYS + FILLED_KEYS)
            if unknown:
                raise SystemExit(f"{case['name']}: unknown keys {unknown}")
            fill(case, document["context"] | case.get("context", {}))
        text = render(document)
        if text != path.read_text():
            if options.check:
                print(f"{path.name} is out of date", file=sys.stderr)
                status = 1
            else:
                path.write_text(text)
    sys.exit(status)


def fill(case, context):
    """Computes the expected values of one case."""
    for key in FILLED_KEYS:
        case.pop(key, None)
    seed = seed_of(case, context)
    if "events" in case:
        fill_events(case, context, seed)
    else:
        fill_chunks(case, context, seed)
    published = case.get("published_signatures")
    if published and published != case["signatures"]:
        raise SystemExit(f"{case['name']}: not as published\n{case['signatures']}")


def seed_of(case, context):
    """The signature of the request, on which both signers must agree."""
    request = {
        "name": case["name"],
        "form": "header",
        "method": method_of(case),
        "target": case["target"],
        "headers": case["headers"],
    }
    context = request_context(case, context)
    crt = signers.sign_with_awscrt([(request, context)])[0]
    boto = signers.sign_with_botocore(request, context)
    if isinstance(crt, Exception) or isinstance(boto, Exception):
        raise SystemExit(f"{case['name']}: {crt} {boto}")
    if crt.stages() != boto.stages():
        raise SystemExit(f"{case['name']}: the signers disagree\n{crt}\n{boto}")
    return crt.signature


def method_of(case):
    return "POST" if "events" in case else "PUT"


def request_context(case, context):
    return context | {
        "normalize": False,
        "double_encode": False,
        "sign_body": True,
        "payload": case.get("mode", EVENTS),
        "omit_session_token": False,
    }


# --- conformance ----------------------------------------------------------


def cases(documents):
    """Every (line, expected values)."""
    for document in documents:
        for case in document["case"]:
            context = document["context"] | case.get("context", {})
            line = {
                "id": case["name"],
                "form": "header",
                "ctx": conformance.context(request_context(case, context)),
                "req": {
                    "method": method_of(case),
                    "target": case["target"],
                    "headers": case["headers"],
                    "body_hex": "",
                },
            }
            seed, *signatures = case["signatures"]
            make = events_case if "events" in case else chunks_case
            more, expected = make(case, signatures)
            yield line | more, {"seed_signature": seed} | expected


def events_case(case, signatures):
    events = [{"date_ms": date, "payload_hex": payload} for date, payload in case["events"]]
    expected = {"signatures": signatures, "frames_hex": case["frames"]}
    return {"kind": "events", "events": events}, expected


def chunks_case(case, signatures):
    line = {
        "kind": "chunked",
        "mode": case["mode"],
        "chunks": [{"data": {"hex": data.hex()}} for data in [*chunks_of(case), b""]],
        "trailers": case.get("trailers"),
    }
    expected = {key: case[key] for key in ["content_length", "wire_sha256"]}
    if case["mode"] == UNSIGNED:
        return line, expected
    if case["mode"].endswith("-TRAILER"):
        expected["trailer_signature"] = signatures.pop()
    return line, expected | {"chunk_signatures": signatures}


# --- chunks ---------------------------------------------------------------


def fill_chunks(case, context, seed):
    if case["mode"] == UNSIGNED:
        wire, source = unsigned_body(case), f"botocore {version('botocore')}"
        case["signatures"] = [seed]
    else:
        wire, case["signatures"] = signed_body(case, context, seed)
        source = f"composed by the script, MACs by botocore {version('botocore')}"
    case["source"] = f"request: {request_source()}; body: {source}"
    case["content_length"] = len(wire)
    case["wire_sha256"] = hashlib.sha256(wire).hexdigest()


def chunks_of(case):
    """The data of each chunk: the pattern, repeated and cut."""
    pattern = case["pattern"].encode()
    return [(pattern * (n // len(pattern) + 1))[:n] for n in case["lengths"]]


def unsigned_body(case):
    """botocore's encoding of the data, with its checksum, which is filled in."""
    from botocore.httpchecksum import AwsChunkedWrapper, Crc32Checksum

    [trailer] = case["trailers"]
    data = b"".join(chunks_of(case))
    # Every chunk but the last has the same length, as botocore cuts them.
    size = max(case["lengths"], default=1)
    wrapper = AwsChunkedWrapper(
        io.BytesIO(data), Crc32Checksum, checksum_name=trailer[0], chunk_size=size
    )
    checksum = Crc32Checksum()
    checksum.update(data)
    trailer[1] = checksum.b64digest()
    return wrapper.read()


def signed_body(case, context, seed):
    """The encoded body and all signatures, the seed first."""
    wire, signatures = b"", [seed]
    for data in [*chunks_of(case), b""]:
        digest = hashlib.sha256(data).hexdigest()
        lines = ["AWS4-HMAC-SHA256-PAYLOAD", signatures[-1], EMPTY, digest]
        signatures.append(mac(context, lines))
        wire += f"{len(data):x};chunk-signature={signatures[-1]}\r\n".encode()
        wire += data + b"\r\n" if data else b""
    for name, value in case.get("trailers", []):
        wire += f"{name}:{value}\r\n".encode()
    if case["mode"].endswith("-TRAILER"):
        pairs = sorted((n.lower(), " ".join(v.split())) for n, v in case["trailers"])
        canonical = "".join(f"{name}:{value}\n" for name, value in pairs)
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        signatures.append(mac(context, ["AWS4-HMAC-SHA256-TRAILER", signatures[-1], digest]))
        wire += f"x-amz-trailer-signature:{signatures[-1]}\r\n".encode()
    return wire + b"\r\n", signatures


def mac(context, lines):
    """botocore's signature of a string to sign; time and scope stand behind
    the first line."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    credentials = Credentials(context["access_key_id"], context["secret_access_key"])
    signer = SigV4Auth(credentials, context["service"], context["region"])
    request = AWSRequest(method="PUT", url="https://botocore.invalid/")
    request.context["timestamp"] = context["timestamp"]
    algorithm, *rest = lines
    scope = signer.credential_scope(request)
    text = "\n".join([algorithm, context["timestamp"], scope, *rest])
    return signer.signature(text, request)


# --- events ---------------------------------------------------------------


def fill_events(case, context, seed):
    from amazon_transcribe.eventstream import EventSigner, EventStreamMessageSerializer

    class Credentials:
        access_key_id = context["access_key_id"]
        secret_access_key = context["secret_access_key"]
        session_token = None

    signatures, frames, now = [seed], [], None
    signer = EventSigner(context["service"], context["region"], utc_now=lambda: now)
    serializer = EventStreamMessageSerializer()
    for milliseconds, payload in case["events"]:
        seconds, rest = divmod(milliseconds, 1000)
        now = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
        now += datetime.timedelta(milliseconds=rest)
        payload = bytes.fromhex(payload)
        headers = signer.sign(payload, bytes.fromhex(signatures[-1]), Credentials)
        signatures.append(headers[":chunk-signature"].hex())
        frames.append(serializer.serialize(headers, payload))
        read_back(case, frames[-1], milliseconds, payload, signatures[-1])
    case["source"] = (
        f"request: {request_source()}; events: amazon-transcribe "
        f"{version('amazon-transcribe')}, read back by botocore {version('botocore')}"
    )
    case["signatures"] = signatures
    case["frames"] = [frame.hex() for frame in frames]


def read_back(case, frame, milliseconds, payload, signature):
    """botocore's reader, which checks lengths and checksums."""
    from botocore.eventstream import EventStreamBuffer

    buffer = EventStreamBuffer()
    buffer.add_data(frame)
    [message] = list(buffer)
    signed = message.headers[":chunk-signature"].hex()
    found = (message.headers[":date"], message.payload, signed)
    if found != (milliseconds, payload, signature):
        raise SystemExit(f"{case['name']}: botocore reads {found}")


def request_source():
    return f"botocore {version('botocore')}, awscrt {version('awscrt')}"


# --- writing --------------------------------------------------------------


def render(document):
    lines = [f"about = {value(document['about'])}", "", "[context]"]
    lines += [f"{key} = {value(item)}" for key, item in document["context"].items()]
    for case in document["case"]:
        lines += ["", "[[case]]"]
        lines += [f"{key} = {value(case[key])}" for key in INPUT_KEYS + FILLED_KEYS if key in case]
    return "\n".join(lines) + "\n"


def value(item, depth=0):
    """A value in the dialect of the files: long lists have a line for each item."""
    if isinstance(item, dict):
        pairs = ", ".join(f"{key} = {value(inner)}" for key, inner in item.items())
        return f"{{ {pairs} }}"
    if isinstance(item, list) and depth == 0 and len(item) > 1 and not isinstance(item[0], int):
        return "[\n" + "".join(f"    {value(inner, 1)},\n" for inner in item) + "]"
    if isinstance(item, list):
        return "[" + ", ".join(value(inner, 1) for inner in item) + "]"
    return json.dumps(item, ensure_ascii=False)


if __name__ == "__main__":
    main()
