"""The two signers that the expected values come from: botocore and awscrt.

Both answer a `Signed` per case, or the exception that kept them from it.
botocore is Python and hands out every stage. awscrt wraps the C library
aws-c-auth, which hands out the signed request only; its canonical request and
string to sign are read from its own log, and checked through the hashes that
chain the stages together.
"""

import datetime
import hashlib
import hmac
import io
import pickle
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from unittest import mock
from urllib.parse import unquote

import case_file

# What intermediaries may change and a signer therefore leaves out. botocore
# has the list built in but for the sec-websocket names; awscrt has part of it
# and takes a predicate for the rest.
SKIPPED_HEADERS = {
    "authorization",
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "sec-websocket-accept",
    "sec-websocket-extensions",
    "sec-websocket-key",
    "sec-websocket-protocol",
    "sec-websocket-version",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
}

ORDINARY_TOKEN_NAME = "x-amz-security-token"


@dataclass
class Signed:
    """What one signer made of one case."""

    canonical_request: bytes
    string_to_sign: str
    signature: str
    authorization: str | None = None
    signed_target: str | None = None
    headers: list | None = None

    def stages(self):
        """The values that two signers must agree on.

        The order of parameters in a presigned target is free, so the target
        itself is not among them: the canonical request holds its content.
        """
        return (
            self.canonical_request,
            self.string_to_sign,
            self.signature,
            self.authorization,
        )


# --- botocore -------------------------------------------------------------


def sign_with_botocore(case, context, query_as_params=False):
    """Signs with botocore.

    In header form botocore copies the query of a URL unchanged into the
    canonical request, while parameters that are handed over apart are
    encoded. `query_as_params` hands them over decoded.
    """
    try:
        return _sign_with_botocore(case, context, query_as_params)
    except Exception as error:  # the reason is reported, never swallowed
        return error


def _sign_with_botocore(case, context, query_as_params):
    from botocore.awsrequest import AWSRequest

    body = case_file.body_of(case)
    request = AWSRequest(
        method=case["method"],
        url="https://botocore.invalid" + case_file.target_of(case).decode(),
        data=body if case["form"] == "header" else None,
    )
    for name, value in case_file.headers_of(case):
        request.headers.add_header(name, value.decode())
    if query_as_params:
        request.url, _, query = request.url.partition("?")
        request.params = _decoded_pairs(query)
    if context["sign_body"]:
        request.headers["X-Amz-Content-SHA256"] = _payload_line(context, body)

    signer = _botocore_signer(context, case["form"], body)
    now = _datetime(context)
    with mock.patch("botocore.auth.get_current_datetime", lambda *_: now):
        signer.add_auth(request)
    return _botocore_stages(signer, request, case["form"])


def _botocore_signer(context, form, body):
    """botocore's signer, with its steps switched as the case asks.

    botocore chooses normalising and encoding together, by service. The cases
    switch them apart, so the override composes botocore's own two steps.
    """
    from botocore import auth
    from botocore.compat import quote
    from botocore.credentials import Credentials
    from botocore.utils import normalize_url_path

    base = auth.SigV4Auth if form == "header" else auth.SigV4QueryAuth
    options = {}
    if is_express(context):
        base = auth.S3ExpressAuth if form == "header" else auth.S3ExpressQueryAuth
        # Where botocore would get sessions from; these are given.
        options["identity_cache"] = None

    class Signer(base):
        def _normalize_url_path(self, path):
            if context["normalize"]:
                path = normalize_url_path(path)
            if context["double_encode"]:
                path = quote(path, safe="/~")
            return path

        def payload(self, request):
            return _payload_line(context, body)

        def string_to_sign(self, request, canonical_request):
            request.context["canonical_request"] = canonical_request
            text = super().string_to_sign(request, canonical_request)
            request.context["string_to_sign"] = text
            return text

    # The unsigned token is added after signing: to the signer there is none.
    token = None if context["omit_session_token"] else context.get("session_token")
    credentials = Credentials(
        context["access_key_id"], context["secret_access_key"], token or None
    )
    if form == "query":
        if "expires" not in context:
            raise ValueError("always writes X-Amz-Expires")
        options["expires"] = context["expires"]
    return Signer(credentials, context["service"], context["region"], **options)


def _botocore_stages(signer, request, form):
    canonical_request = request.context["canonical_request"].encode()
    string_to_sign = request.context["string_to_sign"]
    signature = signer.signature(string_to_sign, request)
    signed = Signed(canonical_request, string_to_sign, signature)
    if form == "header":
        signed.authorization = request.headers["Authorization"]
    else:
        signed.signed_target = request.url.removeprefix("https://botocore.invalid")
    return signed


def _decoded_pairs(query):
    pairs = [piece.partition("=") for piece in query.split("&") if piece]
    return [
        (unquote(name, errors="strict"), unquote(value, errors="strict"))
        for name, _, value in pairs
    ]


# --- awscrt ---------------------------------------------------------------


def sign_with_awscrt(jobs):
    """Signs all (case, context) jobs in one child process.

    aws-c-auth writes its log when the process ends, so one process signs all
    the cases and this one reads the log afterwards.
    """
    with tempfile.TemporaryDirectory() as directory:
        log = f"{directory}/log"
        child = subprocess.run(
            [sys.executable, __file__, log],
            input=pickle.dumps(jobs),
            stdout=subprocess.PIPE,
            check=True,
        )
        results = pickle.loads(child.stdout)
        with open(log, "rb") as file:
            text = file.read()
    stages = iter(zip(_logged(text, b"canonical request"), _logged(text, b"string-to-sign")))
    return [
        _awscrt_stages(case, context, result, stages)
        for (case, context), result in zip(jobs, results, strict=True)
    ]


