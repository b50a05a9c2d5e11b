#!/usr/bin/env python3
"""Readers while a solve runs: 2,000 requests a second of the departures and of the rider's page; and a cold start with 1,000 plans.

    .ci/load.py [--rate 2000] [--seconds 20]         run by hand (in .ci/long), on a machine with nothing else to do

The generator (below) asks at a fixed rate whatever the answers do, so a slow answer is not hidden by asking less. In the same run nginx
serves the same bytes as files: the ratio says what the service costs beside a file. The processor time of generator and server is said,
and how much of a core the solver had.
"""

import argparse
import asyncio
import collections
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.parse

from service import ROOT, Client, Database, Folder, Server, default_binary, free_port

NGINX = """worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 4096; }}
http {{ access_log off; client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5; keepalive_requests 1000000;
server {{ listen 127.0.0.1:{port}; root {folder}/static; }} }}
"""


def processor(pid):
    """Seconds of processor time of a process, and of its solving threads."""
    ticks = os.sysconf("SC_CLK_TCK")

    def of(path):
        with open(path) as file:
            name, rest = file.read().rsplit(")", 1)
        parts = rest.split()
        return name.split("(", 1)[1], (int(parts[11]) + int(parts[12])) / ticks

    total, solving = of(f"/proc/{pid}/stat")[1], 0.0
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            name, seconds = of(f"/proc/{pid}/task/{thread}/stat")
        except OSError:
            continue
        if name.startswith("solver"):
            solving += seconds
    return total, solving


def memory(pid):
    """MB in memory now."""
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS"))


def attack(url, rate, seconds, folder):
    """(p50 ms, p99 ms, share answered 200, requests a second, generator's share of a core)"""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = [sys.executable, __file__, "--attack", url, "--rate", str(rate), "--seconds", str(seconds)]
    said = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    took, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / took
    return said["p50"], said["p99"], said["answered"], said["rate"], used


class Reader(asyncio.Protocol):
    """One kept connection of the generator; one request at a time."""

    def __init__(self, crowd):
        self.crowd, self.due, self.got, self.need = crowd, None, b"", None

    def connection_made(self, transport):
        self.transport = transport
        self.crowd.idle.append(self)

    def ask(self, due):
        self.due, self.got, self.need = due, b"", None
        self.transport.write(self.crowd.request)

    def data_received(self, data):
        self.got += data
        if self.need is None:
            end = self.got.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self.got[:end].lower()
            self.good = head.startswith(b"http/1.1 200")
            at = head.find(b"content-length: ")
            # A length, or pieces until an empty one.
            self.need = end + 4 + int(head[at + 16 : at + 30].split(b"\r")[0]) if at >= 0 else 0
        if len(self.got) >= self.need if self.need else self.got.endswith(b"\r\n0\r\n\r\n"):
            self.crowd.done(self)

    def connection_lost(self, error):
        self.crowd.lost += 1


class Crowd:
    """Readers who come at a fixed rate, whatever the answers do: what takes long is counted from when it was due."""

    def __init__(self, request):
        self.request, self.idle, self.waiting = request, [], collections.deque()
        self.times, self.good, self.lost = [], 0, 0

    def come(self, due):
        if self.idle:
            self.idle.pop().ask(due)
        else:
            self.waiting.append(due)

    def done(self, reader):
        self.times.append(time.perf_counter() - reader.due)
        self.good += reader.good
        if self.waiting:
            reader.ask(self.waiting.popleft())
        else:
            self.idle.append(reader)


