"""Clients that sign with botocore, but for one mistake each.

A mistake is a class over botocore's signer that overrides one of its steps, in
plain Python; two of them over one signer make two mistakes. What happens to a
request after it was signed is a mistake of its own: it overrides `send`.
"""

import base64
import copy
import datetime
import hashlib
import hmac
import re
from unittest import mock
from urllib.parse import quote, unquote, unquote_plus, urlsplit

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.utils import normalize_url_path


def sign_and_send(case):
    """What arrives of a case: method, target, headers and body."""
    mistakes = [MISTAKES[name] for name in reversed(case["makes"])]
    client = type("Client", (*mistakes, Strict, SIGNERS[case["signer"]]), {})
    credentials = Credentials(
        case["access_key_id"], case["secret_access_key"], case.get("session_token")
    )
    signer = client(credentials, case["service"], case["region"])
    headers = {}
    for name, value in case["headers"]:
        headers.setdefault(name, value)
    url = f"https://{headers['Host']}{case['target']}"
    body = case.get("body", "").encode()
    request = AWSRequest(method=case["method"], url=url, headers=headers, data=body)
    naive = datetime.datetime.strptime(case["timestamp"], "%Y%m%dT%H%M%SZ")
    now = naive.replace(tzinfo=datetime.timezone.utc)
    with mock.patch("botocore.auth.get_current_datetime", lambda **_: now):
        signer.add_auth(request)
    split = urlsplit(request.url)
    sent = {
        "method": request.method,
        "target": split.path + (f"?{split.query}" if split.query else ""),
        "headers": [[name, value] for name, value in request.headers.items()],
        "body": body.decode(),
    }
    # A header that comes twice: botocore takes a mapping.
    for name, value in case["headers"]:
        if [name, value] not in sent["headers"]:
            sent["headers"].append([name, value])
    signer.send(sent)
    return sent


class Strict:
    """botocore, but for what it copies though the services decode and encode it:
    the query, and the path under the rules of S3."""

    def _normalize_url_path(self, path):
        if isinstance(self, (S3SigV4Auth, S3SigV4QueryAuth)):
            return encoded_once(path)
        return super()._normalize_url_path(path)

    def canonical_query_string(self, request):
        return self._canonical_query_string_params(self.parameters(request))

    def parameters(self, request):
        return [(unquote_plus(name), unquote_plus(value)) for name, value in pairs(request)]

    def send(self, sent):
        pass


def encoded_once(path, decoded=unquote_plus):
    """The path as S3 reads it: each segment decoded, and encoded strictly. An
    escaped slash stays one."""
    segments = [re.split("(%2F)", segment, flags=re.I) for segment in path.split("/")]
    return "/".join("".join(quote(decoded(part), safe="-_.~") for part in s) for s in segments)


def pairs(request):
    pieces = [piece for piece in urlsplit(request.url).query.split("&") if piece]
    return [piece.partition("=")[::2] for piece in pieces]


SIGNERS = {
    "standard": SigV4Auth,
    "s3": S3SigV4Auth,
    "standard-query": SigV4QueryAuth,
    "s3-query": S3SigV4QueryAuth,
}
MISTAKES = {}


def mistake(name, method):
    """Registers a mistake: `method(self, right, *arguments)` in place of one
    of the signer's, of which `right` is the result."""

    def register(wrong):
        def override(self, *arguments):
            right = getattr(super(MISTAKES[name], self), method)(*arguments)
            return wrong(self, right, *arguments)

        MISTAKES[name] = type(name, (), {method: override})
        return wrong

    return register


def register(name, method, wrong):
    mistake(name, method)(wrong)


def lower_hex(text):
    return re.sub("%[0-9A-F]{2}", lambda escape: escape[0].lower(), text)


# --- the path

