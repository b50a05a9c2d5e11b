#!/usr/bin/env python3
"""kill -9 of the server at random moments under load: nothing acknowledged is lost, nothing is done twice, every job ends.

    .ci/kill.py                                        100 kills on SQLite
    .ci/kill.py --db postgres://root@127.0.0.1/postgres --kills 30
    .ci/kill.py --must-fail --binary PLANTED --kills 10

Several threads write, each through things of its own, each write under an Idempotency-Key. A write whose answer did not come whole is
sent again after the restart under the same key until it is answered; only then the thread goes on. So a thread knows at any moment what
must be there, and looks: after each restart at what it wrote since the last, at the end at everything, and in every list whether anything
stands twice. Runs are followed: an end that was seen once stays that end.

`--must-fail` is for a build that acknowledges before it commits (`cargo build --features planted-early-ack`): the harness must find it.
Figures go to standard output; 1 is answered where anything was lost, doubled, changed or did not end.
"""

import argparse
import datetime
import random
import threading
import time
import uuid
from collections import Counter

from service import Away, Client, Database, Folder, Server, default_binary, demo_zip

TERMINAL = {"done", "failed", "cancelled"}
DEMO = "demo"
# A site of the demo, and a plan of it that can be published.
SITE = "lingshi-media"
PLANS = []


class Thing:
    """What an acknowledged write must have left: `at` answers `shows`, or 404 where it was taken away. Without `at`: only in its list."""

    def __init__(self, at, shows, listed=None, mark=None):
        self.at, self.shows, self.listed, self.mark, self.gone = at, shows, listed, mark, False


class Kind:
    """Things that are made by POST to a list. More kinds are more rows of KINDS."""

    def __init__(self, name, path, body, often, mark="name", readable=True):
        self.name, self.path, self.body, self.often, self.mark, self.readable = name, path, body, often, mark, readable


def later_day(key):
    """A day in the years to come that no other write has."""
    writer, number, _ = key.split("-")
    return str(datetime.date.today() + datetime.timedelta(days=2 + int(writer) + 8 * int(number)))


# {project} is one of the thread's own projects. `mark` is the field that holds the write's key, so that doubles are seen in lists.
KINDS = [
    Kind("project", "/v1/projects", lambda rng, key: {"id": f"k-{key}", "name": f"Project {key}", "name_zh": "项目"}, 3),
    Kind("user", "/v1/users", lambda rng, key: {"login": f"u-{key}", "name": f"用户 {rng.random()}"}, 3, mark="login"),
    Kind(
        "scenario",
        "/v1/projects/{project}/scenarios",
        lambda rng, key: {
            "name": f"scenario {key}",
            "modifications": [{"kind": "set_budget", "per_day": float(rng.randrange(100, 9000))}],
        },
        4,
    ),
    Kind("round", f"/v1/projects/{DEMO}/rounds", lambda rng, key: {"title": f"round {key}", "title_zh": "通勤"}, 1, mark="title"),
    Kind(
        "room",
        f"/v1/projects/{DEMO}/rooms",
        lambda rng, key: {"id": f"r-{key}", "site": SITE, "kind": "meeting", "seats": rng.randrange(1, 99), "days": "Mon-Fri",
                          "from": "09:00", "to": "17:00"},
        1,
        mark="id",
        readable=False,
    ),
    Kind("alert", f"/v1/projects/{DEMO}/alerts", lambda rng, key: {"zh": f"提示 {key}", "en": f"alert {rng.random()}"}, 1, mark="zh"),
    Kind(
        "publication",
        f"/v1/projects/{DEMO}/publications",
        lambda rng, key: {"plan": PLANS[0], "from": later_day(key)},
        0.5,
        mark="from",
    ),
]


class Board:
    """What all threads share."""

    def __init__(self):
        self.lock = threading.Lock()
        self.counts, self.wrong = Counter(), []
        self.generation = 0
        self.stop = threading.Event()

    def count(self, what, by=1):
        with self.lock:
            self.counts[what] += by

    def fault(self, kind, text):
        with self.lock:
            self.counts[kind] += 1
            self.wrong.append(f"{kind}: {text}")
            if len(self.wrong) <= 30:
                print(f"  {kind}: {text}", flush=True)


