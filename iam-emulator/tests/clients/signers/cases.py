"""The requests that every signer is asked to sign.

Deterministic: a fixed seed and a few picked by hand. They stay within what
the signers agree on; where one of them differs on an input (each time it is
said why), the case does not name it among its `signers`.

A case has the form of the conformance line protocol (kind `sigv4`), with two
lists besides: the `signers` whose requests are right, and those whose requests
are `refused`, since they sign another target than services read. `is_ambiguous`
is a target that can be read in two ways, which sigv4 reads but does not sign.
"""

import calendar
import json
import random
import string
import time
from urllib.parse import quote

SEED = 20150830
RANDOM_CASES_PER_FAMILY = 80
SIGNERS = ("botocore", "awscrt", "smithy", "aws4")
# Signers that do with S3's paths what S3 does, or encode the key that they are given.
S3_SIGNERS = ("aws4", "aws4fetch", "minio", "requests")
ALL_SIGNERS = (*SIGNERS, "aws4fetch", "minio", "requests")

UNRESERVED = string.ascii_letters + string.digits + "-._~"
RESERVED = " !\"#$%&'()*+,:;<=>?@[]^`{|}"
WIDE = "é\u1234\u65e5\U0001f980"

REGIONS = ("us-east-1", "eu-west-3", "cn-north-1", "us-gov-west-1", "auto")
SERVICES = ("iam", "sts", "dynamodb", "execute-api", "sqs", "lambda")
HOSTS = ("iam.amazonaws.com", "example.com:8443", "[::1]:4566", "localhost:4566", "a-b.example.org")
S3_HOSTS = ("examplebucket.s3.amazonaws.com", "s3.eu-west-3.amazonaws.com", "127.0.0.1:9000")
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH")


def all_cases():
    """Every case, each with an id of its own."""
    return [*random_cases(), *picked_cases(), *spelled_cases(), *picked_spellings()]


def random_cases():
    rng = random.Random(SEED)
    for number in range(RANDOM_CASES_PER_FAMILY):
        for form in ("header", "query"):
            for s3 in (False, True):
                yield random_case(rng, f"{'s3' if s3 else 'service'}-{form}-{number}", form, s3)


def random_case(rng, case_id, form, s3):
    signers = set(SIGNERS)
    path = random_path(rng)
    pairs = query_pairs(rng)
    # Presigning, botocore keeps only the first value of a repeated name; for
    # S3, aws4 does so in both forms.
    if len({name for name, _ in pairs}) < len(pairs):
        signers -= {"botocore"} if form == "query" else set()
        signers -= {"aws4"} if s3 else set()
    body = b"" if form == "query" else random_body(rng)
    headers = random_headers(rng, body)
    # smithy and aws4 take one value per name.
    if len({name.lower() for name, _ in headers}) < len(headers):
        signers -= {"smithy", "aws4"}
    return case(
        case_id,
        form,
        s3,
        signers,
        ctx=random_context(rng, form, s3),
        method="GET" if form == "query" else rng.choice(METHODS),
        target=path + ("?" + "&".join(written(pair) for pair in pairs) if pairs else ""),
        headers=[["Host", rng.choice(S3_HOSTS if s3 else HOSTS)], *headers],
        body=body,
    )


def case(case_id, form, s3, signers, ctx, method, target, headers, body=b"", refused=(), is_ambiguous=False):
    return {
        "id": case_id,
        "kind": "sigv4",
        "form": form,
        "signers": sorted(signers),
        "refused": sorted(refused),
        "is_ambiguous": is_ambiguous,
        "ctx": {**ctx, "normalize": not s3, "double_encode": not s3, "s3": s3},
        "req": {"method": method, "target": target, "headers": headers, "body_hex": body.hex()},
    }


def random_context(rng, form, s3):
    epoch = rng.randrange(calendar.timegm((2000, 1, 1, 0, 0, 0)), calendar.timegm((2038, 1, 1, 0, 0, 0)))
    unsigned = s3 and (form == "query" or rng.random() < 0.4)
    return context(
        epoch,
        access_key_id="AKIA" + text(rng, string.ascii_uppercase + "234567", 16),
        secret_access_key=text(rng, string.ascii_letters + string.digits + "+/", rng.choice((1, 40, 40, 60, 61, 128))),
        session_token=text(rng, string.ascii_letters + string.digits + "+/=", rng.randrange(1, 900))
        if rng.random() < 0.4
        else None,
        region=rng.choice(REGIONS),
        service="s3" if s3 else rng.choice(SERVICES),
        sign_body=form == "header" and (s3 or rng.random() < 0.3),
        payload="UNSIGNED-PAYLOAD" if unsigned else "sha256",
        expires=rng.choice((1, 60, 900, 86_400, 604_800)) if form == "query" else None,
    )


def context(epoch, **given):
    return {
        "access_key_id": "AKIDEXAMPLE",
        "secret_access_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        "session_token": None,
        "region": "us-east-1",
        "service": "service",
        "timestamp": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(epoch)),
        "epoch": epoch,
        "sign_body": False,
        "payload": "sha256",
        "omit_session_token": False,
        "expires": None,
        **given,
    }