PATH = "_normalize_url_path"
register("path_encoded_twice", PATH, lambda self, right, path: quote(right, safe="/"))
register("path_not_encoded_again", PATH, lambda self, right, path: normalize_url_path(path))
register("path_not_normalized", PATH, lambda self, right, path: quote(path, safe="/~"))
register("path_normalized", PATH, lambda self, right, path: normalize_url_path(path))
register("path_by_rules_of_s3", PATH, lambda self, right, path: path)
register("path_decoded", PATH, lambda self, right, path: unquote(path))
register("path_in_lower_case_hex", PATH, lambda self, right, path: lower_hex(right))
register("path_of_encode_uri", PATH, lambda self, right, path: quote(path, safe="/;,?:@&=+$#!'()*~"))
register("path_with_plus", PATH, lambda self, right, path: right.replace("%20", "+"))
register("path_as_sent", PATH, lambda self, right, path: path)
register("path_encoded_again", PATH, lambda self, right, path: quote(path, safe="/~"))
register("path_encoded_once", PATH, lambda self, right, path: encoded_once(path))
register("path_with_plus_escaped", PATH, lambda self, right, path: encoded_once(path, unquote))
register("path_with_slash", PATH, lambda self, right, path: right + "/")
register("path_without_slash", PATH, lambda self, right, path: right.rstrip("/"))
register("path_with_bucket", PATH, lambda self, right, path: "/examplebucket" + right)


register("path_of_elsewhere", PATH, lambda self, right, path: "/elsewhere")


@mistake("path_holding_query", "canonical_request")
def path_holding_query(self, right, request):
    method, path, query, rest = right.split("\n", 3)
    return f"{method}\n{path}?{query}\n\n{rest}"


@mistake("prefix_added_by_proxy", "send")
def prefix_added_by_proxy(self, right, sent):
    sent["target"] = "/prod" + sent["target"]


@mistake("target_rewritten_by_proxy", "send")
def target_rewritten_by_proxy(self, right, sent):
    sent["target"] = "/internal/v2" + sent["target"].removeprefix("/api")


# --- the query

QUERY = "canonical_query_string"


def joined(parameters):
    return "&".join(f"{quote(n, safe='-_.~')}={quote(v, safe='-_.~')}" for n, v in parameters)


register("query_not_sorted", QUERY, lambda self, right, request: joined(self.parameters(request)))
register("query_as_sent", QUERY, lambda self, right, request: urlsplit(request.url).query)
register("query_sorted_joined", QUERY, lambda self, right, request: "&".join(sorted(right.split("&"))))
register(
    "query_sorted_without_case",
    QUERY,
    lambda self, right, request: "&".join(sorted(right.split("&"), key=str.lower)),
)
register(
    "query_sorted_decoded",
    QUERY,
    lambda self, right, request: joined(sorted(self.parameters(request))),
)
register("query_with_plus", QUERY, lambda self, right, request: right.replace("%20", "+"))
register("query_in_lower_case_hex", QUERY, lambda self, right, request: lower_hex(right))
register("query_with_slashes", QUERY, lambda self, right, request: right.replace("%2F", "/"))
register("query_with_colons_and_slashes", QUERY, lambda self, right, request: right.replace("%2F", "/").replace("%3A", ":"))
register("query_of_javascript", QUERY, lambda self, right, request: re.sub("%(21|27|28|29|2A)", lambda e: unquote(e[0]), right))
register("query_with_tilde_escaped", QUERY, lambda self, right, request: right.replace("~", "%7E"))
register("query_encoded_twice", QUERY, lambda self, right, request: right.replace("%", "%25"))
register("query_decoded", QUERY, lambda self, right, request: unquote(right))
register("query_without_equals_sign", QUERY, lambda self, right, request: re.sub("=(?=&|$)", "", right))
register("query_left_out", QUERY, lambda self, right, request: "")
register(
    "query_without_empty_parameters",
    QUERY,
    lambda self, right, request: joined(sorted((n, v) for n, v in self.parameters(request) if v)),
)
register(
    "query_without_repeats",
    QUERY,
    lambda self, right, request: joined(sorted(dict(reversed(self.parameters(request))).items())),
)


@mistake("query_with_plus_escaped", "parameters")
def query_with_plus_escaped(self, right, request):
    return [(unquote(name), unquote(value)) for name, value in pairs(request)]


