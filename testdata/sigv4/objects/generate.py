"""Fills in presigned URLs of objects, from the client of botocore.

    python3 -m venv ../.venv
    ../.venv/bin/pip install --require-hashes -r ../requirements.txt
    ../.venv/bin/python generate.py            fill and rewrite the file
    ../.venv/bin/python generate.py --check    fail if it would change

A case is what an application knows: an operation, a bucket, a key, parameters and
headers by the names they have on the wire. Its client makes a URL of that
(`generate_presigned_url`) and has it signed twice, by botocore's own signer and by
awscrt, which must agree. Where `sigv4` writes another address than botocore does, for
the same host and path, a case says which (`address`) and why (`differs`); a case that
says so without need is refused.
"""

import argparse
import contextlib
import datetime
import functools
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path
from unittest import mock
from urllib.parse import parse_qsl

import botocore.session
from botocore.auth import AUTH_TYPE_MAPS, S3SigV4QueryAuth
from botocore.config import Config
from botocore.crt.auth import CRT_AUTH_TYPE_MAPS

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent))
import case_file  # noqa: E402

CONTEXT_KEYS = ["access_key_id", "secret_access_key", "timestamp"]
INPUT_KEYS = [
    "name",
    "rule",
    "differs",
    "address",
    "style",
    "endpoint",
    "region",
    "session_token",
    "operation",
    "bucket",
    "key",
    "upload_id",
    "part_number",
    "parameters",
    "headers",
    "expires",
]
FILLED_KEYS = ["source", "url"]

# How botocore is told where the bucket's name goes. Left alone, it presigns for a host without
# a region; told to put names before the host, it leaves those in the path that cannot stand there.
STYLES = {"aws": "virtual", "virtual": "virtual", "path": "path"}
SIGNERS = [{"s3v4-query": S3SigV4QueryAuth}, CRT_AUTH_TYPE_MAPS]
SOURCE = f"botocore {version('botocore')}, awscrt {version('awscrt')}"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    path = HERE / "cases.toml"
    text = path.read_text()
    document = tomllib.loads(text)
    for case in document["case"]:
        unknown = set(case) - set(INPUT_KEYS + FILLED_KEYS)
        if unknown:
            raise SystemExit(f"{case['name']}: unknown keys {sorted(unknown)}")
        fill(document["context"], case)
    filled = render(document)
    if options.check and filled != text:
        sys.exit(f"{path.name} is out of date")
    path.write_text(filled)
    print(f"{len(document['case'])} presigned URLs")


def render(document):
    order = ["name", "rule", "source"] + INPUT_KEYS[2:] + ["url"]
    return "\n".join(
        [
            f"about = {case_file.string(document['about'])}\n",
            case_file.table("[context]", document["context"], CONTEXT_KEYS),
        ]
        + [case_file.table("[[case]]", case, order) for case in document["case"]]
    )


def fill(context, case):
    client = client_of(
        context["access_key_id"],
        context["secret_access_key"],
        case.get("session_token"),
        case["region"],
        case.get("endpoint"),
        STYLES[case["style"]],
    )
    urls = []
    for signers in SIGNERS:
        with clock(context), mock.patch.dict(AUTH_TYPE_MAPS, signers):
            urls.append(presigned(client, case))
    if parts(urls[0]) != parts(urls[1]):
        raise SystemExit(f"{case['name']}: the signers disagree\n{urls}")
    case["source"], case["url"] = SOURCE, urls[0]
    address, _, _ = urls[0].partition("?")
    if ("differs" in case) != ("address" in case) or case.get("address") == address:
        raise SystemExit(f"{case['name']}: `address` and `differs` name no difference")


def parts(url):
    """The order of parameters is free."""
    address, _, query = url.partition("?")
    return address, sorted(parse_qsl(query, keep_blank_values=True, strict_parsing=True))


@contextlib.contextmanager
def clock(context):
    naive = datetime.datetime.strptime(context["timestamp"], "%Y%m%dT%H%M%SZ")
    now = naive.replace(tzinfo=datetime.timezone.utc)
    with (
        mock.patch("botocore.auth.get_current_datetime", lambda **_: now),
        mock.patch("botocore.crt.auth.get_current_datetime", lambda **_: now),
    ):
        yield


def presigned(client, case):
    return client.generate_presigned_url(
        case["operation"], Params=parameters_of(client, case), ExpiresIn=case["expires"]
    )


# A client takes longer to be made than to presign.
@functools.cache
def client_of(access_key_id, secret_access_key, session_token, region, endpoint, style):
    return botocore.session.get_session().create_client(
        "s3",
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id=access_key_id,
        aws_secret_access_key=secret_access_key,
        aws_session_token=session_token,
        config=Config(
            signature_version="s3v4",
            # Otherwise us-east-1 alone has a host without its region.
            s3={"addressing_style": style, "us_east_1_regional_endpoint": "regional"},
        ),
    )


def parameters_of(client, case):
    """What the operation is called with, from what goes over the wire."""
    name = client.meta.method_to_api_mapping[case["operation"]]
    members = client.meta.service_model.operation_model(name).input_shape.members
    places = {
        (shape.serialization.get("location"), shape.serialization.get("name")): (member, shape)
        for member, shape in members.items()
    }
    given = {
        ("uri", "Bucket"): case["bucket"],
        ("uri", "Key"): case.get("key"),
        ("querystring", "uploadId"): case.get("upload_id"),
        ("querystring", "partNumber"): case.get("part_number"),
    }
    given |= {("querystring", name): value for name, value in case.get("parameters", [])}
    given |= {("header", name): value for name, value in case.get("headers", [])}
    called = {}
    for place, value in given.items():
        if value is not None:
            member, shape = places[place]
            called[member] = READ[shape.type_name](value)
    return called


# Values of parameters and headers are written as on the wire.
READ = {"string": str, "integer": int, "boolean": {"true": True, "false": False}.__getitem__}


if __name__ == "__main__":
    main()
