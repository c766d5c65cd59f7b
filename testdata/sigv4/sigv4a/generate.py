"""Fills the expected values of the cases beside it, from awscrt.

    python3 -m venv .venv
    .venv/bin/pip install --require-hashes -r ../requirements.txt
    .venv/bin/pip install --require-hashes -r requirements.txt
    .venv/bin/python generate.py                      fill and rewrite the file
    .venv/bin/python generate.py --check              fail if the file would change
    .venv/bin/python generate.py --conformance        print the cases as JSON lines
    .venv/bin/python generate.py --compare ANSWERS    compare JSON lines of answers

awscrt signs every case and hands out the canonical request and the string to
sign. Its signatures are random: one of them is kept for as long as it fits, and
the package `ecdsa` verifies it with a public key that is derived here, in
Python. The same package makes the deterministic signature (RFC 6979) of the
string to sign. Bodies in chunks are composed by bodies.py; all their
signatures are deterministic. `--compare` has awscrt's elliptic curve verify each
signature that was answered, along the chain.
"""

import argparse
import hashlib
import json
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import bodies  # noqa: E402
import case_file  # noqa: E402
import conformance  # noqa: E402
import signers  # noqa: E402
import targets  # noqa: E402
from key_pair import KeyPair  # noqa: E402

REQUESTS = HERE / "requests.toml"
CHUNKS = HERE / "chunks.toml"
FILLED_KEYS = [
    "source",
    "public_key",
    "canonical_request",
    "string_to_sign",
    "signature",
    "deterministic_signature",
    "authorization",
    "signed_target",
]
CHUNKS_KEYS = ["name", "rule", "context", "mode", "target", "headers", "pattern", "lengths", "trailers"]
CHUNKS_FILLED_KEYS = [
    "source",
    "public_key",
    "string_to_sign",
    "signatures",
    "content_length",
    "wire_sha256",
]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    conformance.add_options(parser)
    options = parser.parse_args()

    requests, chunks = (tomllib.loads(path.read_text()) for path in [REQUESTS, CHUNKS])
    if options.conformance:
        for case in requests["case"]:
            print(json.dumps(line_of(case, context_of(requests, case))))
        for case in chunks["case"]:
            print(json.dumps(chunks_line_of(case, context_of(chunks, case))))
    elif options.compare:
        sys.exit(compare(requests, chunks, options.compare))
    else:
        fill(requests)
        fill_chunks(chunks)
        status = store(REQUESTS, render(requests, FILLED_KEYS), options.check)
        sys.exit(status | store(CHUNKS, render(chunks, CHUNKS_FILLED_KEYS), options.check))


def context_of(document, case):
    return case_file.context_of(document, case) | {"asymmetric": True}


def fill(document):
    known = set(case_file.INPUT_KEYS + FILLED_KEYS)
    jobs = [(case, context_of(document, case)) for case in document["case"]]
    read = [targets.as_read(case, context) for case, context in jobs]
    given = [(case, context) for (case, _), (_, context) in zip(read, jobs, strict=True)]
    signed = signers.sign_with_awscrt(given)
    for (case, context), (_, done), crt in zip(jobs, read, signed, strict=True):
        if unknown := set(case) - known:
            raise SystemExit(f"{case['name']}: unknown keys {unknown}")
        if isinstance(crt, Exception):
            raise SystemExit(f"{case['name']}: {crt}")
        fill_case(case, pair_of(context), crt)
        case["source"] += f", with {done}" if done else ""


def pair_of(context):
    return KeyPair(context["access_key_id"], context["secret_access_key"])


def fill_case(case, pair, crt):
    if not pair.has_signed(crt.string_to_sign, crt.signature):
        raise SystemExit(f"{case['name']}: awscrt signed with another key")
    before = case.get("signature", "")
    if before and pair.has_signed(crt.string_to_sign, before):
        # As good as the new one, which is another each time.
        for key in ["authorization", "signed_target"]:
            if text := getattr(crt, key):
                setattr(crt, key, text.replace(crt.signature, before))
        crt.signature = before
    for key in FILLED_KEYS:
        case.pop(key, None)
    case["source"] = f"awscrt {version('awscrt')}, ecdsa {version('ecdsa')}"
    case["public_key"] = pair.public_key()
    case["canonical_request"] = crt.canonical_request.decode()
    case["string_to_sign"] = crt.string_to_sign
    case["signature"] = crt.signature
    case["deterministic_signature"] = pair.sign(crt.string_to_sign)
    if crt.authorization:
        case["authorization"] = crt.authorization
    if crt.signed_target:
        case["signed_target"] = crt.signed_target