def _logged(log, what):
    pattern = rb"successfully built " + what + rb"[^\n]* with contents \n(.*?)\n\n\[[A-Z]+\] \["
    return re.findall(pattern, log, re.DOTALL)


def _awscrt_stages(case, context, result, stages):
    if isinstance(result, str):
        return RuntimeError(result)
    canonical_request, string_to_sign = next(stages)
    target, headers = result
    signed = Signed(canonical_request, string_to_sign.decode(), "", headers=headers)
    if case["form"] == "header":
        signed.authorization = dict(headers)["Authorization"].decode()
        signed.signature = signed.authorization.rpartition("Signature=")[2]
    else:
        signed.signed_target = target
        signed.signature = target.rpartition("X-Amz-Signature=")[2]
    _check_chain(case, context, signed)
    return signed


def _check_chain(case, context, signed):
    """Refuses log lines that do not belong to the signature."""
    digest = hashlib.sha256(signed.canonical_request).hexdigest()
    if context.get("asymmetric"):
        # Whoever has the public key checks the rest.
        if not signed.string_to_sign.endswith(digest):
            raise SystemExit(f"{case['name']}: awscrt's log does not fit its signature")
        return
    key = derived_keys(context)[-1]
    signature = hmac.digest(key, signed.string_to_sign.encode(), "sha256").hex()
    if not signed.string_to_sign.endswith(digest) or signature != signed.signature:
        raise SystemExit(f"{case['name']}: awscrt's log does not fit its signature")


def _sign_jobs(log):
    """The child process: reads jobs, signs, writes results."""
    import awscrt.io

    awscrt.io.init_logging(awscrt.io.LogLevel.Info, log)
    jobs = pickle.load(sys.stdin.buffer)
    pickle.dump([_sign_one(case, context) for case, context in jobs], sys.stdout.buffer)


def _sign_one(case, context):
    import _awscrt
    from awscrt import auth, http

    # awscrt's Python layer insists on `str`; the layer below takes bytes.
    headers = http.HttpHeaders()
    for name, value in case_file.headers_of(case):
        _awscrt.http_headers_add(headers._binding, name, value)
    body = io.BytesIO(case_file.body_of(case))
    request = http.HttpRequest(case["method"], "/", headers, body)
    _awscrt.http_message_set_request_path(request._binding, case_file.target_of(case))
    try:
        auth.aws_sign_request(request, _awscrt_config(case, context)).result(10)
    except Exception as error:
        return str(error)
    return (
        request.path if case["form"] == "query" else None,
        _printable_headers(headers),
    )


def _printable_headers(headers):
    """The headers, or those added by the signer if others are not UTF-8."""
    names = [
        "X-Amz-Date",
        "X-Amz-Region-Set",
        "X-Amz-Security-Token",
        "x-amz-s3session-token",
        "x-amz-content-sha256",
        "Authorization",
    ]
    try:
        return [(name, value.encode()) for name, value in headers]
    except UnicodeDecodeError:
        return [(n, headers.get(n).encode()) for n in names if headers.get(n)]


def _awscrt_config(case, context):
    from awscrt import auth

    query = case["form"] == "query"
    kind, body_header = auth.AwsSignatureType, auth.AwsSignedBodyHeaderType
    return auth.AwsSigningConfig(
        algorithm=_awscrt_algorithm(context),
        signature_type=kind.HTTP_REQUEST_QUERY_PARAMS if query else kind.HTTP_REQUEST_HEADERS,
        credentials_provider=auth.AwsCredentialsProvider.new_static(
            context["access_key_id"],
            context["secret_access_key"],
            context.get("session_token"),
        ),
        region=context["region"],
        service=context["service"],
        date=_datetime(context),
        should_sign_header=lambda name: name.lower() not in SKIPPED_HEADERS,
        use_double_uri_encode=context["double_encode"],
        should_normalize_uri_path=context["normalize"],
        signed_body_value=None if context["payload"] == "sha256" else context["payload"],
        signed_body_header_type=(
            body_header.X_AMZ_CONTENT_SHA_256 if context["sign_body"] else body_header.NONE
        ),
        expiration_in_seconds=context.get("expires"),
        omit_session_token=context["omit_session_token"],
    )


def _awscrt_algorithm(context):
    from awscrt.auth import AwsSigningAlgorithm

    if context.get("asymmetric"):
        return AwsSigningAlgorithm.V4_ASYMMETRIC
    return AwsSigningAlgorithm.V4_S3EXPRESS if is_express(context) else AwsSigningAlgorithm.V4


# --- both -----------------------------------------------------------------


def is_express(context):
    """Whether the credentials are those of a session of S3 Express."""
    return context.get("session_token_name", ORDINARY_TOKEN_NAME) != ORDINARY_TOKEN_NAME


def derived_keys(context):
    """The four keys of the derivation: date, region, service, signing."""
    keys = [b"AWS4" + context["secret_access_key"].encode()]
    steps = [context["timestamp"][:8], context["region"], context["service"], "aws4_request"]
    for step in steps:
        keys.append(hmac.digest(keys[-1], step.encode(), "sha256"))
    return keys[1:]


def _payload_line(context, body):
    if context["payload"] == "sha256":
        return hashlib.sha256(body).hexdigest()
    return context["payload"]


def _datetime(context):
    naive = datetime.datetime.strptime(context["timestamp"], "%Y%m%dT%H%M%SZ")
    return naive.replace(tzinfo=datetime.timezone.utc)


if __name__ == "__main__":
    _sign_jobs(sys.argv[1])
