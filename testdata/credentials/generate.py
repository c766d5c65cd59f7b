"""Fills the case files of the default chain, by botocore.

    python3 -m venv .venv
    .venv/bin/pip install --require-hashes -r ../sigv4/requirements.txt
    .venv/bin/python generate.py            fill and rewrite the files
    .venv/bin/python generate.py --check    fail if one would change

Each case is an environment and two files; botocore, which is what the AWS CLI
reads them with, says what they mean. Where sigv4 refuses, `error` has its words,
written by hand; where it reads otherwise than botocore, `ours` has the reading.
Both need a reason, `differs`, wherever botocore reads or refuses otherwise, and
the script refuses a reason where it does not.
"""

import argparse
import datetime
import locale
import os
import sys
import tempfile
import tomllib
from pathlib import Path
from unittest import mock

import botocore.session

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "sigv4"))
import case_file  # noqa: E402

INPUT_KEYS = [
    "name",
    "rule",
    "differs",
    "environment",
    "profile",
    "credentials",
    "credentials_hex",
    "config",
    "config_hex",
    "other",
]
READING_KEYS = ["access_key_id", "secret_access_key", "session_token", "expiration", "region"]
KEYS = INPUT_KEYS + ["botocore"] + READING_KEYS + ["ours", "error"]

# Where a case's files are, by the name of their key. Environments name the
# home directory; here it is another, each time.
HOME = "/home/alice"
PLACES = {"credentials": ".aws/credentials", "config": ".aws/config", "other": "other"}

# What simply has an access key; anything else takes a request or a process.
PLAIN = {"env", "shared-credentials-file", "config-file"}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    # Python reads the files in the encoding of its locale.
    assert locale.getpreferredencoding().upper() == "UTF-8", "run this in a locale of UTF-8"
    stale = False
    for path in sorted(HERE.glob("*.toml")):
        text = path.read_text()
        document = tomllib.loads(text)
        names = [case["name"] for case in document["case"]]
        assert len(set(names)) == len(names), f"{path.name}: a name comes twice"
        for case in document["case"]:
            unknown = set(case) - set(KEYS)
            if unknown:
                raise SystemExit(f"{path.name}: {case['name']}: unknown keys {sorted(unknown)}")
            fill(case)
            check_differs(f"{path.name}: {case['name']}", case)
        blocks = [f"about = {case_file.string(document['about'])}\n"]
        filled = "\n".join(blocks + [case_file.table("[[case]]", c, KEYS) for c in document["case"]])
        if options.check and filled != text:
            print(f"{path.name} is out of date", file=sys.stderr)
            stale = True
        elif not options.check:
            path.write_text(filled)
        print(f"{len(document['case'])} cases in {path.name}")
    sys.exit(stale)


def fill(case):
    for key in READING_KEYS:
        case.pop(key, None)
    with tempfile.TemporaryDirectory() as home:
        write_files(case, Path(home))
        environment = {"HOME": home, "AWS_EC2_METADATA_DISABLED": "true"}
        for name, value in case.get("environment", []):
            environment[name] = value.replace(HOME, home)
        with (
            mock.patch.dict(os.environ, environment, clear=True),
            # Says that a process would be started, and starts none.
            mock.patch(
                "botocore.credentials.ProcessProvider._retrieve_credentials_using",
                lambda *_: {"access_key": "", "secret_key": ""},
            ),
        ):
            read(case)


def read(case):
    session = botocore.session.Session(profile=case.get("profile"))
    try:
        credentials = session.get_credentials()
        region = session.get_config_variable("region")
    except Exception as error:  # Whichever it is, the case names it.
        case["botocore"] = type(error).__name__
        return
    case["botocore"] = credentials.method if credentials else "none"
    if case["botocore"] not in PLAIN:
        return
    reading = [credentials.access_key, credentials.secret_key, credentials.token]
    expiration = getattr(credentials, "_expiry_time", None)
    utc = expiration and expiration.astimezone(datetime.timezone.utc)
    reading.append(utc and utc.strftime("%Y%m%dT%H%M%SZ"))
    for key, value in zip(READING_KEYS, reading + [region]):
        # A setting with settings of its own is read as a dictionary.
        if value:
            case[key] = value if isinstance(value, str) else repr(value)


def write_files(case, home):
    (home / ".aws").mkdir()
    for key, place in PLACES.items():
        if f"{key}_hex" in case:
            (home / place).write_bytes(bytes.fromhex(case[f"{key}_hex"]))
        elif key in case:
            (home / place).write_bytes(case[key].encode())


def check_differs(where, case):
    assert not ("ours" in case and "error" in case), f"{where}: both a reading and an error"
    found = {key: case[key] for key in READING_KEYS if key in case}
    if "ours" in case:
        differs = case["ours"] != found
    else:
        # Wherever botocore finds nothing or refuses, sigv4 must say something.
        differs = ("error" in case) == (case["botocore"] in PLAIN)
        # A role that botocore would assume is a reading, too.
        differs |= case["botocore"] not in PLAIN | {"none"} and not case["botocore"].endswith(
            ("Error", "NotFound")
        )
    if differs != ("differs" in case):
        raise SystemExit(f"{where}: botocore says {case['botocore']} {found}")


if __name__ == "__main__":
    main()