def random_path(rng):
    """Dot and empty segments among ordinary ones. Never a leading `//`, which URL parsers take for
    a host, nor an encoded slash, which aws4 decodes for S3.
    """
    segments = (
        rng.choice(("", ".", "..")) if rng.random() < 0.2 else encoded(word(rng)) for _ in range(rng.randrange(5))
    )
    return "/" + "/".join(segments).lstrip("/")


def query_pairs(rng):
    """Names that are prefixes of each other, repeated names, empty and absent values."""
    pairs = []
    for _ in range(rng.choice((0, 1, 2, 3, 6))):
        name = rng.choice(("a", "a-", "a b", "A", "é")) if rng.random() < 0.4 else word(rng) or "x"
        value = rng.choice((None, "", "1", "10", "2")) if rng.random() < 0.4 else word(rng) + rng.choice(("", "/", "+"))
        pairs.append((name, value))
    return pairs


def written(pair):
    name, value = pair
    return encoded(name) if value is None else f"{encoded(name)}={encoded(value)}"


def random_headers(rng, body):
    """Headers that all four sign, in any order and case, and three that none of them signs."""
    pool = [
        ["content-type", rng.choice(("application/json", "text/plain;  charset=utf-8"))],
        ["Accept-Encoding", "gzip,  deflate"],
        ["X-Amz-Target", "DynamoDB_20120810.GetItem"],
        ["X-AMZ-META-" + text(rng, string.ascii_letters, 5), "  inner   spaces  "],
        ["x_custom", '"quoted   value"'],
        ["My-Header", "é \u1234"],
        ["Empty", ""],
        ["If-Match", '"etag"'],
        ["Cookie", "a=b; c=d"],
        ["User-Agent", "client/1.0"],
        ["X-Amzn-Trace-Id", "Root=1-63441c4a-abcdef012345678912345678"],
        ["Expect", "100-continue"],
    ]
    headers = rng.sample(pool, rng.randrange(6))
    if body:
        headers.append(["Content-Length", str(len(body))])
    if rng.random() < 0.15:
        headers += [["Repeated", " second "], ["repeated", "first"]]
    return headers


def random_body(rng):
    return rng.choice(
        (
            b"",
            b"Action=ListUsers&Version=2010-05-08",
            json.dumps({"Key": {"id": {"S": "é" * rng.randrange(200)}}}).encode(),
            rng.randbytes(rng.randrange(1, 300)),
        )
    )


def word(rng):
    alphabet = rng.choice((UNRESERVED, UNRESERVED, UNRESERVED + RESERVED, UNRESERVED + WIDE))
    return text(rng, alphabet, rng.randrange(1, 12))


def text(rng, alphabet, length):
    return "".join(rng.choice(alphabet) for _ in range(length))


def encoded(value):
    return quote(value, safe="-._~")


def picked_cases():
    """The corners that random cases seldom meet."""
    header, query = ("header", False), ("query", False)
    s3_header = {"service": "s3", "sign_body": True}
    s3_query = {"service": "s3", "payload": "UNSIGNED-PAYLOAD", "expires": 604_800}
    host = ["Host", "example.amazonaws.com"]
    rows = [
        # id, (form, s3), context, target; signed by all unless excluded below
        ("root-path", header, {}, "/"),
        ("root-path-presigned", query, {"expires": 1}, "/"),
        ("dots-above-the-root", header, {}, "/../../a/./b/"),
        ("trailing-dot", header, {}, "/a/."),
        ("trailing-dots", header, {}, "/a/b/.."),
        ("encoded-dots-are-a-name", header, {}, "/a/%2E%2E/b"),
        ("encoded-slash-is-no-separator", header, {}, "/a%2Fb"),
        ("names-that-are-prefixes", header, {}, "/?a=2&a%20=4&a-=1&a=1"),
        ("values-sorted-as-bytes", header, {}, "/?n=2&n=10&n=1"),
        ("encoded-order", header, {}, "/?z=1&%7C=2&%E1%88%B4=3&Z=4"),
        ("subresource", ("header", True), s3_header, "/?lifecycle"),
        ("subresource-presigned", ("query", True), s3_query, "/?acl"),
        ("s3-key-with-dots", ("header", True), s3_header, "/a/../b//c/./d"),
        ("s3-key-of-marks", ("header", True), s3_header, "/%21%27%28%29%2A~-_."),
        (
            "s3-key-presigned",
            ("query", True),
            s3_query,
            "/photos/2026/%E6%97%A5%E6%9C%AC.jpg?response-content-type=image%2Fjpeg",
        ),
        ("last-second-of-a-leap-day", header, {"epoch": calendar.timegm((2024, 2, 29, 23, 59, 59))}, "/"),
        ("first-second-of-a-year", query, {"epoch": calendar.timegm((2027, 1, 1, 0, 0, 0)), "expires": 900}, "/"),
        # botocore passes a query through as it stands, the others decode it and encode it again.
        ("query-encoded-otherwise", header, {}, "/?lower=%e1%88%b4&letter=%41&colon=x:y&equals=a=b=c"),
        ("empty-pieces", header, {}, "/?&&a=1&&b=2&"),
    ]
    excluded = {"query-encoded-otherwise": {"botocore"}, "empty-pieces": {"botocore"}}
    for case_id, (form, s3), given, target in rows:
        ctx = context(**{"epoch": calendar.timegm((2015, 8, 30, 12, 36, 0)), **given})
        signers = set(SIGNERS) - excluded.get(case_id, set())
        yield case(case_id, form, s3, signers, ctx, "GET", target, [host])


