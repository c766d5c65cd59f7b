"""Fills the expected values of the case files beside it, from outside signers.

    python3 -m venv .venv
    .venv/bin/pip install --require-hashes -r requirements.txt
    .venv/bin/python generate.py                      fill and rewrite the files
    .venv/bin/python generate.py --check              fail if a file would change
    .venv/bin/python generate.py --conformance        print the cases as JSON lines
    .venv/bin/python generate.py --compare ANSWERS    compare JSON lines of answers

A case holds the input and a one-sentence rule; both signers sign it. If they
agree, their values become the expected ones. If they do not, the case must say
whom it follows and why (`follows = "awscrt: …"` or `"botocore: …"`), and a
case that claims a disagreement where there is none is refused as well. A
published example states the published values, which must come out the same.

The last two options serve any implementation that reads one JSON case per
line and answers one JSON object per line: they feed it and check it.
"""

import argparse
import hashlib
import sys
from importlib.metadata import version
from pathlib import Path

import case_file
import conformance
import signed_requests
import signers
import targets

HERE = Path(__file__).parent
# Errors are nobody else's: reject.toml is written by hand.
FILES = sorted(path for path in HERE.glob("*.toml") if path.stem != "reject")
NAMES = {"awscrt": f"awscrt {version('awscrt')}", "botocore": f"botocore {version('botocore')}"}


class Fault(Exception):
    """A case whose statements the signers contradict."""


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    conformance.add_options(parser)
    options = parser.parse_args()

    documents = {path: case_file.read(path) for path in FILES}
    conformance.serve(options, signed_requests.cases(documents))
    fill(documents)
    sys.exit(store(documents, check=options.check))


def all_cases(documents):
    """Every (document, case); a name that occurs twice stops the run."""
    pairs = [(document, case) for document in documents.values() for case in document["case"]]
    names = [case["name"] for _, case in pairs]
    for name in set(names):
        if names.count(name) > 1:
            raise SystemExit(f"{name}: the name occurs {names.count(name)} times")
    return pairs


def fill(documents):
    """Computes the expected values of every case by both signers."""
    pairs = all_cases(documents)
    contexts = [case_file.context_of(document, case) for document, case in pairs]
    read = [
        targets.as_read(case, context)
        for (_, case), context in zip(pairs, contexts, strict=True)
    ]
    jobs = [(given, context) for (given, _), context in zip(read, contexts, strict=True)]
    signed = signers.sign_with_awscrt(jobs)
    faults = []
    for (_, case), context, (given, done), crt in zip(pairs, contexts, read, signed, strict=True):
        try:
            chosen, source = choose(given, context, crt)
            store_expected(case, chosen, f"{source}, with {done}" if done else source)
            check_published(case, context, chosen)
        except Fault as fault:
            faults.append(f"{case['name']}: {fault}")
    if faults:
        raise SystemExit("\n".join(faults))


def choose(case, context, crt):
    """The values to expect, and the sentence that says where they are from."""
    boto = signers.sign_with_botocore(case, context)
    followed, _, reason = case.get("follows", "").partition(": ")
    if agree(boto, crt):
        if followed:
            raise Fault(f"follows {followed}, but both agree")
        return crt, f"{NAMES['botocore']}, {NAMES['awscrt']}"
    if followed not in NAMES or not reason:
        raise Fault(f"the signers disagree\n{boto}\n{crt}")

    # What botocore makes of parameters that are handed over apart from the
    # URL is a second witness, if it has one.
    decoded = signers.sign_with_botocore(case, context, query_as_params=True)
    if followed == "awscrt" and agree(decoded, crt):
        return crt, f"{NAMES['awscrt']}, {NAMES['botocore']} given the parameters decoded"
    if followed == "awscrt":
        return expect(crt, NAMES["awscrt"], boto, NAMES["botocore"])
    if b"?" not in case_file.target_of(case):
        return expect(boto, NAMES["botocore"], crt, NAMES["awscrt"])
    named = f"{NAMES['botocore']} given the parameters decoded"
    return expect(decoded, named, crt, NAMES["awscrt"])


def expect(chosen, name, other, other_name):
    """The followed signer's values and the sentence about the other."""
    if isinstance(chosen, Exception):
        raise Fault(f"{name} fails: {chosen}")
    verb = "refuses" if isinstance(other, Exception) else "differs"
    return chosen, f"{name}; {other_name} {verb}"


def agree(left, right):
    """Whether both are signed requests with the same stages."""
    if isinstance(left, Exception) or isinstance(right, Exception):
        return False
    return left.stages() == right.stages()


def store_expected(case, signed, source):
    for key in case_file.FILLED_KEYS:
        case.pop(key, None)
    case["source"] = source
    try:
        case["canonical_request"] = signed.canonical_request.decode()
    except UnicodeDecodeError:
        case["canonical_request_hex"] = signed.canonical_request.hex()
    case["string_to_sign"] = signed.string_to_sign
    case["signed_headers"] = signed.canonical_request.split(b"\n")[-2].decode()
    case["signature"] = signed.signature
    if signed.authorization:
        case["authorization"] = signed.authorization
    if signed.signed_target:
        case["signed_target"] = signed.signed_target


def check_published(case, context, signed):
    """Refuses a published example that does not come out as published."""
    keys = [key.hex() for key in signers.derived_keys(context)]
    computed = {
        "canonical_request_sha256": hashlib.sha256(signed.canonical_request).hexdigest(),
        "signature": signed.signature,
    } | dict(zip(["date_key", "region_key", "service_key", "signing_key"], keys, strict=True))
    for key, value in case.get("published", {}).items():
        if key != "document" and computed[key] != value:
            raise Fault(f"published {key} is {value}, computed {computed[key]}")


def store(documents, check):
    """Writes the files, or says which would change."""
    status = 0
    for path, document in documents.items():
        text = case_file.render(document)
        if path.read_text() == text:
            continue
        if check:
            print(f"{path.name} is out of date", file=sys.stderr)
            status = 1
        else:
            path.write_text(text)
    print(f"{sum(len(d['case']) for d in documents.values())} cases in {len(documents)} files")
    return status


if __name__ == "__main__":
    main()
