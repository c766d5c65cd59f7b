"""Signs the requests of cases.toml by clients that make the mistakes they name.

    python3 -m venv .venv
    .venv/bin/pip install --require-hashes -r ../sigv4/requirements.txt
    .venv/bin/python generate.py            sign and rewrite the file
    .venv/bin/python generate.py --check    fail if it would change

The clients are botocore's own signer but for one step each, see clients.py.
What `explain` has to find is written by hand. The case `sample` is also the
raw request of sample.http, which a reader can try.
"""

import argparse
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "sigv4"))
import case_file  # noqa: E402
import clients  # noqa: E402

CONTEXT_KEYS = ["access_key_id", "secret_access_key", "timestamp", "region", "service", "signer", "server"]
INPUT_KEYS = [
    "name",
    "rule",
    "makes",
    "refusal",
    "finds",
    "differs",
    "signature",
    *CONTEXT_KEYS,
    "session_token",
    "now",
    "on_file",
    "hosts",
    "targets",
    "method",
    "target",
    "headers",
    "body",
]
FILLED_KEYS = ["sent_method", "sent_target", "sent_headers", "sent_body"]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    path = HERE / "cases.toml"
    text = path.read_text()
    document = tomllib.loads(text)
    unused = set(clients.MISTAKES)
    for case in document["case"]:
        unknown = set(case) - set(INPUT_KEYS + FILLED_KEYS)
        if unknown:
            raise SystemExit(f"{case['name']}: unknown keys {sorted(unknown)}")
        sent = clients.sign_and_send(document["context"] | case)
        case |= {f"sent_{key}": value for key, value in sent.items()}
        unused -= set(case["makes"])
    if unused:
        raise SystemExit(f"no case makes {sorted(unused)}")
    sample = next(case for case in document["case"] if case["name"] == "sample")
    for path, filled in [(path, render(document)), (HERE / "sample.http", raw(sample))]:
        if options.check and filled != path.read_text():
            sys.exit(f"{path.name} is out of date")
        path.write_text(filled)
    print(f"{len(document['case'])} requests")


def raw(case):
    """A request as it goes over the wire, but for LF in place of CR LF."""
    lines = [f"{case['sent_method']} {case['sent_target']} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in case["sent_headers"]]
    return "\n".join(lines) + f"\n\n{case['sent_body']}"


def render(document):
    return "\n".join(
        [
            f"about = {case_file.string(document['about'])}\n",
            case_file.table("[context]", document["context"], CONTEXT_KEYS),
        ]
        + [case_file.table("[[case]]", case, INPUT_KEYS + FILLED_KEYS) for case in document["case"]]
    )


if __name__ == "__main__":
    main()