def spelled_cases():
    """Keys of S3 of which every character is written raw or escaped, in either case."""
    rng = random.Random(SEED)
    for number in range(RANDOM_CASES_PER_FAMILY):
        for form in ("header", "query"):
            path = "/bucket/" + "/".join(spelled(rng, word(rng).lstrip(".") + "x") for _ in range(rng.randrange(1, 4)))
            ctx = random_context(rng, form, s3=True)
            host = ["Host", rng.choice(S3_HOSTS)]
            signers = set(S3_SIGNERS)
            # requests-aws4auth signs no query, hashes every body, and loses what
            # follows a semicolon in the last segment.
            if form == "query" or ctx["payload"] != "sha256" or ";" in path.rpartition("/")[2]:
                signers.remove("requests")
            yield case(f"spelled-{form}-{number}", form, True, signers, ctx, "GET", path, [host])


def spelled(rng, text):
    return "".join(spelled_character(rng, character) for character in text)


def spelled_character(rng, character):
    """Never a raw plus sign, and no raw character that URL parsers take for more than it is."""
    if character in RAW_IN_PATHS and rng.random() < 0.6:
        return character
    if character in UNRESERVED and rng.random() < 0.8:
        return character
    return "".join(f"%{byte:02{rng.choice('xX')}}" for byte in character.encode())


# What a path may hold as it is, and what clients send raw though it may not.
RAW_IN_PATHS = "!$&'()*,:;=@" + WIDE


def picked_spellings():
    """What people have met: each is signed by those who do as services do, and refused from those who do not."""
    header, query = ("header", False), ("query", False)
    s3_header, s3_query = ("header", True), ("query", True)
    copying = {"botocore", "awscrt", "smithy"}
    decoding = set(S3_SIGNERS)
    key = "year=2026;v/user@example.com/a:b/(1)*$,"
    wide = "\u65e5\u672c/\u00e9.txt"
    presigning = decoding - {"requests"}
    rows = [
        # id, (form, s3), target, signers, refused
        ("raw-marks", s3_header, f"/bucket/{key}", decoding, copying),
        ("raw-marks-presigned", s3_query, f"/bucket/{key}", presigning, set()),
        ("lower-case-marks", s3_header, "/bucket/year%3d2026/a%40b%3ac", decoding, copying),
        ("needless-escapes", s3_header, "/bucket/%7Euser/%41%2Dz", decoding, copying),
        ("raw-unicode", s3_header, f"/bucket/{wide}", decoding, set()),
        ("raw-unicode-presigned", s3_query, f"/bucket/{wide}", presigning, set()),
        ("encoded-marks", s3_header, f"/bucket/{quote(key, safe='/')}", copying | decoding, set()),
        ("encoded-marks-presigned", s3_query, f"/bucket/{quote(key, safe='/')}", copying | presigning, set()),
        ("encoded-unicode", s3_header, f"/bucket/{quote(wide, safe='/')}", copying | decoding, set()),
        ("encoded-plus", s3_header, "/bucket/a%2Bb%20c", copying | decoding, set()),
        ("encoded-plus-presigned", s3_query, "/bucket/a%2Bb%20c", copying | presigning, set()),
        # A space to S3: aws4 and aws4fetch sign one, requests-aws4auth a plus sign.
        ("ambiguous-plus", s3_header, "/bucket/a+b", {"aws4", "aws4fetch"}, copying | {"requests"}),
        ("ambiguous-plus-presigned", s3_query, "/bucket/a+b", {"aws4", "aws4fetch"}, copying),
        ("plus-in-query", header, "/?a=b+c&d+e=%2B", {"aws4", "aws4fetch", "requests"}, copying),
        ("plus-in-query-of-s3", s3_header, "/bucket?prefix=a+b%2Bc", {"aws4", "aws4fetch", "requests"}, copying),
        # smithy writes the plus sign that it signs, so that there is nothing to refuse.
        ("plus-in-query-presigned", query, "/?a=b+c", {"botocore", "aws4", "aws4fetch"}, {"awscrt"}),
    ]
    for case_id, (form, s3), target, signers, refused in rows:
        yield case(
            case_id,
            form,
            s3,
            signers,
            context(
                calendar.timegm((2026, 5, 22, 12, 36, 0)),
                service="s3" if s3 else "execute-api",
                sign_body=s3 and form == "header",
                payload="UNSIGNED-PAYLOAD" if (s3 and form == "query") else "sha256",
                expires=3_600 if form == "query" else None,
            ),
            "GET",
            target,
            [["Host", S3_HOSTS[1] if s3 else HOSTS[1]]],
            refused=refused,
            is_ambiguous=s3 and "+" in target.partition("?")[0],
        )
