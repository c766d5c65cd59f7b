"""Compares sigv4 with botocore, awscrt, @smithy/signature-v4, aws4, and signers of S3's paths.

    compare.py --node NODE --conformance PROGRAM

Every case of `cases.py` is signed by those that it names. For each of their
requests the conformance program, speaking for `sigv4`, must find the same signature
from the same input, accept the request, and refuse it with any one thing changed;
where services would refuse the request, it must refuse it too. Prints one line per
signer and claim.
"""

import argparse
import collections
import copy
import json
import pathlib
import subprocess
import sys
from urllib.parse import unquote_plus, unquote_to_bytes

import cases
import neighbours
import sign

PROGRAM_SECONDS_MAX = 60
HEADER_SKEW_SECONDS_MAX = 900
# The names that the query form adds to the caller's parameters.
QUERY_AUTHENTICATION = {
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
}
AMBIGUOUS = "the target holds a `+`"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--node", required=True)
    arguments.add_argument("--conformance", required=True)
    options = arguments.parse_args()

    signing_cases = {case["id"]: case for case in cases.all_cases()}
    signed = sign_all(signing_cases, options.node)
    checks = [check for one in signed for check in checks_of(signing_cases[one["id"]], one)]
    answers = ask([options.conformance], [asked(check["case"]) for check in checks])
    sys.exit(report(checks, answers))


def sign_all(signing_cases, node):
    """Each case signed by each of those that it names: `{"id", "signer", "req"}`."""
    signed = []
    for case in signing_cases.values():
        for signer, sign_one in sign.SIGNERS.items():
            if signer in case["signers"] + case["refused"]:
                signed.append({"id": case["id"], "signer": signer, "req": sign_one(case)})
    script = pathlib.Path(__file__).with_name("sign.cjs")
    signed += ask([node, str(script)], signing_cases.values())
    for one in signed:
        assert "req" in one, f"{one['signer']} could not sign {one['id']}: {one['error']}"
    assert len(signed) == sum(len(case["signers"] + case["refused"]) for case in signing_cases.values())
    return signed


def asked(case):
    """The case as the line protocol has it, without what only the checks need."""
    own = ("not_before", "not_after", "signers", "refused", "is_ambiguous")
    return {name: value for name, value in case.items() if name not in own}


def ask(command, lines):
    """Writes JSON lines to the program and reads its JSON lines."""
    written = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    run = subprocess.run(
        command, input=written.encode(), stdout=subprocess.PIPE, timeout=PROGRAM_SECONDS_MAX, check=True
    )
    return [json.loads(line) for line in run.stdout.decode().splitlines()]


def checks_of(case, signed):
    """What must hold for one signed request: `{"signer", "claim", "case", "is_met"}`."""
    signer = signed["signer"]
    accepted = verification(case, signed)
    if signer in case["refused"]:
        yield {
            "signer": signer,
            "claim": "refused where services read another target",
            "case": accepted,
            "is_met": lambda answer: answer.get("reason") == "SignatureMismatch",
        }
        return
    yield {
        "signer": signer,
        "claim": "not signed where it can be read in two ways" if case["is_ambiguous"] else "the same signature",
        "case": sign_again(case, signed),
        "is_met": lambda answer: (
            answer.get("error", "").startswith(AMBIGUOUS)
            if case["is_ambiguous"]
            else is_same_signature(case, signed["req"], answer)
        ),
    }
    for edge in "not_before", "not_after":
        yield {
            "signer": signer,
            "claim": "accepted",
            "case": accepted | {"id": f"{accepted['id']} {edge}", "now_epoch": accepted[edge]},
            "is_met": lambda answer: answer.get("verdict") == "accept",
        }
    for change, reasons in neighbours.ALL.items():
        neighbour = copy.deepcopy(accepted)
        if change(neighbour) is False:
            continue
        claim = "refused with " + change.__name__.replace("_", " ")
        yield {
            "signer": signer,
            "claim": claim,
            "case": neighbour | {"id": f"{accepted['id']} {claim}"},
            "is_met": lambda answer, reasons=reasons: (
                answer.get("verdict") == "reject" and answer.get("reason") in reasons
            ),
        }


