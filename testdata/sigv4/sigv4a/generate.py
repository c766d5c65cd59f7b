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
string to sign. `--compare` has awscrt's elliptic curve verify each signature
that was answered.
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

import case_file  # noqa: E402
import signers  # noqa: E402
from key_pair import KeyPair  # noqa: E402

REQUESTS = HERE / "requests.toml"
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


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true")
    mode.add_argument("--conformance", action="store_true")
    mode.add_argument("--compare", metavar="ANSWERS")
    options = parser.parse_args()

    document = tomllib.loads(REQUESTS.read_text())
    if options.conformance:
        for case in document["case"]:
            print(json.dumps(line_of(case, context_of(document, case))))
    elif options.compare:
        sys.exit(compare(document, options.compare))
    else:
        fill(document)
        sys.exit(store(render(document), options.check))


def context_of(document, case):
    return case_file.context_of(document, case) | {"asymmetric": True}


def fill(document):
    known = set(case_file.INPUT_KEYS + FILLED_KEYS)
    jobs = [(case, context_of(document, case)) for case in document["case"]]
    for (case, context), crt in zip(jobs, signers.sign_with_awscrt(jobs), strict=True):
        if unknown := set(case) - known:
            raise SystemExit(f"{case['name']}: unknown keys {unknown}")
        if isinstance(crt, Exception):
            raise SystemExit(f"{case['name']}: {crt}")
        fill_case(case, pair_of(context), crt)


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


def render(document):
    order = ["name", "rule", "source"] + case_file.INPUT_KEYS[2:] + FILLED_KEYS[1:]
    blocks = [
        f"about = {case_file.string(document['about'])}\n",
        case_file.table("[context]", document["context"], case_file.CONTEXT_KEYS),
    ]
    blocks += [case_file.table("[[case]]", case, order) for case in document["case"]]
    return "\n".join(blocks)


def store(text, check):
    if REQUESTS.read_text() == text:
        return 0
    if check:
        print(f"{REQUESTS.name} is out of date", file=sys.stderr)
        return 1
    REQUESTS.write_text(text)
    return 0


# --- conformance ----------------------------------------------------------


def line_of(case, context):
    context = {"session_token": None, "expires": None} | context
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


def compare(document, path):
    answers = [json.loads(line) for line in Path(path).read_text().splitlines()]
    if len(answers) != len(document["case"]):
        print(f"{len(document['case'])} cases but {len(answers)} answers", file=sys.stderr)
        return 1
    failures = 0
    for case, answer in zip(document["case"], answers, strict=True):
        if wrong := faults(case, answer):
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
    if not awscrt_verifies(case, answer.get("signature", "")):
        wrong.append("signature")
    return wrong


def awscrt_verifies(case, signature):
    from awscrt.crypto import EC

    # The DER form of any public key on the curve P-256 begins so (RFC 5480).
    algorithm = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
    point = bytes.fromhex("04" + "".join(case["public_key"]))
    digest = hashlib.sha256(case["string_to_sign"].encode()).digest()
    key = EC.new_key_from_der_data(algorithm + point)
    return key.verify(digest, bytes.fromhex(signature))


if __name__ == "__main__":
    main()
