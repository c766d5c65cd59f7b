"""Targets that can be written in several ways, as the services read them.

S3 decodes the path and encodes it again strictly, and a raw `+` in a query is
a space to every service. The signers outside copy either, because the clients
around them hand over a target that is encoded already. So they are given here
what those clients would have given them: the key encoded by botocore's own
function, and the space as its escape.
"""

import re
from urllib.parse import unquote_to_bytes

import case_file

# What separates the segments of a key, and what only looks like it.
SEPARATORS = re.compile(rb"(/|%2[Ff])")
# What no client can send in a path.
UNSENDABLE = re.compile(rb"[ \x80-\xFF]")
ESCAPE = re.compile(rb"%[0-9A-Fa-f]{2}")


def as_read(case, context):
    """The case with its target as services read it, and what was done to it."""
    written = case_file.target_of(case)
    path, mark, query = written.partition(b"?")
    encoded = path
    if context.get("s3"):
        if b"+" in path or b"%" in ESCAPE.sub(b"", path):
            raise SystemExit(f"{case['name']}: is refused, not signed")
        encoded = b"".join(_encoded(piece) for piece in SEPARATORS.split(path))
    elif not context["double_encode"]:
        encoded = UNSENDABLE.sub(lambda byte: b"%%%02X" % ord(byte[0]), path)
    spaced = query.replace(b"+", b"%20")
    done = []
    if encoded != path:
        done.append("the path encoded")
    if spaced != query:
        done.append("the plus sign as a space")
    if not done:
        return case, ""
    kept = {key: value for key, value in case.items() if key not in ("target", "target_hex")}
    return kept | {"target_hex": (encoded + mark + spaced).hex()}, " and ".join(done)


def _encoded(piece):
    # Imported late, as all signers are: reading the cases needs none of them.
    from botocore.utils import percent_encode

    if SEPARATORS.fullmatch(piece):
        return piece.upper()
    return percent_encode(unquote_to_bytes(piece)).encode()