class Loader(threading.Thread):
    """One writer and what it knows."""

    def __init__(self, number, seed, port, key, board, pace):
        super().__init__(daemon=True)
        self.rng, self.board, self.number, self.pace = random.Random(f"{seed}-{number}"), board, number, pace
        self.client = Client(port, key)
        self.things, self.projects, self.runs = [], [], {}
        self.seen, self.fresh, self.answered, self.serial, self.made = 0, [], [], 0, 0
        self.error = None

    # Speaking to a server that comes and goes.

    def read(self, path):
        while True:
            try:
                answer = self.client.call("GET", path)
            except Away:
                time.sleep(0.01)
                continue
            if answer.status == 503:
                time.sleep(0.05)
                continue
            if answer.status >= 500:
                self.board.fault("server errors", f"GET {path}: {answer}")
            return answer

    def list(self, path):
        while True:
            try:
                return self.client.all(path)
            except Away:
                time.sleep(0.02)

    def write(self, method, path, body=None, headers=None, key=None):
        """Until it is acknowledged."""
        self.serial += 1
        key = key or f"{self.number}-{self.serial}-{uuid.UUID(int=self.rng.getrandbits(128)).hex[:8]}"
        headers = {**(headers or {}), "idempotency-key": key}
        tries = 0
        while True:
            tries += 1
            try:
                answer = self.client.call(method, path, body, headers)
            except Away:
                time.sleep(0.01)
                continue
            if answer.status == 503:
                time.sleep(0.05)
                continue
            break
        self.board.count("acknowledged writes" if answer.status < 300 else "refused writes")
        if tries > 1:
            self.board.count("asked again")
        if answer.status >= 400:
            # All that is asked for here is right: a refusal means that the first time was half done, or done and forgotten.
            self.board.fault("refused", f"{method} {path} {body if not isinstance(body, bytes) else ''} (try {tries}): {answer}")
        elif len(self.answered) < 2000 or self.rng.random() < 0.1:
            self.answered.append((method, path, body, headers, answer))
        return answer

    # What is written.

    def run(self):
        try:
            self.first()
            while not self.board.stop.is_set():
                if self.board.generation != self.seen:
                    self.after_restart()
                self.one()
                time.sleep(self.rng.random() * self.pace)
        except Exception as error:  # A thread that dies in silence would look like a pass.
            self.error = error
            self.board.fault("harness errors", repr(error))
            raise

    def first(self):
        self.make(KINDS[0])

    def one(self):
        choices = {kind: kind.often for kind in KINDS}
        choices |= {self.put_file: 4, self.rename: 2, self.rewrite: 2, self.take_away: 1, self.again: 2, self.plan: 1,
                    self.cancel: 1, self.sweep: 0.1, self.look_at_runs: 1}
        chosen = self.rng.choices(list(choices), list(choices.values()))[0]
        self.make(chosen) if isinstance(chosen, Kind) else chosen()

    def remember(self, thing):
        self.things.append(thing)
        self.fresh.append(thing)
        return thing

    def make(self, kind):
        self.made += 1
        tag = f"{self.number}-{self.made}-{uuid.UUID(int=self.rng.getrandbits(128)).hex[:6]}"
        path = kind.path.format(project=self.rng.choice(self.projects) if self.projects else "")
        body = kind.body(self.rng, tag)
        answer = self.write("POST", path, body)
        if answer.status >= 300:
            return
        at = answer.headers["location"]
        thing = self.remember(Thing(at if kind.readable else None, {**body}, path, kind.mark))
        thing.kind = kind.name
        if kind.name == "project":
            self.projects.append(body["id"])

    def put_file(self):
        project = self.rng.choice(self.projects)
        name = f"{self.rng.choice(['survey', 'sites', 'firms', 'lots'])}-{self.rng.randrange(4)}.csv"
        data = f"id,name\n{self.rng.random()},{'字' * self.rng.randrange(2000)}\n".encode()
        at = f"/v1/projects/{project}/files/{name}"
        if self.write("PUT", at, data, {"content-type": "application/octet-stream"}).status < 300:
            thing = self.remember(Thing(at, data))
            self.things = [t for t in self.things if t.at != at or t is thing]
            self.fresh = [t for t in self.fresh if t.at != at or t is thing]

    def of(self, kind):
        return [thing for thing in self.things if getattr(thing, "kind", None) == kind and not thing.gone]

    def rename(self):
        thing = self.rng.choice(self.of("project"))
        key = thing.shows["id"].removeprefix("k-")
        body = {"name": f"Project {key}", "name_zh": f"改 {self.rng.random()}"}
        if self.write("PATCH", thing.at, body).status < 300:
            thing.shows.update(body)
            self.fresh.append(thing)

    def rewrite(self):
        """With If-Match: asked again after it was done, the key must come before the revision."""
        scenarios = self.of("scenario")
        if not scenarios:
            return
        thing = self.rng.choice(scenarios)
        now = self.read(thing.at)
        if now.status != 200:
            return self.board.fault("lost", f"{thing.at}: {now}")
        body = {**thing.shows, "modifications": [{"kind": "set_budget", "per_day": float(self.rng.randrange(1, 99))}]}
        if self.write("PUT", thing.at, body, {"if-match": now.headers["etag"]}).status < 300:
            thing.shows.update(body)
            self.fresh.append(thing)

    def take_away(self):
        scenarios = self.of("scenario")
        if len(scenarios) < 5:
            return
        thing = self.rng.choice(scenarios)
        if self.write("DELETE", thing.at).status < 300:
            thing.gone = True
            self.fresh.append(thing)

    def again(self):
        """An answered write comes again: the same answer, and nothing is done."""
        if not self.answered:
            return
        method, path, body, headers, first = self.rng.choice(self.answered)
        try:
            answer = self.client.call(method, path, body, headers)
        except Away:
            return
        if answer.status == 503:
            return
        if (answer.status, answer.body) != (first.status, first.body):
            self.board.fault("answered otherwise", f"{method} {path}: {first} and then {answer}")

    def plan(self):
        if sum(1 for run in self.runs.values() if run["state"] not in TERMINAL) >= 4:
            return self.look_at_runs()
        label = f"plan {self.number}-{len(self.runs)}-{self.rng.randrange(10**6)}"
        how = self.rng.choice([{"seconds": 0}, {"seconds": 1}, {"iterations": 1}, {"iterations": 50}])
        parts = self.rng.choice([["shuttle"], ["parking"], ["rest"], ["groups"], ["rooms"], []])
        body = {"label": label, "only": parts, "seed": self.rng.randrange(1000), **how}
        answer = self.write("POST", f"/v1/projects/{DEMO}/plans", body)
        if answer.status < 300:
            self.follow(answer.json(), label)

    def follow(self, run, label):
        self.runs[run["id"]] = {"state": run["state"], "label": label, "end": None, "cancel": False}
        thing = self.remember(Thing(f"/v1/runs/{run['id']}", {"label": label}, f"/v1/projects/{DEMO}/runs", "label"))
        thing.kind = "run"

    def sweep(self):
        if sum(1 for run in self.runs.values() if run["state"] not in TERMINAL) >= 4:
            return
        name = f"sweep {self.number}-{self.serial}-{self.rng.randrange(10**6)}"
        plans = [{"label": f"{name} {n}", "iterations": 1, "only": ["rest"], "seed": n} for n in range(3)]
        answer = self.write("POST", f"/v1/projects/{DEMO}/sweeps", {"name": name, "plans": plans})
        if answer.status >= 300:
            return
        at = answer.headers["location"]
        thing = self.remember(Thing(at, {"name": name}, f"/v1/projects/{DEMO}/sweeps", "name"))
        thing.kind = "sweep"
        rows = self.read(at).json().get("rows", [])
        if sorted(row["run"]["label"] for row in rows) != [plan["label"] for plan in plans]:
            self.board.fault("doubled" if len(rows) > 3 else "lost", f"{at} has {len(rows)} of 3 jobs")
        for row in rows:
            self.follow(row["run"], row["run"]["label"])

    def cancel(self):
        alive = [id for id, run in self.runs.items() if run["state"] not in TERMINAL]
        if not alive or self.rng.random() < 0.5:
            return
        id = self.rng.choice(alive)
        answer = self.write("POST", f"/v1/runs/{id}/cancel")
        if answer.status < 300:
            run = answer.json()
            self.runs[id]["cancel"] = run["cancelling"] or run["state"] == "cancelled"
            if not run["cancelling"] and run["state"] not in TERMINAL:
                self.board.fault("lost", f"run {id} was to be cancelled and goes on: {run}")

    def look_at_runs(self, ids=None):
        alive = ids or [id for id, run in self.runs.items() if run["state"] not in TERMINAL]
        for id in alive:
            answer = self.read(f"/v1/runs/{id}")
            if answer.status != 200:
                self.board.fault("lost", f"run {id}: {answer}")
                continue
            shown, known = answer.json(), self.runs[id]
            end = (shown["state"], shown.get("plan"), shown.get("ended")) if shown["state"] in TERMINAL else None
            if known["end"] and end != known["end"]:
                self.board.fault("doubled", f"run {id} ended as {known['end']} and then as {end}")
            if end and known["cancel"] and shown["state"] != "cancelled":
                self.board.fault("lost", f"run {id} was to be cancelled and is {shown['state']}")
            if end and shown["state"] == "done" and not shown.get("plan"):
                self.board.fault("lost", f"run {id} is done without a plan")
            known["state"], known["end"] = shown["state"], end
            known["reason"] = (shown.get("reason") or {}).get("code")

    # What must be there.

    def after_restart(self):
        self.seen = self.board.generation
        chosen = {id(thing): thing for thing in self.fresh[-60:]}
        if self.things:
            for thing in self.rng.sample(self.things, min(5, len(self.things))):
                chosen[id(thing)] = thing
        for thing in chosen.values():
            self.look(thing)
        self.fresh = []

    def look(self, thing):
        if thing.at is None:
            return
        answer = self.read(thing.at)
        self.board.count("looked at")
        if thing.gone:
            if answer.status != 404:
                self.board.fault("lost", f"{thing.at} was taken away and is there: {answer}")
        elif answer.status != 200:
            self.board.fault("lost", f"{thing.at}: {answer}")
        elif isinstance(thing.shows, bytes):
            if answer.body != thing.shows:
                self.board.fault("lost", f"{thing.at} has other bytes: {len(answer.body)} of {len(thing.shows)}")
        else:
            shown = answer.json()
            wrong = {k: (v, shown.get(k)) for k, v in thing.shows.items() if shown.get(k) != v}
            if wrong:
                self.board.fault("lost", f"{thing.at}: (written, shown) {wrong}")


