"""Fills the tokens of cases.toml, by the clients that make them for their users.

    python3 -m venv .venv
    .venv/bin/pip install --require-hashes -r requirements.txt
    .venv/bin/python generate.py            fill and rewrite the file
    .venv/bin/python generate.py --check    fail if it would change

With `--conformance` and `--compare ANSWERS` it serves a program under test, as
../generate.py does, but for MSK, of which the protocol knows nothing.

Where a client hands out the very token, its helper is called: botocore's for
RDS and Aurora DSQL, the AWS CLI's for EKS, the signer of MSK, the device SDK
of AWS IoT. For caches the AWS documentation presigns by botocore's general
signer, and so does this script; for Transcribe it does so itself. What goes
through botocore is signed in Python and by awscrt, which must agree.
"""

import argparse
import contextlib
import datetime
import sys
import tomllib
from pathlib import Path
from unittest import mock
from urllib.parse import quote, urlencode

import awscrt.auth
import awscrt.http
import botocore.session
from aws_msk_iam_sasl_signer import MSKAuthTokenProvider
from awscli.customizations.eks import get_token
from AWSIoTPythonSDK.core.protocol.connection import cores
from botocore.auth import AUTH_TYPE_MAPS, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import CredentialProvider, Credentials
from botocore.crt.auth import CRT_AUTH_TYPE_MAPS
from botocore.model import ServiceId
from botocore.signers import RequestSigner

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent))
import case_file  # noqa: E402
import conformance  # noqa: E402

CONTEXT_KEYS = ["access_key_id", "secret_access_key", "timestamp"]
INPUT_KEYS = ["name", "rule", "kind", "region", "session_token", "inputs"]
FILLED_KEYS = ["source", "token"]

# What the conformance protocol has among its inputs; the rest is in the request.
PROTOCOL_INPUTS = ["host", "port", "user", "admin", "cluster", "serverless"]
SERVICES = {
    "rds": "rds-db",
    "dsql": "dsql",
    "elasticache": "elasticache",
    "memorydb": "memorydb",
    "eks": "sts",
    "iot": "iotdevicegateway",
    "transcribe": "transcribe",
}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    conformance.add_options(parser)
    options = parser.parse_args()
    path = HERE / "cases.toml"
    text = path.read_text()
    document = tomllib.loads(text)
    conformance.serve(options, cases(document))
    for case in document["case"]:
        unknown = set(case) - set(INPUT_KEYS + FILLED_KEYS)
        if unknown:
            raise SystemExit(f"{case['name']}: unknown keys {sorted(unknown)}")
        fill(Signing(document["context"], case), case)
    filled = render(document)
    if options.check and filled != text:
        sys.exit(f"{path.name} is out of date")
    path.write_text(filled)
    print(f"{len(document['case'])} tokens")


def render(document):
    order = ["name", "rule", "source"] + INPUT_KEYS[2:] + ["token"]
    return "\n".join(
        [
            f"about = {case_file.string(document['about'])}\n",
            case_file.table("[context]", document["context"], CONTEXT_KEYS),
        ]
        + [case_file.table("[[case]]", case, order) for case in document["case"]]
    )


def cases(document):
    """Every (line, expected values)."""
    for case in document["case"]:
        if case["kind"] != "msk":
            yield line_of(document["context"], case), {"token": case["token"]}


def line_of(context, case):
    inputs = case["inputs"]
    kind = {"iot": "iot-wss", "transcribe": "transcribe-wss"}.get(case["kind"], case["kind"])
    # What is presigned is in the token: its address, and its parameters but
    # those that signing makes.
    url, parameters = conformance.normal("token", case["token"])
    host, _, path = url.removeprefix("https://").removeprefix("wss://").partition("/")
    query = [(n, v) for n, v in parameters if not n.startswith(b"X-Amz-")]
    expires = dict(parameters).get(b"X-Amz-Expires")
    headers = [["host", host]]
    if case["kind"] == "eks":
        headers.append(["x-k8s-aws-id", inputs["cluster"]])
    more = {"service": SERVICES[case["kind"]], "region": case["region"]}
    more |= {"session_token": case.get("session_token"), "expires": expires and int(expires)}
    return {
        "id": case["name"],
        "kind": kind,
        "form": "query",
        "ctx": conformance.context(context | more),
        "inputs": {k: v for k, v in inputs.items() if k in PROTOCOL_INPUTS}
        | ({"token_unsigned": True} if kind == "iot-wss" else {}),
        "req": {
            "method": "GET",
            "target": f"/{path}?{urlencode(query, quote_via=quote)}",
            "headers": headers,
            "body_hex": "",
        },
    }


def fill(signing, case):
    makers = {
        "rds": rds,
        "dsql": dsql,
        "elasticache": elasticache,
        "memorydb": memorydb,
        "msk": msk,
        "eks": eks,
        "iot": iot,
        "transcribe": transcribe,
    }
    tokens = []
    for signers in [PYTHON_SIGNERS, CRT_AUTH_TYPE_MAPS]:
        with clock(signing.now), mock.patch.dict(AUTH_TYPE_MAPS, signers):
            source, token = makers[case["kind"]](signing, **case["inputs"])
            tokens.append(token)
    if len({str(conformance.normal("token", token)) for token in tokens}) > 1:
        raise SystemExit(f"{case['name']}: the signers disagree\n{tokens}")
    case["source"], case["token"] = source, tokens[0]


# botocore signs by awscrt where that is installed, as it is here; the tokens of
# either must be the same.
PYTHON_SIGNERS = {"v4": SigV4Auth, "v4-query": SigV4QueryAuth}


