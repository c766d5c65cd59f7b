"""Signs a case with botocore, awscrt or requests-aws4auth.

Each function takes a case of `cases.py` and returns the request as it would go
on the wire: `{"method", "target", "headers", "body_hex"}`.
"""

import datetime
import io
from urllib.parse import urlsplit

import awscrt.auth
import awscrt.http
import botocore.auth
import requests
from awscrt.auth import AwsSignatureType, AwsSignedBodyHeaderType
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from requests_aws4auth import AWS4Auth

# By (form, S3 or not).
BOTOCORE_SIGNERS = {
    ("header", False): botocore.auth.SigV4Auth,
    ("header", True): botocore.auth.S3SigV4Auth,
    ("query", False): botocore.auth.SigV4QueryAuth,
    ("query", True): botocore.auth.S3SigV4QueryAuth,
}


def sign_with_botocore(case):
    ctx, req = case["ctx"], case["req"]
    host = dict(req["headers"])["Host"]
    # Over https only: over http botocore hashes every body.
    request = AWSRequest(req["method"], f"https://{host}{req['target']}", data=bytes.fromhex(req["body_hex"]))
    for name, value in req["headers"]:
        request.headers.add_header(name, value)
    if ctx["payload"] == "UNSIGNED-PAYLOAD" and case["form"] == "header":
        request.context["client_config"] = Config(s3={"payload_signing_enabled": False})
    elif ctx["sign_body"] and not ctx["s3"]:
        digest = botocore.auth.SigV4Auth(None, None, None).payload(request)
        request.headers.add_header("X-Amz-Content-SHA256", digest)

    credentials = Credentials(ctx["access_key_id"], ctx["secret_access_key"], ctx["session_token"])
    signer = BOTOCORE_SIGNERS[case["form"], ctx["s3"]]
    expiry = {"expires": ctx["expires"]} if case["form"] == "query" else {}
    now = datetime.datetime.fromtimestamp(ctx["epoch"], datetime.timezone.utc)
    # botocore's signers take the time from this one function.
    botocore.auth.get_current_datetime = lambda **_: now
    signer(credentials, ctx["service"], ctx["region"], **expiry).add_auth(request)

    parts = urlsplit(request.url)
    return {
        "method": request.method,
        "target": parts.path + ("?" + parts.query if parts.query else ""),
        "headers": [[name, str(value)] for name, value in request.headers.items()],
        "body_hex": req["body_hex"],
    }


def sign_with_awscrt(case):
    ctx, req = case["ctx"], case["req"]
    request = awscrt.http.HttpRequest(req["method"], req["target"], awscrt.http.HttpHeaders())
    for name, value in req["headers"]:
        request.headers.add(name, value)
    if req["body_hex"]:
        request.body_stream = io.BytesIO(bytes.fromhex(req["body_hex"]))

    in_query = case["form"] == "query"
    config = awscrt.auth.AwsSigningConfig(
        signature_type=AwsSignatureType.HTTP_REQUEST_QUERY_PARAMS
        if in_query
        else AwsSignatureType.HTTP_REQUEST_HEADERS,
        credentials_provider=awscrt.auth.AwsCredentialsProvider.new_static(
            ctx["access_key_id"], ctx["secret_access_key"], ctx["session_token"]
        ),
        region=ctx["region"],
        service=ctx["service"],
        date=datetime.datetime.fromtimestamp(ctx["epoch"], datetime.timezone.utc),
        use_double_uri_encode=ctx["double_encode"],
        should_normalize_uri_path=ctx["normalize"],
        signed_body_value=None if ctx["payload"] == "sha256" else ctx["payload"],
        signed_body_header_type=AwsSignedBodyHeaderType.X_AMZ_CONTENT_SHA_256
        if ctx["sign_body"]
        else AwsSignedBodyHeaderType.NONE,
        expiration_in_seconds=ctx["expires"],
    )
    signed = awscrt.auth.aws_sign_request(request, config).result(timeout=10)
    return {
        "method": signed.method,
        "target": signed.path,
        "headers": [[name, value] for name, value in signed.headers],
        "body_hex": req["body_hex"],
    }


def sign_with_requests(case):
    """In header form and with the body's hash alone, as requests-aws4auth does."""
    ctx, req = case["ctx"], case["req"]
    headers = dict(req["headers"])
    host = headers.pop("Host")
    request = requests.Request(req["method"], f"https://{host}{req['target']}", headers=headers).prepare()
    request.headers["x-amz-date"] = ctx["timestamp"]
    AWS4Auth(
        ctx["access_key_id"],
        ctx["secret_access_key"],
        ctx["region"],
        ctx["service"],
        session_token=ctx["session_token"],
    )(request)
    return {
        "method": request.method,
        "target": request.path_url,
        "headers": [["host", host], *([name, str(value)] for name, value in request.headers.items())],
        "body_hex": req["body_hex"],
    }


SIGNERS = {"botocore": sign_with_botocore, "awscrt": sign_with_awscrt, "requests": sign_with_requests}
