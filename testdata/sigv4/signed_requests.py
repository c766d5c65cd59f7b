"""The cases of requests and of verifying, as the conformance protocol has them.

Cases that JSON text cannot hold (bytes that are not UTF-8) or the protocol
cannot say (a payload that is given as a hash, a token under another name, rules
that its `server` has no words for) are left to the tests that read the files.
"""

import case_file
import conformance

STAGES = ["canonical_request", "string_to_sign", "signature", "authorization", "signed_target"]
PAYLOADS = ("sha256", "UNSIGNED-PAYLOAD", "STREAMING-")

# What the protocol's `server` can say; checks of other rules are left out.
SERVER_KEYS = {
    "preset",
    "region",
    "service",
    "clock_skew_seconds",
    "unsigned_amz_headers",
    "secret_access_key",
    "session_token",
}
# What refuses by a rule that it has no words for.
UNSAYABLE_REASONS = {"UnnormalizedPath"}


def cases(documents):
    """Every (line, expected values)."""
    for document in documents.values():
        for case in document["case"]:
            context = case_file.context_of(document, case)
            if "check" in case:
                yield from _verify_cases(document, case, context)
            elif _is_sayable(case, context):
                yield _sign_case(case, context)


def _is_sayable(case, context):
    is_text = "canonical_request" in case and "target_hex" not in case and "headers_hex" not in case
    return is_text and context["payload"].startswith(PAYLOADS) and "session_token_name" not in context


def _sign_case(case, context):
    context = {"session_token": None, "expires": None, **context}
    context.pop("obs_fold", None)
    request = conformance.request(
        case["method"], case_file.target_of(case), case_file.headers_of(case), case_file.body_of(case)
    )
    line = {
        "id": case["name"],
        "kind": "sigv4",
        "form": case["form"],
        "ctx": context | {"epoch": conformance.epoch(context["timestamp"])},
        "req": request,
    }
    return line, {key: case[key] for key in STAGES if key in case}


def _verify_cases(document, case, context):
    for check in case["check"]:
        server = document["server"] | case.get("server", {}) | check.get("server", {})
        is_sayable = set(server) <= SERVER_KEYS and check.get("reason") not in UNSAYABLE_REASONS
        if is_sayable and server["preset"] != "iam" and server["region"] != "*":
            yield _verify_case(case, check, context, server)


def _verify_case(case, check, context, server):
    is_s3 = server["preset"] == "s3"
    key = {
        "secret": server.get("secret_access_key", context["secret_access_key"]),
        "token": server.get("session_token"),
    }
    line = {
        "id": f"{case['name']}, {check['name']}",
        "kind": "verify",
        "form": case["form"],
        "server": {
            "region": server["region"],
            "service": server["service"],
            "normalize": not is_s3,
            "double_encode": not is_s3,
            "s3": is_s3,
            "require_signed_x_amz": server.get("unsigned_amz_headers") != "allow",
            "keys": {context["access_key_id"]: key},
        },
        "now_epoch": conformance.epoch(check.get("now", context["timestamp"])),
        "max_skew": server.get("clock_skew_seconds", 900),
        "payload_hint": case["canonical_request"].split("\n")[-1],
        "req": conformance.request(*_received(case, check, context)),
    }
    # The reason is the program's own: its rules need not word it alike.
    return line, {"verdict": check["verdict"]}


def _received(case, check, context):
    """What arrives: method, target, headers and body, after the edit."""
    headers = case_file.headers_of(case)
    if "authorization" in case:
        headers.append(("x-amz-date", context["timestamp"].encode()))
        if context.get("session_token"):
            headers.append(("x-amz-security-token", context["session_token"].encode()))
        if context["sign_body"]:
            payload_line = case["canonical_request"].split("\n")[-1]
            headers.append(("x-amz-content-sha256", payload_line.encode()))
        headers.append(("authorization", case["authorization"].encode()))
    target = case.get("signed_target", case.get("target")).encode()
    body = case_file.body_of(case)
    return _edited(check.get("edit", {}), case["method"], target, headers, body)


def _edited(edit, method, target, headers, body):
    if "add_header" in edit:
        name, value = edit["add_header"]
        return method, target, headers + [(name, value.encode())], body
    if "remove_header" in edit:
        kept = [pair for pair in headers if pair[0].lower() != edit["remove_header"].lower()]
        return method, target, kept, body

    def replaced(place, value):
        if edit.get("in", "").lower() != place.lower():
            return value
        return value.replace(edit["find"].encode(), edit["replace"].encode(), 1)

    headers = [(name, replaced(name, value)) for name, value in headers]
    method = replaced("method", method.encode()).decode()
    return method, replaced("target", target), headers, replaced("body", body)
