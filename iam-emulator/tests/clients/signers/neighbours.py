"""The refused neighbours of an accepted request: the same but for one thing.

Each function takes a deep copy of a `verify` case and changes it, or returns
False where the change makes no sense for that case. `ALL` maps each to the
reasons for which the neighbour must be refused: variants of sigv4's `VerifyError`.
"""

from urllib.parse import unquote

DAY_SECONDS = 86_400

ALL = {}


def refused_for(*reasons):
    def register(change):
        ALL[change] = reasons
        return change

    return register


@refused_for("SignatureMismatch")
def another_signature_digit(case):
    return rewrite_signature(case, lambda digits: digits[:-1] + ("0" if digits[-1] != "0" else "1"))


@refused_for("MalformedSignature")
def a_cut_signature(case):
    return rewrite_signature(case, lambda digits: digits[:-1])


@refused_for("SignatureMismatch")
def another_method(case):
    case["req"]["method"] = "PUT" if case["req"]["method"] != "PUT" else "POST"


@refused_for("SignatureMismatch")
def another_path(case):
    path, mark, query = case["req"]["target"].partition("?")
    case["req"]["target"] = f"{path}x{mark}{query}"


@refused_for("SignatureMismatch")
def a_separator_escaped(case):
    path, mark, query = case["req"]["target"].partition("?")
    before, _, after = path.rpartition("/")
    if not before:
        return False
    case["req"]["target"] = f"{before}%2F{after}{mark}{query}"


@refused_for("SignatureMismatch")
def one_more_parameter(case):
    target = case["req"]["target"]
    case["req"]["target"] = target + ("&" if "?" in target else "?") + "added=1"


@refused_for("SignatureMismatch")
def another_host(case):
    header_named(case, "host")[1] += "x"


# Where x-amz-content-sha256 declares the hash, the body is what differs from it.
@refused_for("PayloadMismatch", "SignatureMismatch")
def another_body(case):
    if case["payload_hint"] == "UNSIGNED-PAYLOAD":
        return False
    case["req"]["body_hex"] += "00"


@refused_for("UnsignedAmzHeader")
def an_unsigned_amz_header(case):
    case["req"]["headers"].append(["X-Amz-Acl", "public-read"])


@refused_for("SignedHeaderAbsent")
def a_signed_header_gone(case):
    """One that only the list of signed headers demands."""
    headers = case["req"]["headers"]
    names = [name.lower() for name, _ in headers]
    signed = signed_names(case)
    for header, name in zip(headers, names, strict=True):
        if name in signed and names.count(name) == 1 and name != "host" and not name.startswith("x-amz-"):
            headers.remove(header)
            return True
    return False


@refused_for("SignatureMismatch")
def another_secret(case):
    (key,) = case["server"]["keys"].values()
    key["secret"] += "x"


@refused_for("UnknownAccessKey")
def an_unknown_key(case):
    (key,) = case["server"]["keys"].values()
    case["server"]["keys"] = {"AKIASOMEONEELSE": key}


@refused_for("WrongRegion")
def another_region(case):
    case["server"]["region"] += "x"


@refused_for("WrongService")
def another_service(case):
    case["server"]["service"] += "x"


@refused_for("SessionTokenMismatch")
def another_token(case):
    (key,) = case["server"]["keys"].values()
    if key["token"] is None:
        return False
    key["token"] += "x"


@refused_for("NotYetValid")
def too_early(case):
    case["now_epoch"] = case["not_before"] - 1


@refused_for("Expired")
def too_late(case):
    case["now_epoch"] = case["not_after"] + 1


@refused_for("ScopeDateMismatch")
def a_day_later_in_the_date(case):
    """The date says one day, the scope another; the clock agrees with the date."""
    if case["form"] != "header":
        return False
    date = header_named(case, "x-amz-date")
    day = int(date[1][6:8])
    date[1] = f"{date[1][:6]}{day + 1 if day < 28 else day - 1:02}{date[1][8:]}"
    case["now_epoch"] += DAY_SECONDS if day < 28 else -DAY_SECONDS


def header_named(case, name):
    return next(header for header in case["req"]["headers"] if header[0].lower() == name)


def signed_names(case):
    if case["form"] == "header":
        listed = header_named(case, "authorization")[1].partition("SignedHeaders=")[2].partition(",")[0]
    else:
        listed = unquote(case["req"]["target"].partition("X-Amz-SignedHeaders=")[2].partition("&")[0])
    return set(listed.split(";"))


def rewrite_signature(case, rewrite):
    if case["form"] == "header":
        header = header_named(case, "authorization")
        start = header[1].index("Signature=") + len("Signature=")
        header[1] = header[1][:start] + rewrite(header[1][start:])
        return
    path, _, query = case["req"]["target"].partition("?")
    pieces = [piece.partition("=") for piece in query.split("&")]
    case["req"]["target"] = f"{path}?" + "&".join(
        f"{name}={rewrite(value)}" if unquote(name) == "X-Amz-Signature" else f"{name}{equals}{value}"
        for name, equals, value in pieces
    )
