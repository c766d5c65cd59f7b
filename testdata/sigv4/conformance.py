"""Cases as JSON lines for a program under test, and its answers compared.

One case per line; the program answers one JSON object per line in the same
order. A case here is a pair: the line, and the answer that is expected.
"""

import base64
import calendar
import json
import sys
import time
from collections import Counter
from urllib.parse import unquote_to_bytes

CONTEXT = {
    "session_token": None,
    "normalize": True,
    "double_encode": True,
    "sign_body": False,
    "payload": "sha256",
    "omit_session_token": False,
    "expires": None,
    "s3": False,
}


def add_options(parser):
    """What every generator can be asked for; without any, it fills in its files."""
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true")
    mode.add_argument("--conformance", action="store_true")
    mode.add_argument("--compare", metavar="ANSWERS")


def serve(options, cases):
    """Does what was asked for, if it concerns the conformance protocol."""
    if options.conformance:
        for line, _ in cases:
            print(json.dumps(line))
        sys.exit()
    if options.compare:
        sys.exit(compare(list(cases), options.compare))


def compare(cases, answers):
    """Compares answers with the expected values; the exit status."""
    with open(answers, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    if len(lines) != len(cases):
        print(f"{len(cases)} cases but {len(lines)} answers", file=sys.stderr)
        return 1
    total, right = Counter(), Counter()
    for (case, expected), answer in zip(cases, lines, strict=True):
        wrong = [k for k, v in expected.items() if normal(k, answer.get(k)) != normal(k, v)]
        total[case["kind"]] += 1
        right[case["kind"]] += not wrong
        if wrong:
            print(f"{case['id']}: {wrong} {answer.get('error', '')}", file=sys.stderr)
    print(", ".join(f"{kind}: {right[kind]} of {total[kind]}" for kind in total))
    return right != total


def context(given):
    """The whole of a context, of which cases say what is not usual."""
    return CONTEXT | given | {"epoch": epoch(given["timestamp"])}


def request(method, target, headers, body):
    return {
        "method": method,
        "target": target.decode(),
        "headers": [[name, value.decode()] for name, value in headers],
        "body_hex": body.hex(),
    }


def epoch(timestamp):
    return calendar.timegm(time.strptime(timestamp, "%Y%m%dT%H%M%SZ"))


def normal(key, value):
    """A value to compare: the order of parameters in a target or token is free, as
    is the case of a token's host."""
    if value is None or key not in ["signed_target", "token"]:
        return value
    encoded = value.removeprefix("k8s-aws-v1.")
    if "?" not in encoded:
        encoded = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    path, _, query = encoded.partition("?")
    if key == "token":
        path = path.lower()
    pairs = [piece.partition("=") for piece in query.split("&") if piece]
    return path, sorted((unquote_to_bytes(name), unquote_to_bytes(v)) for name, _, v in pairs)
