"""Fills forms.toml and uploads.toml, by botocore.

    python3 -m venv .venv
    .venv/bin/pip install --require-hashes -r ../requirements.txt
    .venv/bin/python generate.py            fill and rewrite the files
    .venv/bin/python generate.py --check    fail if one would change

With `--conformance` and `--compare ANSWERS` it serves a program under test, as
../generate.py does.

forms.toml holds what botocore's `generate_presigned_post` makes: the policy, to
the byte, and the fields. uploads.toml holds policies in words of their own,
signed by botocore's signer, with what a server should say to them; that is
written by hand, from the AWS documentation and from answers of S3 that others
have reported.
"""

import argparse
import base64
import datetime
import sys
import tomllib
from pathlib import Path
from unittest import mock

import botocore.session
from botocore.auth import S3SigV4PostAuth
from botocore.credentials import Credentials

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent))
import case_file  # noqa: E402
import conformance  # noqa: E402

CONTEXT_KEYS = [
    "access_key_id",
    "secret_access_key",
    "region",
    "timestamp",
    "expiration",
    "bucket",
    "content_length",
]
FORM_KEYS = ["name", "rule", "session_token", "expires", "bucket", "key", "conditions"]
UPLOAD_KEYS = [
    "name",
    "rule",
    "conditions",
    "policy",
    "fields",
    "unbound",
    "bucket",
    "content_length",
    "now",
    "verdict",
    "shown",
]
FILLED_KEYS = ["policy_json", "policy_base64", "signature"]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    conformance.add_options(parser)
    options = parser.parse_args()
    conformance.serve(options, cases())
    stale = False
    for name, keys, fill in [
        ("forms.toml", FORM_KEYS, fill_form),
        ("uploads.toml", UPLOAD_KEYS, fill_upload),
    ]:
        path = HERE / name
        text = path.read_text()
        document = tomllib.loads(text)
        for case in document["case"]:
            unknown = set(case) - set(keys + FILLED_KEYS)
            if unknown:
                raise SystemExit(f"{name}: {case['name']}: unknown keys {sorted(unknown)}")
            fill(document["context"], case)
        filled = render(document, keys + FILLED_KEYS)
        if options.check and filled != text:
            print(f"{name} is out of date", file=sys.stderr)
            stale = True
        elif not options.check:
            path.write_text(filled)
        print(f"{len(document['case'])} cases in {name}")
    sys.exit(stale)


def cases():
    """Every (line, expected values)."""
    for name in ["forms.toml", "uploads.toml"]:
        document = tomllib.loads((HERE / name).read_text())
        for case in document["case"]:
            context = {k: document["context"][k] for k in CONTEXT_KEYS[:4]} | {"service": "s3"}
            line = {
                "id": case["name"],
                "kind": "s3-post",
                "ctx": conformance.context(context),
                "inputs": {"policy_base64": case["policy_base64"]},
            }
            yield line, {"signature": case["signature"]}


def render(document, keys):
    blocks = [
        f"about = {case_file.string(document['about'])}\n",
        case_file.table("[context]", document["context"], CONTEXT_KEYS),
    ]
    return "\n".join(blocks + [case_file.table("[[case]]", c, keys) for c in document["case"]])


def fill_form(context, case):
    """Signs a form as users of boto3 do."""
    client = botocore.session.get_session().create_client(
        "s3",
        region_name=context["region"],
        aws_access_key_id=context["access_key_id"],
        aws_secret_access_key=context["secret_access_key"],
        aws_session_token=case.get("session_token"),
        config=botocore.config.Config(signature_version="s3v4"),
    )
    now = time_of(context)
    with (
        mock.patch("botocore.auth.get_current_datetime", lambda **_: now),
        mock.patch("botocore.signers.get_current_datetime", lambda **_: now),
    ):
        post = client.generate_presigned_post(
            case["bucket"],
            case["key"],
            Conditions=[condition(*row) for row in case["conditions"]],
            ExpiresIn=case["expires"],
        )
    fields = post["fields"]
    case["policy_base64"] = fields["policy"]
    case["policy_json"] = base64.b64decode(fields["policy"]).decode()
    case["signature"] = fields["x-amz-signature"]
    made = {"key", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "policy", "x-amz-signature"}
    if "session_token" in case:
        made.add("x-amz-security-token")
    assert set(fields) == made, fields


def condition(operation, name, value):
    if operation == "equals":
        return {name: value}
    if operation == "starts-with":
        return [operation, f"${name}", value]
    return [operation, int(name), int(value)]


def fill_upload(context, case):
    """Signs a policy that is stated whole, or whose conditions are stated."""
    scope = f"{context['timestamp'][:8]}/{context['region']}/s3/aws4_request"
    policy = case.get("policy")
    if policy is None:
        conditions = [case["conditions"], *bound(context, case)]
        conditions = "".join(f"{text}, " for text in conditions if text)
        policy = (
            f'{{"expiration": "{context["expiration"]}", "conditions": [{conditions}'
            '["eq", "$x-amz-algorithm", "AWS4-HMAC-SHA256"], '
            f'["eq", "$x-amz-credential", "{context["access_key_id"]}/{scope}"], '
            f'["eq", "$x-amz-date", "{context["timestamp"]}"]]}}'
        )
    case["policy_base64"] = base64.b64encode(policy.encode()).decode()
    credentials = Credentials(context["access_key_id"], context["secret_access_key"])
    signer = S3SigV4PostAuth(credentials, "s3", context["region"])
    request = mock.Mock(context={"timestamp": context["timestamp"]})
    case["signature"] = signer.signature(case["policy_base64"], request)


def bound(context, case):
    """Conditions without which S3 refuses every form, unless a case is about them."""
    if case.get("unbound"):
        return
    if "bucket" not in case["conditions"].lower():
        yield f'["eq", "$bucket", "{context["bucket"]}"]'
    if not names_key(case):
        # The test adds the field.
        yield '["starts-with", "$key", ""]'


def names_key(case):
    conditions = case["conditions"].lower()
    in_conditions = any(name in conditions for name in ['"key"', '"$key"'])
    return in_conditions or any(name.lower() == "key" for name, _ in case["fields"])


def time_of(context):
    naive = datetime.datetime.strptime(context["timestamp"], "%Y%m%dT%H%M%SZ")
    return naive.replace(tzinfo=datetime.timezone.utc)


if __name__ == "__main__":
    main()