@mistake("parameter_added_by_proxy", "send")
def parameter_added_by_proxy(self, right, sent):
    sent["target"] += "&utm_source=mail"


@mistake("expires_changed_by_hand", "send")
def expires_changed_by_hand(self, right, sent):
    sent["target"] = sent["target"].replace("X-Amz-Expires=3600", "X-Amz-Expires=86400")


@mistake("token_added_later", "_modify_request_before_signing")
def token_added_later(self, right, request):
    request.url = re.sub("&X-Amz-Security-Token=[^&]*", "", request.url)


@mistake("token_sent", "send")
def token_sent(self, right, sent):
    sent["target"] += f"&X-Amz-Security-Token={quote(self.credentials.token, safe='')}"


# --- the headers

HEADERS = "canonical_headers"


def sign_header(name, change):
    return lambda self, right, headers: re.sub(
        f"^{name}:(.*)$", lambda line: f"{name}:{change(line[1])}", right, flags=re.M
    )


register("host_with_port", HEADERS, sign_header("host", lambda host: host + ":443"))
register("host_without_port", HEADERS, sign_header("host", lambda host: host.partition(":")[0]))
register("host_in_lower_case", HEADERS, sign_header("host", str.lower))
register("host_of_load_balancer", HEADERS, sign_header("host", lambda _: "public.example.com"))
register("host_without_bucket", HEADERS, sign_header("host", lambda host: host.partition(".")[2]))
register("accept_in_lower_case", HEADERS, sign_header("accept", str.lower))
register("space_behind_value", HEADERS, sign_header("accept", lambda value: value + " "))
register("space_behind_colon", HEADERS, lambda self, right, headers: right.replace(":", ": ", 1) if "\n" not in right else "\n".join(line.replace(":", ": ", 1) for line in right.split("\n")))
register("header_line_left_out", HEADERS, lambda self, right, headers: re.sub("^accept:.*\n", "", right, flags=re.M))
register("header_names_as_sent", HEADERS, lambda self, right, headers: "\n".join(line.replace("host", "Host").replace("x-amz-date", "X-Amz-Date") for line in right.split("\n")))
register("headers_not_sorted", HEADERS, lambda self, right, headers: "\n".join(self.in_order(headers, right)))
register("spaces_kept", "_header_value", lambda self, right, value: value.strip())


def in_order(self, headers, right):
    lines = {line.partition(":")[0]: line for line in right.split("\n")}
    return [lines[name] for name in dict.fromkeys(name.lower() for name in headers.keys())]


Strict.in_order = in_order


@mistake("repeats_joined_with_space", HEADERS)
def repeats_joined_with_space(self, right, headers):
    return right.replace("x-color:red,blue", "x-color:red, blue")


@mistake("repeated_header", "headers_to_sign")
def repeated_header(self, right, request):
    """No mistake by itself: botocore's requests hold each header once."""
    right["x-color"] = "blue"
    return right


@mistake("header_not_listed", "canonical_request")
def header_not_listed(self, right, request):
    right = right.replace("host:", "user-agent:tool/1.0\nhost:", 1)
    head, list_and_hash = right.rsplit("\n\n", 1)
    lines = head.split("\n")
    head = "\n".join(lines[:3] + sorted(lines[3:]))
    return f"{head}\n\n{list_and_hash.replace('host', 'host;user-agent', 1)}"


@mistake("charset_added_by_proxy", "send")
def charset_added_by_proxy(self, right, sent):
    change_header(sent, "Content-Type", lambda value: value + "; charset=utf-8")


@mistake("encoding_changed_by_proxy", "send")
def encoding_changed_by_proxy(self, right, sent):
    change_header(sent, "Accept-Encoding", lambda _: "gzip, br;q=0.9")


@mistake("host_changed_by_proxy", "send")
def host_changed_by_proxy(self, right, sent):
    host = dict(sent["headers"])["Host"]
    change_header(sent, "Host", lambda _: "backend.internal:8000")
    sent["headers"].append(["X-Forwarded-Host", host])


