"""A server of ours for the harnesses: started, waited for, spoken to, killed. Python's standard library only."""

import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "a long enough password"


class Away(Exception):
    """No whole answer came: whether the write was done is unknown."""


def free_port():
    """Below those that the system hands out: a server that is started again finds its port free."""
    while True:
        port = random.randrange(20000, 30000)
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass


def default_binary():
    built = [ROOT / "target" / profile / "jiebo" for profile in ("release", "debug")]
    target = os.environ.get("CARGO_TARGET_DIR")
    if target:
        built = [Path(target) / profile / "jiebo" for profile in ("release", "debug")] + built
    return str(next((path for path in built if path.exists()), built[-1]))


class Database:
    """A fresh database: a SQLite file in `folder`, or a new database beside the one of a postgres:// URL."""

    def __init__(self, url, folder):
        self.server = None
        if url and url.startswith(("postgres://", "postgresql://")):
            self.server, name = url, f"jiebo_ci_{os.getpid()}_{uuid.uuid4().hex[:6]}"
            self._sql(f"CREATE DATABASE {name}")
            parts = urllib.parse.urlsplit(url)
            self.name, self.url = name, urllib.parse.urlunsplit(parts._replace(path="/" + name))
        else:
            self.url = url or f"sqlite:{folder}/jiebo.db"

    def _sql(self, text):
        subprocess.run(["psql", self.server, "-qXc", text], check=True, stdout=subprocess.DEVNULL)

    def drop(self):
        if self.server:
            self._sql(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    @property
    def kind(self):
        return "PostgreSQL" if self.server else "SQLite"


class Server:
    """`jiebo serve`. Several starts on one database are one Server; its output is kept in `log`."""

    def __init__(self, binary, database, folder, *options, port=None):
        self.binary, self.database, self.folder = binary, database, Path(folder)
        self.port, self.options = port or free_port(), options
        self.log = self.folder / f"server-{self.port}.log"
        self.process = None
        # The lock by which one solve a machine runs lies in the temporary folder: harnesses must not wait for other servers.
        self.environment = {**os.environ, "TMPDIR": str(self.folder), "RUST_BACKTRACE": "1", "LANG": "C.UTF-8"}

    def start(self, wait=True, limit=60):
        with open(self.log, "ab") as log:
            listen = ["--listen", f"127.0.0.1:{self.port}"]
            command = [self.binary, "serve", *listen, "--db", self.database, *self.options]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=self.environment)
        if wait:
            self.wait(limit)
        return self

    def wait(self, limit=60):
        """Until it is ready; seconds it took."""
        begun = time.monotonic()
        while time.monotonic() - begun < limit:
            if self.process.poll() is not None:
                raise SystemExit(f"the server ended by itself ({self.process.returncode}):\n{self.tail()}")
            try:
                if Client(self.port, timeout=2).call("GET", "/ready").status == 200:
                    return time.monotonic() - begun
            except Away:
                pass
            time.sleep(0.005)
        raise SystemExit(f"the server is not ready after {limit} s:\n{self.tail()}")

    def kill(self, how=signal.SIGKILL):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
        if self.process:
            self.process.wait(60)

    def tail(self, count=30):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])

    def panics(self):
        return len(re.findall(r"panicked at", self.log.read_text(errors="replace")))

    def first_admin(self):
        """Signs in by the one-time link and makes a key: the key."""
        # Printed after it listens: a moment may pass.
        for _ in range(200):
            tokens = re.findall(r"/welcome\?token=([A-Za-z0-9_-]+)", self.log.read_text(errors="replace"))
            if tokens:
                break
            time.sleep(0.05)
        else:
            raise SystemExit(f"no one-time link was printed:\n{self.tail()}")
        client = Client(self.port)
        accepted = client.call("POST", "/v1/invitations/accepted", {"token": tokens[-1], "password": PASSWORD})
        assert accepted.status in (200, 204), accepted
        cookie = accepted.headers["set-cookie"].split(";")[0]
        key = client.call("POST", "/v1/keys", {"name": "harness"}, {"cookie": cookie})
        assert key.status == 201, key
        self.cookie = cookie
        return key.json()["key"]


class Worker:
    """`jiebo worker`."""

    def __init__(self, binary, database, folder):
        self.folder = Path(folder)
        self.log = self.folder / f"worker-{uuid.uuid4().hex[:6]}.log"
        environment = {**os.environ, "TMPDIR": str(folder)}
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([binary, "worker", "--db", database], stdout=log, stderr=log, env=environment)

    def kill(self):
        self.process.kill()
        self.process.wait(60)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:600]!r}"


class Client:
    """One connection, kept; for one thread."""

    def __init__(self, port, key=None, timeout=20):
        self.port, self.timeout, self.connection = port, timeout, None
        self.headers = {"authorization": f"Bearer {key}"} if key else {}

    def call(self, method, path, body=None, headers=None):
        """A whole answer, or Away."""
        sent = {**self.headers, **(headers or {})}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent.setdefault("content-type", "application/json")
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
            self.connection.request(method, path, body, sent)
            answer = self.connection.getresponse()
            kept = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, kept, answer.read())
        except (OSError, http.client.HTTPException) as error:
            if self.connection:
                self.connection.close()
            self.connection = None
            raise Away(repr(error)) from error

    def all(self, path):
        """Every entry of a list, page by page."""
        items, after = [], ""
        while True:
            query = urllib.parse.urlencode({"limit": 200, **({"after": after} if after else {})})
            answer = self.call("GET", f"{path}?{query}")
            if answer.status != 200:
                raise Away(f"GET {path}: {answer}")
            page = answer.json()
            items += page["items"]
            after = page.get("next")
            if not after:
                return items


def demo_zip(folder=ROOT / "data" / "gonghexin"):
    """A project folder as a ZIP."""
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(Path(folder).iterdir()):
            if file.is_file():
                archive.write(file, file.name)
    return out.getvalue()


class Folder:
    """A temporary folder, kept where something was wrong."""

    def __enter__(self):
        self.path = Path(tempfile.mkdtemp(prefix="jiebo-ci-"))
        return self.path

    def __exit__(self, kind, *_):
        if kind is None:
            shutil.rmtree(self.path, ignore_errors=True)
        else:
            print(f"left for a look: {self.path}")