def sign_again(case, signed):
    """The case that leads sigv4 to the signer's request.

    It holds what the signer was given and what it added of its own (aws4 a content type, smithy
    headers moved to the query), but nothing of the authentication.
    """
    req = signed["req"]
    added = {"authorization", "x-amz-date", "x-amz-security-token"}
    if case["ctx"]["sign_body"]:
        added.add("x-amz-content-sha256")
    headers = [header for header in req["headers"] if header[0].lower() not in added]
    path, mark, query = req["target"].partition("?")
    if case["form"] == "query":
        query = "&".join(piece for piece in query.split("&") if name_of(piece) not in QUERY_AUTHENTICATION)
        mark = "?" if query else ""
    return {
        "id": f"{case['id']} by {signed['signer']}",
        "kind": "sigv4",
        "form": case["form"],
        "ctx": case["ctx"],
        "req": {**req, "target": path + mark + query, "headers": headers},
    }


def is_same_signature(case, req, answer):
    if case["form"] == "header":
        # The whole value: the scope and the list of signed headers are compared too.
        return answer.get("authorization") == authorization_of(req)
    ours, theirs = parameters_of(answer.get("signed_target", "")), parameters_of(req["target"])
    if case["ctx"]["s3"]:
        # The path is a spelling of theirs, which the signature covers.
        ours, theirs = (unquote_to_bytes(ours[0]), ours[1]), (unquote_to_bytes(theirs[0]), theirs[1])
    return ours == theirs


def authorization_of(req):
    return next(value for name, value in req["headers"] if name.lower() == "authorization")


def parameters_of(target):
    """The path, and the decoded parameters in any order."""
    path, _, query = target.partition("?")
    pieces = (piece.partition("=") for piece in query.split("&") if piece)
    return path, sorted((unquote_plus(name), unquote_plus(value)) for name, _, value in pieces)


def name_of(piece):
    return unquote_plus(piece.partition("=")[0])


def verification(case, signed):
    """The `verify` case of the signed request, with the ends of its validity besides."""
    ctx = case["ctx"]
    validity = ctx["expires"] if case["form"] == "query" else HEADER_SKEW_SECONDS_MAX
    return {
        "id": f"{case['id']} by {signed['signer']}",
        "kind": "verify",
        "form": case["form"],
        "server": {
            "region": ctx["region"],
            "service": ctx["service"],
            "normalize": ctx["normalize"],
            "double_encode": ctx["double_encode"],
            "s3": ctx["s3"],
            "require_signed_x_amz": True,
            "keys": {ctx["access_key_id"]: {"secret": ctx["secret_access_key"], "token": ctx["session_token"]}},
        },
        "now_epoch": ctx["epoch"],
        "not_before": ctx["epoch"] - HEADER_SKEW_SECONDS_MAX,
        "not_after": ctx["epoch"] + validity,
        "max_skew": HEADER_SKEW_SECONDS_MAX,
        "payload_hint": ctx["payload"],
        "req": signed["req"],
    }


def report(checks, answers):
    """One line per signer and claim; the exit status."""
    tally = collections.defaultdict(list)
    for check, answer in zip(checks, answers, strict=True):
        tally[check["signer"], check["claim"]].append(None if check["is_met"](answer) else (check, answer))
    for (signer, claim), outcomes in sorted(tally.items(), key=lambda entry: cases.ALL_SIGNERS.index(entry[0][0])):
        failures = [outcome for outcome in outcomes if outcome]
        if not failures:
            print(f"ok - {signer}: {claim} ({len(outcomes)} requests)")
            continue
        check, answer = failures[0]
        print(f"not ok - {signer}: {claim}: {len(failures)} of {len(outcomes)}, first {check['case']['id']}")
        print(json.dumps({"case": check["case"], "answer": answer}, ensure_ascii=False), file=sys.stderr)
    return any(outcome for outcomes in tally.values() for outcome in outcomes)


if __name__ == "__main__":
    main()