def fill_chunks(document):
    """Signs the request and all that follows it, deterministically."""
    jobs = [
        (case, bodies.context_of(context_of(document, case), case)) for case in document["case"]
    ]
    signed = signers.sign_with_awscrt([(bodies.request_of(case), ctx) for case, ctx in jobs])
    for (case, context), crt in zip(jobs, signed, strict=True):
        if unknown := set(case) - set(CHUNKS_KEYS + CHUNKS_FILLED_KEYS):
            raise SystemExit(f"{case['name']}: unknown keys {unknown}")
        pair = pair_of(context)
        if isinstance(crt, Exception) or not pair.has_signed(crt.string_to_sign, crt.signature):
            raise SystemExit(f"{case['name']}: {crt}")
        seed = pair.sign(crt.string_to_sign)
        rest = list(bodies.strings_to_sign(case, context, seed, pair.sign))
        wire = bodies.wire_of(case, rest)
        case["source"] = (
            f"request: awscrt {version('awscrt')}; body: composed by the script; "
            f"signatures: ecdsa {version('ecdsa')}"
        )
        case["public_key"] = pair.public_key()
        case["string_to_sign"] = crt.string_to_sign
        case["signatures"] = [seed, *rest]
        case["content_length"] = len(wire)
        case["wire_sha256"] = hashlib.sha256(wire).hexdigest()


def render(document, filled_keys):
    inputs = case_file.INPUT_KEYS[2:] + ["mode", "pattern", "lengths", "trailers"]
    order = ["name", "rule", "source"] + inputs + filled_keys[1:]
    blocks = [
        f"about = {case_file.string(document['about'])}\n",
        case_file.table("[context]", document["context"], case_file.CONTEXT_KEYS),
    ]
    blocks += [case_file.table("[[case]]", case, order) for case in document["case"]]
    return "\n".join(blocks)


def store(path, text, check):
    if path.read_text() == text:
        return 0
    if check:
        print(f"{path.name} is out of date", file=sys.stderr)
        return 1
    path.write_text(text)
    return 0


# --- conformance ----------------------------------------------------------


def line_of(case, context):
    context = conformance.context(context)
    context.pop("asymmetric")
    return {
        "id": case["name"],
        "kind": "sigv4a",
        "form": case["form"],
        "ctx": context,
        "req": {
            "method": case["method"],
            "target": case["target"],
            "headers": case["headers"],
            "body_hex": case_file.body_of(case).hex(),
        },
    }


def chunks_line_of(case, context):
    context = conformance.context(bodies.context_of(context, case))
    context.pop("asymmetric")
    chunks = [{"data": {"hex": data.hex()}} for data in bodies.data_of(case)]
    return {
        "id": case["name"],
        "kind": "chunked-v4a",
        "form": "header",
        "ctx": context,
        "req": {
            "method": "PUT",
            "target": case["target"],
            "headers": case["headers"],
            "body_hex": "",
        },
        "mode": case["mode"],
        "chunks": chunks,
        "trailers": case.get("trailers"),
    }


def compare(requests, chunks, path):
    cases = [(case, faults) for case in requests["case"]]
    cases += [
        (case, lambda case, answer: chunks_faults(case, context_of(chunks, case), answer))
        for case in chunks["case"]
    ]
    answers = [json.loads(line) for line in Path(path).read_text().splitlines()]
    if len(answers) != len(cases):
        print(f"{len(cases)} cases but {len(answers)} answers", file=sys.stderr)
        return 1
    failures = 0
    for (case, faults_of), answer in zip(cases, answers, strict=True):
        if wrong := faults_of(case, answer):
            failures += 1
            print(f"{case['name']}: {wrong} {answer.get('error', '')}", file=sys.stderr)
    print(f"{len(answers) - failures} of {len(answers)} cases match")
    return 1 if failures else 0


def faults(case, answer):
    """What of an answer is not as it must be."""
    key = answer.get("public_key", {})
    wrong = [k for k in ["canonical_request", "string_to_sign"] if answer.get(k) != case[k]]
    if [key.get("x"), key.get("y")] != case["public_key"]:
        wrong.append("public_key")
    if not awscrt_verifies(case, case["string_to_sign"], answer.get("signature", "")):
        wrong.append("signature")
    return wrong


def chunks_faults(case, context, answer):
    """The same, each signature verified along the chain that was answered."""
    seed, answered = answer.get("seed_signature", ""), answer.get("chunk_signatures", [])
    answered = answered + [s for s in [answer.get("trailer_signature")] if s]
    wrong, left = [], list(answered)
    if not awscrt_verifies(case, case["string_to_sign"], seed):
        wrong.append("seed_signature")

    def verified(string_to_sign):
        signature = left.pop(0) if left else ""
        if not awscrt_verifies(case, string_to_sign, signature):
            wrong.append(f"signature {len(answered) - len(left)}")
        return signature

    rest = list(bodies.strings_to_sign(case, context, seed, verified))
    wire = bodies.wire_of(case, rest)
    if left:
        wrong.append("chunk_signatures")
    if answer.get("content_length") != case["content_length"]:
        wrong.append("content_length")
    if answer.get("wire_sha256") != hashlib.sha256(wire).hexdigest():
        wrong.append("wire_sha256")
    return wrong


def awscrt_verifies(case, string_to_sign, signature):
    from awscrt.crypto import EC

    # The DER form of any public key on the curve P-256 begins so (RFC 5480).
    algorithm = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
    point = bytes.fromhex("04" + "".join(case["public_key"]))
    digest = hashlib.sha256(string_to_sign.encode()).digest()
    key = EC.new_key_from_der_data(algorithm + point)
    return key.verify(digest, bytes.fromhex(signature))


if __name__ == "__main__":
    main()
