"""Records what clients of S3 upload, and computes checksums as they do.

    python3 -m venv .venv
    .venv/bin/pip install --require-hashes -r ../requirements.txt
    .venv/bin/python generate.py              record anew and rewrite the files
    .venv/bin/python generate.py --check      fail if a client sends something else

`captured.toml` holds uploads byte by byte. The S3 client of awscrt sends them to
a socket on this machine; botocore hands its request over just before it would be
sent, to https://, where it leaves the chunks unsigned. Neither lets anyone
choose its time, so that a record is kept for as long as the client sends the
same but for time, port and signature; the signature is then computed
from what was recorded, by hashlib alone, and has to be the recorded one.

`checksums.toml` holds the sums of awscrt and of hashlib.
"""

import argparse
import base64
import hashlib
import hmac
import io
import json
import re
import socket
import sys
import threading
import tomllib
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
SECONDS_MAX = 10
# What says more of the machine than of the request, and is not signed.
UNSIGNED = ["user-agent", "amz-sdk-invocation-id"]

CAPTURED_INPUT = ["name", "rule", "client", "algorithm", "asked", "data_len", "coverage", "error"]
CAPTURED_FILLED = ["source", "method", "target", "headers", "before", "after"]
CHECKSUM_KEYS = ["name", "pattern", "len", "crc32", "crc32c", "crc64nvme", "sha1", "sha256"]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    status = 0
    for name, fill, keys in [
        ("captured.toml", fill_captured, CAPTURED_INPUT + CAPTURED_FILLED),
        ("checksums.toml", fill_checksum, CHECKSUM_KEYS),
    ]:
        path = HERE / name
        document = tomllib.loads(path.read_text())
        for case in document["case"]:
            unknown = set(case) - set(keys)
            if unknown:
                raise SystemExit(f"{case['name']}: unknown keys {unknown}")
            fill(case, document.get("context"))
        text = render(document, keys)
        if text != path.read_text():
            if options.check:
                print(f"{name} is out of date", file=sys.stderr)
                status = 1
            else:
                path.write_text(text)
    sys.exit(status)


# --- uploads --------------------------------------------------------------


def fill_captured(case, context):
    data = data_of(case["data_len"])
    record = {"awscrt": send_with_awscrt, "botocore": send_with_botocore}[case["client"]]
    target, headers, body = record(case, context, data)
    before, after = body.split(data)
    filled = {
        "source": f"{case['client']} {version(case['client'])}",
        "method": "PUT",
        "target": target,
        "headers": [pair for pair in headers if pair[0].lower() not in UNSIGNED],
        "before": before.decode(),
        "after": after.decode(),
    }
    kept = {key: case.get(key) for key in filled}
    if None in kept.values() or steady(kept) != steady(filled):
        case.update(filled)
    check_signature(case, context)


def data_of(length):
    """The data of every upload."""
    return bytes(n % 251 for n in range(length))


def steady(filled):
    """What a client sends each time: all but port, time and signature."""
    headers = []
    for name, value in filled["headers"]:
        value = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", value)
        value = re.sub(r"\d{8}T\d{6}Z", "TIME", value)
        value = re.sub(r"/\d{8}/", "/DAY/", value)
        value = re.sub(r"Signature=[0-9a-f]{64}", "Signature=SIGNATURE", value)
        headers.append([name, value])
    return filled | {"headers": headers}


def send_with_awscrt(case, context, data):
    from awscrt import auth, http, io as crt_io, s3

    with Recorder() as recorder:
        group = crt_io.EventLoopGroup(1)
        bootstrap = crt_io.ClientBootstrap(group, crt_io.DefaultHostResolver(group))
        credentials = auth.AwsCredentialsProvider.new_static(
            context["access_key_id"], context["secret_access_key"]
        )
        config = auth.AwsSigningConfig(
            algorithm=auth.AwsSigningAlgorithm.V4,
            signature_type=auth.AwsSignatureType.HTTP_REQUEST_HEADERS,
            service="s3",
            signed_body_header_type=auth.AwsSignedBodyHeaderType.X_AMZ_CONTENT_SHA_256,
            signed_body_value=case.get("asked", auth.AwsSignedBodyValue.UNSIGNED_PAYLOAD),
            region=context["region"],
            credentials_provider=credentials,
            use_double_uri_encode=False,
            should_normalize_uri_path=False,
        )
        client = s3.S3Client(
            bootstrap=bootstrap,
            region=context["region"],
            tls_mode=s3.S3RequestTlsMode.DISABLED,
            signing_config=config,
        )
        headers = [
            ("Host", f"127.0.0.1:{recorder.port}"),
            ("Content-Length", str(len(data))),
        ]
        request = http.HttpRequest(
            "PUT", "/examplebucket/film", http.HttpHeaders(headers), io.BytesIO(data)
        )
        algorithm = s3.S3ChecksumAlgorithm[case["algorithm"]]
        meta_request = client.make_request(
            type=s3.S3RequestType.PUT_OBJECT,
            request=request,
            signing_config=config,
            checksum_config=s3.S3ChecksumConfig(algorithm, s3.S3ChecksumLocation.TRAILER),
        )
        meta_request.finished_future.result(SECONDS_MAX)
        return recorder.recorded()