async def crowd(url, rate, seconds):
    parts = urllib.parse.urlsplit(url)
    request = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    people = Crowd(request)
    for _ in range(64):
        await asyncio.get_running_loop().create_connection(lambda: Reader(people), parts.hostname, parts.port)
    begun, sent = time.perf_counter(), 0
    while sent < rate * seconds:
        now = time.perf_counter() - begun
        while sent < min(now * rate, rate * seconds):
            people.come(begun + sent / rate)
            sent += 1
        await asyncio.sleep(0.001)
    while len(people.times) < sent and time.perf_counter() - begun < seconds + 10:
        await asyncio.sleep(0.01)
    took = max(time.perf_counter() - begun, seconds)
    times = sorted(people.times) or [float("inf")]
    at = lambda share: 1000 * times[min(len(times) - 1, int(share * len(times)))]
    print(json.dumps({"p50": at(0.5), "p99": at(0.99), "answered": people.good / sent, "rate": len(people.times) / took}))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default=default_binary())
    parser.add_argument("--rate", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--plans", type=int, default=1000)
    parser.add_argument("--no-fail", action="store_true", help="say the figures only")
    parser.add_argument("--attack", metavar="URL", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.attack:
        return asyncio.run(crowd(args.attack, args.rate, args.seconds))
    if not shutil.which("nginx"):
        raise SystemExit("nginx is needed: apt-get install nginx-light")
    failed = []
    with Folder() as folder:
        database = Database(None, folder)
        server = Server(args.binary, database.url, folder, "--unlimited", str(ROOT / "data" / "gonghexin")).start()
        nginx = None
        try:
            client = Client(server.port, server.first_admin())
            project, stop = publish(client)
            pages = {
                "departures": f"/v1/public/{project}/stops/{stop}/departures",
                "rider's page": f"/p/{project}/{stop}",
            }
            static, port = folder / "static", free_port()
            static.mkdir()
            for number, path in enumerate(pages.values()):
                answer = client.call("GET", path)
                assert answer.status == 200, (path, answer)
                (static / f"{number}").write_bytes(answer.body)
            (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
            nginx = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)
            run = client.call("POST", f"/v1/projects/{project}/plans", {"label": "beside the readers", "seconds": 3600}).headers["location"]
            while client.call("GET", run).json()["state"] != "running":
                time.sleep(0.1)
            print(f"{os.cpu_count()} cores, {args.rate} requests a second asked for, {args.seconds} s each, one solve running")
            for number, (name, path) in enumerate(pages.items()):
                total, solving = processor(server.process.pid)
                begun = time.monotonic()
                ours = attack(f"http://127.0.0.1:{server.port}{path}", args.rate, args.seconds, folder)
                took = time.monotonic() - begun
                total, solving = (now - then for now, then in zip(processor(server.process.pid), (total, solving)))
                file = attack(f"http://127.0.0.1:{port}/{number}", args.rate, args.seconds, folder)
                size = (static / f"{number}").stat().st_size
                print(f"{name} ({size} bytes): p50 {ours[0]:.1f} ms, p99 {ours[1]:.1f} ms, {ours[3]:.0f}/s, {ours[2]:.2%} answered; "
                      f"generator {ours[4]:.0%} of a core, server {(total - solving) / took:.0%}, solver {solving / took:.0%}")
                print(f"  the same bytes as a file by nginx: p50 {file[0]:.1f} ms, p99 {file[1]:.1f} ms, {file[3]:.0f}/s, generator {file[4]:.0%}; "
                      f"ratio p50 {ours[0] / file[0]:.1f}, p99 {ours[1] / file[1]:.1f}")
                if ours[1] >= 100 or ours[2] < 1 or ours[3] < args.rate * 0.98:
                    failed.append(f"{name}: p99 {ours[1]:.1f} ms at {ours[3]:.0f}/s")
            assert client.call("GET", run).json()["state"] == "running", "the solve ended too soon"
            client.call("POST", f"{run}/cancel")
            while client.call("GET", run).json()["state"] == "running":
                time.sleep(0.1)
        finally:
            server.kill()
            if nginx:
                nginx.kill()
        many(database, project, args.plans)
        server.start(wait=False)
        took = server.wait()
        client = Client(server.port)
        first = time.monotonic()
        assert client.call("GET", f"/v1/public/{project}/stops/{stop}/departures").status == 200
        first = time.monotonic() - first
        time.sleep(5)
        idle = memory(server.process.pid)
        print(f"cold start with {args.plans} plans: ready after {took:.2f} s, the first departures after {first:.2f} s more, {idle:.0f} MB idle")
        if took >= 1 or idle >= 300:
            failed.append(f"cold start {took:.2f} s, {idle:.0f} MB")
        server.kill()
    if failed and not args.no_fail:
        raise SystemExit("FAILED: " + "; ".join(failed))
    print("passed")


def publish(client):
    """A plan of the demo in force: (project, a stop of it)."""
    project = client.all("/v1/projects")[0]["id"]
    at = f"/v1/projects/{project}"
    run = client.call("POST", f"{at}/plans", {"label": "published", "iterations": 1}).headers["location"]
    while not (shown := client.call("GET", run).json()).get("ended"):
        time.sleep(0.1)
    assert shown["state"] == "done", shown
    import datetime

    day = str(datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date())
    made = client.call("POST", f"{at}/publications", {"plan": shown["plan"], "from": day})
    assert made.status == 201, made
    stops = client.call("GET", f"/v1/public/{project}/stops").json()
    stops = stops.get("items", stops.get("stops", stops)) if isinstance(stops, dict) else stops
    return project, stops[0]["id"]


def many(database, project, count):
    """Copies of a plan, by the database itself: what it takes to start does not depend on how they came in."""
    with sqlite3.connect(database.url.removeprefix("sqlite:")) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(plans)")]
        others = ", ".join(column for column in columns if column != "id")
        for number in range(count):
            db.execute(f"INSERT INTO plans (id, {others}) SELECT '{number:064x}', {others} FROM plans WHERE project = ? LIMIT 1", (project,))
        assert db.execute("SELECT count(*) FROM plans").fetchone()[0] >= count


if __name__ == "__main__":
    main()