@mistake("header_removed_by_proxy", "send")
def header_removed_by_proxy(self, right, sent):
    sent["headers"] = [pair for pair in sent["headers"] if pair[0] != "Accept"]


@mistake("header_added_by_proxy", "send")
def header_added_by_proxy(self, right, sent):
    sent["headers"].append(["X-Amz-Meta-Hop", "1"])


def change_header(sent, name, change):
    sent["headers"] = [[n, change(v) if n == name else v] for n, v in sent["headers"]]


# --- the layout of the canonical request, the method, the payload

REQUEST = "canonical_request"
register("empty_line_left_out", REQUEST, lambda self, right, request: right.replace("\n\nhost;", "\nhost;"))
register("line_break_at_end", REQUEST, lambda self, right, request: right + "\n")
register("carriage_returns", REQUEST, lambda self, right, request: right.replace("\n", "\r\n"))
register("method_in_lower_case", REQUEST, lambda self, right, request: right.replace("GET", "get", 1))


def payload(change):
    def wrong(self, right, request):
        head, _, line = right.rpartition("\n")
        return f"{head}\n{change(request.body or b'', line)}"

    return wrong


def digest(body):
    return hashlib.sha256(body)


register("empty_body_hashed", REQUEST, payload(lambda body, line: digest(b"").hexdigest()))
register("payload_unsigned", REQUEST, payload(lambda body, line: "UNSIGNED-PAYLOAD"))
register("payload_hashed", REQUEST, payload(lambda body, line: digest(body).hexdigest()))
register("body_with_line_break", REQUEST, payload(lambda body, line: digest(body + b"\n").hexdigest()))
register("body_without_line_break", REQUEST, payload(lambda body, line: digest(body.rstrip(b"\n")).hexdigest()))
register("payload_in_upper_case", REQUEST, payload(lambda body, line: line.upper()))
register("payload_in_base64", REQUEST, payload(lambda body, line: base64.b64encode(digest(body).digest()).decode()))
register("payload_hashed_twice", REQUEST, payload(lambda body, line: digest(line.encode()).hexdigest()))
register("body_not_hashed", REQUEST, payload(lambda body, line: body.decode()))
register("payload_left_out", REQUEST, payload(lambda body, line: ""))


@mistake("method_changed_by_proxy", "send")
def method_changed_by_proxy(self, right, sent):
    sent["method"] = "GET"


@mistake("declares_body_with_line_break", "_modify_request_before_signing")
def declares_body_with_line_break(self, right, request):
    request.headers.replace_header("X-Amz-Content-SHA256", digest(request.body + b"\n").hexdigest())


@mistake("declares_empty_body", "_modify_request_before_signing")
def declares_empty_body(self, right, request):
    request.headers.replace_header("X-Amz-Content-SHA256", digest(b"").hexdigest())


# --- the string to sign

STRING = "string_to_sign"


def string_line(number, change):
    def wrong(self, right, request, canonical_request):
        lines = right.split("\n")
        lines[number] = change(lines[number])
        return "\n".join(lines)

    return wrong


register("time_read_twice", STRING, string_line(1, lambda time: time.replace("00Z", "01Z")))
register("time_in_extended_format", STRING, string_line(1, lambda t: f"{t[:4]}-{t[4:6]}-{t[6:11]}:{t[11:13]}:{t[13:]}"))
register("scope_of_us_east_1", STRING, string_line(2, lambda scope: scope.replace("eu-central-1", "us-east-1")))
register("scope_with_key_id", STRING, string_line(2, lambda scope: "AKIDEXAMPLE/" + scope))
register("request_hash_in_upper_case", STRING, string_line(3, str.upper))
register("line_break_behind_string", STRING, lambda self, right, request, canonical: right + "\n")
register(
    "request_not_hashed",
    STRING,
    lambda self, right, request, canonical: right.rpartition("\n")[0] + "\n" + canonical,
)

# --- the key and the secret


def derived(self, request, start=None, parts=lambda parts: parts, step=lambda key: key):
    day = request.context["timestamp"][:8]
    key = b"AWS4" + self.credentials.secret_key.encode() if start is None else start
    for part in parts([day, self._region_name, self._service_name, "aws4_request"]):
        key = step(hmac.digest(key, part.encode(), "sha256"))
    return key


