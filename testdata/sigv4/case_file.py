"""Reads and writes the case files: a small, fixed dialect of TOML.

The files hold inputs that people write and expected values that generate.py
fills in. Reading uses the standard library; writing is done here because the
layout matters (multi-line strings that a diff can show, keys in a fixed
order) and because a key that is not listed must stop the run.
"""

import json
import tomllib

CONTEXT_KEYS = [
    "access_key_id",
    "secret_access_key",
    "session_token",
    "session_token_name",
    "region",
    "service",
    "timestamp",
    "normalize",
    "double_encode",
    "sign_body",
    "payload",
    "omit_session_token",
    "expires",
    "s3",
    "obs_fold",
]

# What a verifier is told; only verify.toml has it.
SERVER_KEYS = [
    "preset",
    "region",
    "service",
    "clock_skew_seconds",
    "expires",
    "payload",
    "unsigned_amz_headers",
    "header_duplicates",
    "query_duplicates",
    "date",
    "key_id_slashes",
    "signed_token",
    "secret_access_key",
    "session_token",
    "session_token_name",
]
CHECK_KEYS = ["name", "rule", "now", "server", "edit", "verdict", "reason"]
EDIT_KEYS = ["in", "find", "replace", "add_header", "remove_header"]

# What people write, then what the generator fills in.
INPUT_KEYS = [
    "name",
    "rule",
    "follows",
    "published",
    "server",
    "url",
    "form",
    "context",
    "method",
    "target",
    "target_hex",
    "headers",
    "headers_hex",
    "body",
    "body_hex",
]
FILLED_KEYS = [
    "source",
    "canonical_request",
    "canonical_request_hex",
    "string_to_sign",
    "signed_headers",
    "signature",
    "authorization",
    "signed_target",
]
PUBLISHED_KEYS = [
    "document",
    "canonical_request_sha256",
    "date_key",
    "region_key",
    "service_key",
    "signing_key",
    "signature",
]


def read(path):
    """The file as {"about", "context", "case": [...]}, unknown keys refused."""
    with open(path, "rb") as file:
        document = tomllib.load(file)
    _refuse_unknown(path, document, ["about", "context", "server", "case"])
    _refuse_unknown(path, document["context"], CONTEXT_KEYS)
    _refuse_unknown(path, document.get("server", {}), SERVER_KEYS)
    for case in document["case"]:
        where = f"{path}: {case.get('name')}"
        _refuse_unknown(where, case, INPUT_KEYS + FILLED_KEYS + ["check"])
        _refuse_unknown(where, case.get("context", {}), CONTEXT_KEYS)
        _refuse_unknown(where, case.get("published", {}), PUBLISHED_KEYS)
        _refuse_unknown(where, case.get("server", {}), SERVER_KEYS)
        for check in case.get("check", []):
            _refuse_unknown(where, check, CHECK_KEYS)
            _refuse_unknown(where, check.get("server", {}), SERVER_KEYS)
            _refuse_unknown(where, check.get("edit", {}), EDIT_KEYS)
    return document


def render(document):
    """The text of a case file."""
    blocks = [
        f"about = {string(document['about'])}\n",
        table("[context]", document["context"], CONTEXT_KEYS),
    ]
    if "server" in document:
        blocks.append(table("[server]", document["server"], SERVER_KEYS))
    # The source stands beside the rule, where a reader looks for it.
    order = ["name", "rule", "source"] + INPUT_KEYS[2:] + FILLED_KEYS[1:]
    for case in document["case"]:
        blocks.append(table("[[case]]", case, order))
        checks = case.get("check", [])
        blocks += [table("[[case.check]]", check, CHECK_KEYS) for check in checks]
    return "\n".join(blocks)


def context_of(document, case):
    """The file's context with the case's own values over it."""
    return document["context"] | case.get("context", {})


def target_of(case):
    """The request target as bytes."""
    return _bytes_of(case, "target")


def body_of(case):
    """The body as bytes; a case without one has an empty body."""
    return _bytes_of(case, "body")


def headers_of(case):
    """The headers as (name, value bytes) in wire order."""
    plain = [(name, value.encode()) for name, value in case.get("headers", [])]
    return plain + [
        (name, bytes.fromhex(value)) for name, value in case.get("headers_hex", [])
    ]


def _bytes_of(case, key):
    if f"{key}_hex" in case:
        return bytes.fromhex(case[f"{key}_hex"])
    return case.get(key, "").encode()


def _refuse_unknown(where, table, known):
    unknown = set(table) - set(known)
    if unknown:
        raise SystemExit(f"{where}: unknown keys {sorted(unknown)}")


def table(header, values, order):
    """A table of the listed keys, in their order."""
    lines = [_pair(key, values[key]) for key in order if key in values]
    return f"{header}\n" + "".join(lines)


def _pair(key, value):
    return f"{key} = {_value(value)}\n"


def _value(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return string(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_value(v)}" for k, v in value.items()) + " }"
    if value and isinstance(value[0], (str, int)):
        return _row(value)
    if len(value) < 2:
        return "[" + ", ".join(_row(row) for row in value) + "]"
    return "[\n" + "".join(f"    {_row(row)},\n" for row in value) + "]"


def _row(row):
    return "[" + ", ".join(_escaped(item) for item in row) + "]"


def string(text):
    """A block that a diff can show if the text has lines, else one line."""
    printable = all(c == "\n" or c.isprintable() for c in text)
    if "\n" in text and printable and "'''" not in text:
        return f"'''\n{text}'''"
    return _escaped(text)


def _escaped(text):
    # JSON's escapes are a subset of TOML's. DEL is the exception: TOML wants
    # it escaped and JSON does not.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