@contextlib.contextmanager
def clock(now):
    with (
        mock.patch("botocore.auth.get_current_datetime", lambda **_: now),
        mock.patch("botocore.crt.auth.get_current_datetime", lambda **_: now),
    ):
        yield


class Signing:
    """The credentials, region and time of a case."""

    def __init__(self, context, case):
        self.id = context["access_key_id"]
        self.secret = context["secret_access_key"]
        self.token = case.get("session_token")
        self.region = case["region"]
        naive = datetime.datetime.strptime(context["timestamp"], "%Y%m%dT%H%M%SZ")
        self.now = naive.replace(tzinfo=datetime.timezone.utc)

    def credentials(self):
        return Credentials(self.id, self.secret, self.token)

    def client(self, service):
        return botocore.session.get_session().create_client(
            service,
            region_name=self.region,
            aws_access_key_id=self.id,
            aws_secret_access_key=self.secret,
            aws_session_token=self.token,
        )


def rds(signing, host, port, user):
    token = signing.client("rds").generate_db_auth_token(host, port, user)
    return "botocore: generate_db_auth_token", token


def dsql(signing, host, admin, expires=None):
    name = f"generate_db_connect{'_admin' if admin else ''}_auth_token"
    make = getattr(signing.client("dsql"), name)
    return f"botocore: {name}", make(host, **({"ExpiresIn": expires} if expires else {}))


def elasticache(signing, cache, user, serverless):
    query = {"Action": "connect", "User": user}
    if serverless:
        query["ResourceType"] = "ServerlessCache"
    return presigned_by_botocore(signing, "elasticache", cache, query)


def memorydb(signing, cluster, user):
    return presigned_by_botocore(
        signing, "memorydb", cluster, {"Action": "connect", "User": user}
    )


def presigned_by_botocore(signing, service, host, query):
    session = botocore.session.get_session()
    signer = RequestSigner(
        ServiceId(service),
        signing.region,
        service,
        "v4",
        signing.credentials(),
        session.get_component("event_emitter"),
    )
    url = f"http://{host}/?{urlencode(query, quote_via=quote)}"
    url = signer.generate_presigned_url(
        {"method": "GET", "url": url, "body": {}, "headers": {}, "context": {}},
        operation_name="connect",
        expires_in=900,
        region_name=signing.region,
    )
    return "botocore: RequestSigner.generate_presigned_url", url.removeprefix("http://")


def msk(signing, user_agent):
    provider = CredentialProvider()
    provider.load = signing.credentials
    name = "__get_user_agent__"
    with mock.patch.object(MSKAuthTokenProvider, name, lambda: user_agent):
        token, _ = MSKAuthTokenProvider.generate_auth_token_from_credentials_provider(
            signing.region, provider
        )
    return "aws-msk-iam-sasl-signer-python: generate_auth_token", token


def eks(signing, cluster):
    with mock.patch.object(get_token, "create_nested_client", lambda *_, **__: signing.client("sts")):
        client = get_token.STSClientFactory(None).get_sts_client(signing.region)
    return "awscli: eks get-token", get_token.TokenGenerator(client).get_token(cluster)


def iot(signing, host, expires=None):
    if expires is None:
        # The device SDK always writes 86,400; awscrt, on which its successor
        # stands, leaves the parameter out.
        return "awscrt: omit_session_token", presigned_by_awscrt(
            signing, "iotdevicegateway", host, "/mqtt", None, omit_session_token=True
        ).replace("https://", "wss://")
    assert expires == 86_400
    core = cores.SigV4Core()
    core.setIAMCredentials(signing.id, signing.secret, signing.token)
    clock = mock.Mock(utcnow=lambda: signing.now)
    with mock.patch.object(cores, "datetime", clock):
        url = core.createWebsocketEndpoint(
            host, 443, signing.region, "GET", "iotdevicegateway", "/mqtt"
        )
    # It writes the default port, which it does not sign.
    return "AWSIoTPythonSDK: createWebsocketEndpoint", url.replace(f"{host}:443", host)


def transcribe(signing, media_encoding, sample_rate, language_code=None, options=(), expires=300):
    domain = "amazonaws.com.cn" if signing.region.startswith("cn-") else "amazonaws.com"
    host = f"transcribestreaming.{signing.region}.{domain}:8443"
    query = [("language-code", language_code)] if language_code else []
    query += [("media-encoding", media_encoding), ("sample-rate", sample_rate), *options]
    target = f"/stream-transcription-websocket?{urlencode(query, quote_via=quote)}"
    signer = SigV4QueryAuth(signing.credentials(), "transcribe", signing.region, expires=expires)
    request = AWSRequest(method="GET", url=f"https://{host}{target}")
    signer.add_auth(request)
    other = presigned_by_awscrt(signing, "transcribe", host, target, expires)
    if request.url[-64:] != other[-64:]:
        raise SystemExit(f"the signers disagree\n{request.url}\n{other}")
    return "botocore: SigV4QueryAuth, awscrt", request.url.replace("https://", "wss://")


def presigned_by_awscrt(signing, service, host, target, expires, omit_session_token=False):
    headers = awscrt.http.HttpHeaders([("host", host)])
    request = awscrt.http.HttpRequest("GET", target, headers)
    config = awscrt.auth.AwsSigningConfig(
        signature_type=awscrt.auth.AwsSignatureType.HTTP_REQUEST_QUERY_PARAMS,
        credentials_provider=awscrt.auth.AwsCredentialsProvider.new_static(
            signing.id, signing.secret, signing.token
        ),
        region=signing.region,
        service=service,
        date=signing.now,
        expiration_in_seconds=expires,
        omit_session_token=omit_session_token,
    )
    awscrt.auth.aws_sign_request(request, config).result(10)
    return f"https://{host}{request.path}"


if __name__ == "__main__":
    main()
