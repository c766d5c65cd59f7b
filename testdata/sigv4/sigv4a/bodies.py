"""Bodies in chunks behind a request that is signed with SigV4a.

No signer of such chunks can be had for Python: their strings to sign are
composed here, as S3's documentation has those of Signature Version 4, with the
algorithm and the scope of SigV4a. The request before them is awscrt's.
"""

import hashlib

EMPTY = hashlib.sha256(b"").hexdigest()
ALGORITHM = "AWS4-ECDSA-P256-SHA256"
# A signature on the wire is filled up to the length of the longest.
WIRE_LEN = 144


def request_of(case):
    """The request, as a case of a request without a body."""
    return {
        "name": case["name"],
        "form": "header",
        "method": "PUT",
        "target": case["target"],
        "headers": case["headers"],
    }


def context_of(context, case):
    return context | {
        "normalize": False,
        "double_encode": False,
        "sign_body": True,
        "payload": case["mode"],
        "omit_session_token": False,
        "s3": True,
        "asymmetric": True,
    }


def data_of(case):
    """The data of each chunk, the pattern repeated and cut; the last is empty."""
    pattern = case["pattern"].encode()
    return [(pattern * (n // len(pattern) + 1))[:n] for n in [*case["lengths"], 0]]


def strings_to_sign(case, context, seed, sign):
    """Yields each string to sign behind the request; `sign` answers its signature."""
    previous = seed
    head = [context["timestamp"], f"{context['timestamp'][:8]}/{context['service']}/aws4_request"]
    for data in data_of(case):
        digest = hashlib.sha256(data).hexdigest()
        lines = [f"{ALGORITHM}-PAYLOAD", *head, previous, EMPTY, digest]
        previous = sign("\n".join(lines))
        yield previous
    if case["mode"].endswith("-TRAILER"):
        digest = hashlib.sha256(canonical_trailers(case).encode()).hexdigest()
        yield sign("\n".join([f"{ALGORITHM}-TRAILER", *head, previous, digest]))


def canonical_trailers(case):
    pairs = sorted((n.lower(), " ".join(v.split())) for n, v in case["trailers"])
    return "".join(f"{name}:{value}\n" for name, value in pairs)


def wire_of(case, signatures):
    """The encoded body; the seed is not among the signatures."""
    wire = b""
    for data, signature in zip(data_of(case), signatures):
        wire += f"{len(data):x};chunk-signature={signature:*<{WIRE_LEN}}\r\n".encode()
        wire += data + b"\r\n" if data else b""
    for name, value in case.get("trailers", []):
        wire += f"{name}:{value}\r\n".encode()
    if case["mode"].endswith("-TRAILER"):
        wire += f"x-amz-trailer-signature:{signatures[-1]:*<{WIRE_LEN}}\r\n".encode()
    return wire + b"\r\n"