def key_with(**how):
    def wrong(self, right, string, request):
        return hmac.new(derived(self, request, **how), string.encode(), "sha256").hexdigest()

    return wrong


SIGNATURE = "signature"
register("key_of_yesterday", SIGNATURE, key_with(parts=lambda parts: ["20150829", *parts[1:]]))
register("key_of_us_east_1", SIGNATURE, key_with(parts=lambda parts: [parts[0], "us-east-1", *parts[2:]]))
register("key_of_s3", SIGNATURE, key_with(parts=lambda parts: [*parts[:2], "s3", parts[3]]))
register("key_without_terminator", SIGNATURE, key_with(parts=lambda parts: parts[:3]))
register("key_in_other_order", SIGNATURE, key_with(parts=lambda p: [p[0], p[2], p[1], p[3]]))
register("key_with_dashed_date", SIGNATURE, key_with(parts=lambda p: ["2015-08-30", *p[1:]]))
register("key_of_hexadecimal_steps", SIGNATURE, key_with(step=lambda key: key.hex().encode()))


@mistake("key_in_hexadecimal", SIGNATURE)
def key_in_hexadecimal(self, right, string, request):
    key = derived(self, request).hex().encode()
    return hmac.new(key, string.encode(), "sha256").hexdigest()


@mistake("hmac_arguments_swapped", SIGNATURE)
def hmac_arguments_swapped(self, right, string, request):
    key = b"AWS4" + self.credentials.secret_key.encode()
    day = request.context["timestamp"][:8]
    for part in [day, self._region_name, self._service_name, "aws4_request"]:
        key = hmac.digest(part.encode(), key, "sha256")
    return hmac.digest(string.encode(), key, "sha256").hex()


@mistake("key_without_prefix", SIGNATURE)
def key_without_prefix(self, right, string, request):
    key = derived(self, request, start=self.credentials.secret_key.encode())
    return hmac.new(key, string.encode(), "sha256").hexdigest()


@mistake("signature_in_upper_case", SIGNATURE)
def signature_in_upper_case(self, right, string, request):
    return right.upper()


@mistake("signature_in_base64", SIGNATURE)
def signature_in_base64(self, right, string, request):
    return base64.b64encode(bytes.fromhex(right)).decode()


def secret(change):
    def wrong(self, right, string, request):
        other = copy.copy(self)
        own = self.credentials
        other.credentials = Credentials(own.access_key, change(own), own.token)
        return SigV4Auth.signature(other, string, request)

    return wrong


for name, change in {
    "secret_with_line_break": lambda own: own.secret_key + "\n",
    "secret_with_space": lambda own: " " + own.secret_key,
    "secret_in_quotes": lambda own: f'"{own.secret_key}"',
    "secret_percent_encoded": lambda own: quote(own.secret_key, safe=""),
    "secret_with_plus_decoded": lambda own: own.secret_key.replace("+", " "),
    "secret_in_base64": lambda own: base64.b64encode(own.secret_key.encode()).decode(),
    "secret_in_base64_of_echo": lambda own: base64.b64encode(f"{own.secret_key}\n".encode()).decode(),
    "secret_escaped": lambda own: own.secret_key.replace("/", "\\/"),
    "secret_cut_at_slash": lambda own: own.secret_key.partition("/")[0],
    "secret_without_its_end": lambda own: own.secret_key[:-1],
    "secret_in_lower_case": lambda own: own.secret_key.lower(),
    "id_as_secret": lambda own: own.access_key,
    "secret_of_somebody_else": lambda own: "FMEyadlOkGVvPqXb8wp2V/KvSEXAMPLEKEYXXXXX",
}.items():
    register(name, SIGNATURE, secret(change))

# --- the credential

SCOPE = "scope"
register("credential_of_other_terminator", SCOPE, lambda self, right, request: right.replace("aws4_request", "aws4"))
register("credential_of_yesterday", SCOPE, lambda self, right, request: right.replace("20150830", "20150829"))