def send_with_botocore(case, context, data):
    """botocore's request as it stands when it would be sent."""
    from botocore.awsrequest import AWSResponse
    from botocore.config import Config
    from botocore.session import Session

    recorded = []

    def record(request, **_):
        body = request.body.read()
        pairs = [[text(name), text(value)] for name, value in request.headers.items()]
        host = request.url.split("/")[2]
        if not any(name.lower() == "host" for name, _ in pairs):
            pairs.insert(0, ["Host", host])
        recorded.append((pairs, "/" + request.url.split("/", 3)[3], body))
        return AWSResponse(request.url, 200, {}, Nothing())

    config = Config(signature_version="s3v4", s3={"addressing_style": "path"})
    client = Session().create_client(
        "s3",
        region_name=context["region"],
        aws_access_key_id=context["access_key_id"],
        aws_secret_access_key=context["secret_access_key"],
        config=config,
    )
    client.meta.events.register("before-send.s3.PutObject", record)
    client.put_object(
        Bucket="examplebucket",
        Key="film",
        Body=io.BytesIO(data),
        ChecksumAlgorithm=case["algorithm"],
    )
    [(headers, target, body)] = recorded
    return target, headers, body


class Nothing:
    """The body of an answer that never came."""

    def stream(self):
        return iter(())


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


class Recorder:
    """A socket that takes one request and answers that all is well."""

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(SECONDS_MAX)
        self.port = self.listener.getsockname()[1]
        self.request = None
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.thread.join()
        self.listener.close()

    def serve(self):
        connection, _ = self.listener.accept()
        with connection:
            connection.settimeout(SECONDS_MAX)
            received = b""
            while b"\r\n\r\n" not in received:
                received += connection.recv(65536)
            head, body = received.split(b"\r\n\r\n", 1)
            length = int(re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)[1])
            while len(body) < length:
                body += connection.recv(65536)
            self.request = head.decode(), body
            connection.sendall(b"HTTP/1.1 200 OK\r\nETag: \"film\"\r\nContent-Length: 0\r\n\r\n")

    def recorded(self):
        self.thread.join()
        head, body = self.request
        line, *lines = head.split("\r\n")
        method, target, _ = line.split(" ")
        assert method == "PUT"
        return target, [line.split(": ", 1) for line in lines], body


def check_signature(case, context):
    """That the recorded signature is the request's: the one thing that is not
    made anew."""
    headers = {name.lower(): value.strip() for name, value in case["headers"]}
    found = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=[^/]+/(.+), SignedHeaders=(.+), Signature=(.+)",
        headers["authorization"],
    )
    scope, signed, signature = found.groups()
    lines = ["PUT", case["target"], ""]
    lines += [f"{name}:{headers[name]}" for name in signed.split(";")]
    lines += ["", signed, headers["x-amz-content-sha256"]]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    string_to_sign = "\n".join(["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, digest])
    key = b"AWS4" + context["secret_access_key"].encode()
    for part in [*scope.split("/"), string_to_sign]:
        key = hmac.digest(key, part.encode(), "sha256")
    if key.hex() != signature:
        raise SystemExit(f"{case['name']}: the recorded signature is not the request's")


# --- checksums ------------------------------------------------------------


def fill_checksum(case, _):
    from awscrt import checksums

    pattern = case["pattern"].encode()
    data = (pattern * (case["len"] // len(pattern) + 1))[: case["len"]]
    sums = {
        "crc32": checksums.crc32(data).to_bytes(4, "big"),
        "crc32c": checksums.crc32c(data).to_bytes(4, "big"),
        "crc64nvme": checksums.crc64nvme(data).to_bytes(8, "big"),
        "sha1": hashlib.sha1(data).digest(),
        "sha256": hashlib.sha256(data).digest(),
    }
    case.update({name: base64.b64encode(value).decode() for name, value in sums.items()})


# --- writing --------------------------------------------------------------


def render(document, keys):
    lines = [f"about = {value(document['about'])}"]
    if "context" in document:
        lines += ["", "[context]"]
        lines += [f"{key} = {value(item)}" for key, item in document["context"].items()]
    for case in document["case"]:
        lines += ["", "[[case]]"]
        lines += [f"{key} = {value(case[key])}" for key in keys if key in case]
    return "\n".join(lines) + "\n"


def value(item):
    """A value in the dialect of the files: a list has a line for each item."""
    if isinstance(item, list):
        return "[\n" + "".join(f"    {json.dumps(inner)},\n" for inner in item) + "]"
    return json.dumps(item, ensure_ascii=False)


if __name__ == "__main__":
    main()