def look_at_lists(loaders):
    """Every list whole: what was made stands in it once, nothing else of ours does, no id twice."""
    board, wanted = loaders[0].board, {}
    for loader in loaders:
        for thing in loader.things:
            if thing.listed:
                wanted.setdefault((thing.listed, thing.mark), Counter())
                if not thing.gone:
                    wanted[thing.listed, thing.mark][thing.shows[thing.mark]] += 1
    for (path, mark), marks in wanted.items():
        items = loaders[0].list(path)
        if len({item["id"] for item in items}) != len(items):
            board.fault("doubled", f"{path} shows an id twice")
        shown = Counter(item[mark] for item in items)
        for name, count in marks.items():
            if shown[name] != count:
                board.fault("doubled" if shown[name] > count else "lost", f"{path}: {name} stands there {shown[name]} times")
        ours = set(marks)
        for name in shown:
            # The demo and its first plan, the admin, what the demo's files hold are nobody's write.
            if name not in ours and name not in ("Admin", "admin", "Demo", "first") and not path.endswith("/rooms"):
                board.fault("doubled", f"{path}: nobody wrote {name!r}, or it was taken away")
    ids = [plan["id"] for plan in loaders[0].list(f"/v1/projects/{DEMO}/plans")]
    if len(set(ids)) != len(ids):
        board.fault("doubled", "a plan stands twice in the list")
    for loader in loaders:
        for id, run in loader.runs.items():
            plan = run["end"] and run["end"][1]
            if plan and plan not in ids:
                board.fault("lost", f"the plan of run {id}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--db", help="postgres://… of a server where a database may be made; otherwise a SQLite file")
    parser.add_argument("--binary", default=default_binary())
    parser.add_argument("--limit", type=int, default=180, help="seconds until every job must have ended")
    parser.add_argument("--must-fail", action="store_true", help="the build has the planted fault: it must be found")
    args = parser.parse_args()
    if args.must_fail:
        args.limit = 5
    rng, board, begun = random.Random(args.seed), Board(), time.monotonic()

    with Folder() as folder:
        database = Database(args.db, folder)
        server = Server(args.binary, database.url, folder, "--unlimited").start()
        try:
            key = server.first_admin()
            loaders = [Loader(n, args.seed, server.port, key, board, 0.03) for n in range(args.threads)]
            demo = loaders[0]
            # Kills must find the planted fault, not the haste with which the demo is made.
            patience = 1 if args.must_fail else 0
            demo.write("POST", "/v1/projects", {"id": DEMO, "name": "Demo"})
            time.sleep(patience)
            demo.write("PUT", f"/v1/projects/{DEMO}/files", demo_zip(), {"content-type": "application/zip"})
            time.sleep(patience)
            first = demo.write("POST", f"/v1/projects/{DEMO}/plans", {"label": "first", "iterations": 1, "only": ["shuttle"]})
            time.sleep(patience)
            while not (shown := demo.read(first.headers["location"]).json()).get("ended"):
                time.sleep(0.1)
            PLANS.append(shown["plan"])
            # Alerts need a timetable; no other publication begins on that day.
            day = str(datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date())
            at = demo.write("POST", f"/v1/projects/{DEMO}/publications", {"plan": PLANS[0], "from": day}).headers["location"]
            time.sleep(patience)
            demo.remember(Thing(at, {"plan": PLANS[0], "from": day}, f"/v1/projects/{DEMO}/publications", "from"))
            for loader in loaders:
                loader.start()
            kills, slowest = 0, 0.0
            while kills < args.kills and not (args.must_fail and board.counts["lost"]):
                time.sleep(rng.uniform(0.05, 1.5))
                server.kill()
                kills += 1
                board.generation += 1
                while rng.random() < 0.1 and kills < args.kills:
                    # Also while it starts.
                    server.start(wait=False)
                    time.sleep(rng.uniform(0, 0.2))
                    server.kill()
                    kills += 1
                server.start(wait=False)
                slowest = max(slowest, server.wait())
            board.stop.set()
            for loader in loaders:
                loader.join(120)
                if loader.is_alive():
                    board.fault("harness errors", f"writer {loader.number} does not come to an end")

            ended = time.monotonic()
            while time.monotonic() - ended < args.limit:
                for loader in loaders:
                    loader.look_at_runs()
                if all(run["end"] for loader in loaders for run in loader.runs.values()):
                    break
                time.sleep(0.3)
            waited = time.monotonic() - ended
            runs = [run for loader in loaders for run in loader.runs.values()]
            for run in runs:
                if not run["end"]:
                    board.fault("jobs not ended", f"{run}")
            for loader in loaders:
                loader.look_at_runs(list(loader.runs))
                for thing in loader.things:
                    loader.look(thing)
            look_at_lists(loaders)
            if server.panics():
                board.fault("panics", f"{server.panics()} in {server.log}")
            states = Counter(f"{run['state']}{' (' + run['reason'] + ')' if run.get('reason') else ''}" for run in runs)
        finally:
            server.kill()
            if not board.wrong or args.must_fail:
                database.drop()

        counts = board.counts
        print(f"{database.kind}, seed {args.seed}: {kills} kills in {time.monotonic() - begun:.0f} s, slowest start {slowest:.2f} s")
        print(f"acknowledged writes {counts['acknowledged writes']} (asked again after a kill {counts['asked again']}), "
              f"things {sum(len(loader.things) for loader in loaders)}, looked at {counts['looked at']} times")
        print(f"lost {counts['lost']}, doubled {counts['doubled']}, refused {counts['refused']}, "
              f"answered otherwise {counts['answered otherwise']}, server errors {counts['server errors']}, panics {counts['panics']}")
        print(f"jobs {len(runs)}, ended {sum(bool(run['end']) for run in runs)} ({waited:.0f} s after the last kill): "
              + ", ".join(f"{state} {count}" for state, count in sorted(states.items())))
        if args.must_fail:
            if not counts["lost"]:
                raise SystemExit("FAILED: the planted fault was not found")
            print(f"passed: the planted fault was found after {kills} kills")
        elif board.wrong:
            raise SystemExit(f"FAILED: {len(board.wrong)} faults")
        else:
            print("passed")


if __name__ == "__main__":
    main()
