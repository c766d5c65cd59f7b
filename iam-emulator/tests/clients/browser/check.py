"""Pages of other origins against the emulator, in headless Chromium.

    check.py CHROMIUM EMULATOR

Every attempt is a URL that botocore presigned with the root's key, so that only the browser's
marks and the host stand between a page and a new user. Prints one line per step, named after the
origin of the page and what it tried: the user must not exist afterwards, and the status in
Chromium's own log of the network must be the one expected.
"""

import contextlib
import http.server
import json
import os
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.credentials

CHROMIUM, EMULATOR = sys.argv[1:]
SECONDS_MAX = 60

# How a page can send a request without being asked.
ATTEMPTS = {
    "image": "await new Promise(done => { const image = new Image(); "
    "image.onload = image.onerror = done; image.src = url; });",
    "form": "await new Promise(done => { const frame = document.createElement('iframe'); "
    "frame.name = url; document.body.append(frame); const form = document.createElement('form'); "
    "form.method = 'post'; form.action = url; form.target = url; document.body.append(form); "
    "frame.onload = done; form.submit(); });",
    "frame": "await new Promise(done => { const frame = document.createElement('iframe'); "
    "frame.onload = done; frame.src = url; document.body.append(frame); });",
    "fetch no-cors": "await fetch(url, {mode: 'no-cors'});",
    "fetch cors": "await fetch(url, {mode: 'cors'});",
    "fetch cors with a header": "await fetch(url, {mode: 'cors', headers: {'x-a': 'b'}});",
    "fetch same-origin": "await fetch(url, {mode: 'same-origin'});",
}
# What Chromium keeps to itself: no status is ever seen.
NOT_SENT = {"fetch same-origin"}


def main():
    with tempfile.TemporaryDirectory() as folder, Pages() as pages:
        folder = pathlib.Path(folder)
        allowed = f"http://allowed.example:{pages.port}"
        with emulator(folder / "port", "--allow-origin", allowed) as endpoint:
            for name in ["127.0.0.1", "another.example"]:
                page(pages, folder, endpoint, f"http://{name}:{pages.port}", is_allowed=False)
            page(pages, folder, endpoint, allowed, is_allowed=True)
            rebinding(folder, endpoint)


def page(pages, folder, endpoint, origin, is_allowed):
    """A page of `origin` tries everything."""
    name = origin.removeprefix("http://").split(":")[0]
    urls = {attempt: presigned(endpoint, user_name(name, attempt)) for attempt in ATTEMPTS}
    pages.body = "<body><script type=module>" + "".join(
        f"{{ const url = {json.dumps(urls[attempt])}; try {{ {code} }} catch {{}} }}"
        for attempt, code in ATTEMPTS.items()
    ) + "await fetch('/done', {method: 'POST'});</script>"
    with chromium(folder, f"{origin}/") as log:
        pages.done.get(timeout=SECONDS_MAX)
    users, statuses = user_names(endpoint), log()
    for attempt, url in urls.items():
        # Only a page that asks to be told the answer names its origin.
        is_done = is_allowed and attempt in {"form", "fetch cors", "fetch cors with a header"}
        expected = None if attempt in NOT_SENT else 200 if is_done else 403
        seen = statuses.get(url)
        has_user = user_name(name, attempt) in users
        report(f"{name}: {attempt}", has_user == is_done and seen == expected,
               f"status {seen}, user {'made' if has_user else 'not made'}")


def rebinding(folder, endpoint):
    """A name that an attacker's name server has bent to this machine, beside what may be typed."""
    port = endpoint.rsplit(":", 1)[1]
    for name, expected in [("127.0.0.1", 200), ("localhost", 200), ("rebound.example", 421)]:
        url = presigned(f"http://{name}:{port}", user_name(name, "typed"))
        health = f"http://{name}:{port}/_emulator/health"
        for what, target in [("typed", url), ("health", health)]:
            with chromium(folder, target, "--dump-dom", is_waited_for=True) as log:
                pass
            report(f"{name}: {what}", log().get(target) == expected, f"status {log().get(target)}")
        has_user = user_name(name, "typed") in user_names(endpoint)
        report(f"{name}: user", has_user == (expected == 200), "the user is wrong")


class Pages:
    """The site of the pages: every path is the page, and a POST says that it has done its work."""

    def __enter__(self):
        self.body, self.done = "", queue.Queue()
        pages = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = pages.body.encode() if self.path == "/" else b""
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                self.send_response(204)
                self.end_headers()
                pages.done.put(self.path)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()


@contextlib.contextmanager
def emulator(port_file, *options):
    command = [EMULATOR, "serve", "--listen", "127.0.0.1:0", "--port-file", port_file, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().removeprefix("Ready. ").strip()
        finally:
            process.terminate()


@contextlib.contextmanager
def chromium(folder, url, *options, is_waited_for=False):
    """Chromium at `url`; what it yields reads the statuses by URL, once it has ended."""
    profile = tempfile.mkdtemp(dir=folder)
    log = pathlib.Path(profile) / "network.json"
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--no-proxy-server", "--host-resolver-rules=MAP *.example 127.0.0.1",
        f"--user-data-dir={profile}", f"--log-net-log={log}", *options, url,
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield lambda: statuses(log)
            if is_waited_for:
                process.wait(SECONDS_MAX)
        finally:
            process.terminate()
            process.wait(SECONDS_MAX)


def statuses(log):
    """The status that each URL was answered with, from Chromium's log of the network."""
    text = log.read_text()
    try:
        content = json.loads(text)
    except ValueError:  # It was stopped between two events.
        content = json.loads(text.rstrip().rstrip(",") + "]}")
    types = content["constants"]["logEventTypes"]
    started, answered = types["URL_REQUEST_START_JOB"], types["HTTP_TRANSACTION_READ_RESPONSE_HEADERS"]
    urls, found = {}, {}
    for event in content["events"]:
        source, params = event["source"]["id"], event.get("params", {})
        if event["type"] == started and "url" in params:
            urls[source] = (params["url"], params.get("method"))
        if event["type"] == answered and source in urls:
            url, method = urls[source]
            # An OPTIONS that was allowed is followed by the request itself.
            status = int(params["headers"][0].split()[1])
            if method != "OPTIONS" or status >= 400:
                found[url] = status
    return found


def presigned(endpoint, user):
    request = botocore.awsrequest.AWSRequest(
        "GET", f"{endpoint}/?Action=CreateUser&Version=2010-05-08&UserName={user}")
    if user.endswith("form"):
        request.method = "POST"
    key = botocore.credentials.Credentials("test", "test")
    botocore.auth.SigV4QueryAuth(key, "iam", "us-east-1").add_auth(request)
    return request.url


def user_names(endpoint):
    client = boto3.client("iam", endpoint_url=endpoint)
    pages = client.get_paginator("list_users").paginate()
    return {user["UserName"] for page in pages for user in page["Users"]}


def user_name(host, attempt):
    return f"{host}-{attempt}".replace(" ", "-")


def report(step, is_right, found):
    print(f"ok - {step}" if is_right else f"not ok - {step}: {found}", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("AWS_REGION", "us-east-1")
    main()
