#!/usr/bin/env python3
"""schemathesis against the running service: all checks, a fixed seed, no rate limits; once with a session, once without. 0 failures, 0 errors.

    .ci/openapi.py --tool VENV/bin/schemathesis [--db postgres://…] [--examples 20]

What it may expect beyond its defaults stands in schemathesis.toml; what it cannot make by itself in schemathesis_hooks.py.
"""

import argparse
import datetime
import json
import os
import shutil
import subprocess
import time

from service import ROOT, Client, Database, Folder, Server, default_binary

CI = ROOT / ".ci"
# The project whose rides on request are asked for.
RIDES = "xinlan"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tool", default="schemathesis")
    parser.add_argument("--db")
    parser.add_argument("--binary", default=default_binary())
    parser.add_argument("--examples", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=["session", "anonymous"])
    parser.add_argument("more", nargs="*", help="more options for schemathesis, after --")
    args = parser.parse_args()
    failed = []
    for who in ["session", "anonymous"]:
        if args.only not in (None, who):
            continue
        with Folder() as folder:
            database = Database(args.db, folder)
            server = Server(args.binary, database.url, folder, "--unlimited", str(ROOT / "data" / "gonghexin"), str(on_request(folder))).start()
            try:
                key = server.first_admin()
                client = Client(server.port, key)
                known = furnish(client)
                ride, tokens = furnish_rides(client)
                known["token"] += tokens
                me = client.call("GET", "/v1/session").json()
                own = [me["id"], *known["project"], ride["project"], *(grant["id"] for grant in me["grants"]), *(k["id"] for k in client.all("/v1/keys"))]
                config = folder / "schemathesis.toml"
                text = (CI / "schemathesis.toml").read_text()
                for name, values in known.items():
                    text += f'\n[dictionaries.{name}]\nvalues = {json.dumps(values)}\n'
                text += "\n[parameters]\n"
                text += "".join(f'"path.{name}" = {{ dictionary = "{name}", probability = 0.7 }}\n' for name in known)
                if who == "session":
                    text += f'\n[auth.openapi.key]\nbearer = "{key}"\n'
                config.write_text(text)
                command = [args.tool, "--config-file", str(config), "run", f"http://127.0.0.1:{server.port}/v1/openapi.json",
                           "--checks", "all", "--seed", str(args.seed), "--max-examples", str(args.examples),
                           "--continue-on-failure", "--no-color", "--generation-database", "none", *args.more]
                environment = {**os.environ, "JIEBO_OWN": ",".join(own), "JIEBO_RIDE": json.dumps(ride), "SCHEMATHESIS_HOOKS": "schemathesis_hooks",
                               "PYTHONPATH": str(CI)}
                begun = time.monotonic()
                ended = subprocess.run(command, env=environment, cwd=folder).returncode
                print(f"schemathesis, {who}, {database.kind}: {'passed' if ended == 0 else 'FAILED'} in {time.monotonic() - begun:.0f} s, "
                      f"{server.panics()} panics in the server", flush=True)
                if server.panics():
                    print(server.tail(60))
                if ended or server.panics():
                    failed.append(who)
            finally:
                server.kill()
                database.drop()
    raise SystemExit(f"FAILED: {', '.join(failed)}" if failed else 0)


def furnish(client):
    """Something of each kind, so that requests reach more than 404: their ids, by the names they have in paths."""
    project = next(known["id"] for known in client.all("/v1/projects") if known["id"] != RIDES)
    at = f"/v1/projects/{project}"

    def make(path, body, method="POST"):
        answer = client.call(method, path, body)
        assert answer.status in (200, 201, 202), (path, answer)
        return answer.json()

    def done(run):
        while not (shown := client.call("GET", f"/v1/runs/{run['id']}").json()).get("ended"):
            time.sleep(0.1)
        return shown

    scenario = make(f"{at}/scenarios", {"name": "a third bus", "modifications": [{"kind": "add_vehicle", "type": "minibus19"}]})
    sweep = make(f"{at}/sweeps", {"name": "two", "plans": [{"iterations": 1, "only": ["rest"]}, {"iterations": 1, "only": ["parking"]}]})
    plan = done(make(f"{at}/plans", {"label": "as it is", "iterations": 1}))["plan"]
    other = done(make(f"{at}/plans", {"label": "another", "iterations": 1, "seed": 2, "only": ["shuttle"]}))["plan"]
    user = make("/v1/users", {"login": "somebody", "name": "Somebody"})
    today = str(datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date())
    publication = make(f"{at}/publications", {"plan": plan, "from": today})
    public = f"/v1/public/{project}"
    stops = [stop["id"] for stop in client.call("GET", f"{public}/stops").json()["stops"]]
    table = next(filter(lambda day: day["lines"], (client.call("GET", f"{public}/timetable?date={day}").json() for day in days(today))))
    trips = [trip["trip"] for line in table["lines"] for trip in line["trips"]]
    round = make(f"{at}/rounds", {"title": "Autumn"})
    link = round["link"].rpartition("/")[2]
    answer = make(f"/v1/rounds/{link}/responses", {"origin": "zhongshan-n-rd", "destination": "lingshi-media", "arrive": "09:00", "use": "yes"})
    alert = make(f"{at}/alerts", {"zh": "改道", "en": "Diversion"})
    comment = make(f"{public}/stops/{stops[0]}/comments", {"text": "The sign is gone"})
    room = make(f"{at}/rooms", {"id": "hall", "site": "lingshi-media", "kind": "meeting", "seats": 40, "days": "Mon-Fri", "from": "09:00", "to": "21:00"})
    claim = make(f"{at}/claims", {"room": "hall", "days": "Mon", "from": "10:00", "to": "12:00", "people": 12, "group": "a choir"})
    request = make(f"{at}/parking/requests", {"home": "121.4413 31.2801"})
    ids = [thing["id"] for path in ("comments", "parking/requests", "claims") for thing in client.all(f"{at}/{path}")]
    return {
        "project": [project],
        "scenario": [scenario["id"]],
        "sweep": [sweep["id"]],
        "plan": [plan, other],
        "run": [run["id"] for run in client.all(f"{at}/runs")],
        "user": [user["id"]],
        "publication": [publication["id"]],
        "stop": stops,
        "trip": trips[:20],
        "date": [table["date"]],
        "round": [round["id"]],
        "alert": [alert["id"]],
        "room": [room["id"]],
        "id": ids,
        "token": [link, *(thing["token"] for thing in (answer, comment, claim, request))],
        "name": ["project.toml", "survey.csv", "report.html", "plan.json", "gtfs.zip"],
    }


def on_request(folder):
    """The second demonstration as a folder of its own: rides on request alone, every day from today on for two hours, with vehicles so
    cheap that they pay."""
    there = folder / RIDES
    shutil.copytree(ROOT / "data" / RIDES, there)
    today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
    for name, changes in {
        "project.toml": [
            ('mode = ["commute", "on_demand"]', 'mode = ["on_demand"]'),
            ('days = "Mon-Fri"', 'days = "daily"'),
            ('from = "2026-12-01"', f'from = "{today}"'),
            ('until = "2027-11-30"', f'until = "{today + datetime.timedelta(days=365)}"'),
            ('from = "09:45" ', 'from = "10:00" '),
            ('until = "16:45" ', 'until = "12:00" '),
            ("vehicles = 4 ", "vehicles = 2 "),
            ("max_stops = 40 ", "max_stops = 16 "),
        ],
        "fleet.csv": [(",480.00,", ",50.00,")],
    }.items():
        text = (there / name).read_text()
        for old, new in changes:
            assert text.count(old) == 1, (name, old)
            text = text.replace(old, new)
        (there / name).write_text(text)
    return there


def furnish_rides(client):
    """Rides on request that can be asked for, and the tokens of two that are promised: what a wish must name to be answered."""
    at, public = f"/v1/projects/{RIDES}", f"/v1/public/{RIDES}/rides"
    run = client.call("POST", f"{at}/plans", {"label": "rides", "iterations": 1, "only": ["shuttle"]})
    assert run.status in (200, 201, 202), run
    while not (shown := client.call("GET", f"/v1/runs/{run.json()['id']}").json()).get("ended"):
        time.sleep(0.1)
    today = str(datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date())
    published = client.call("POST", f"{at}/publications", {"plan": shown["plan"], "from": today})
    assert published.status == 201, published
    offers = client.call("GET", public).json()["offers"]
    assert offers, "no rides on request can be asked for"
    # A day that has not begun: whatever the time is.
    ride = {"project": RIDES, "date": offers[0]["dates"][-1], "stops": [stop["id"] for stop in offers[0]["stops"]]}
    tokens = []
    pairs = ((start, end) for start in ride["stops"] for end in ride["stops"] if start != end)
    for start, end in pairs:
        wish = {"from": start, "to": end, "date": ride["date"], "time": "11:00", "time_kind": "depart_after", "people": 1}
        answer = client.call("POST", f"{public}/ask", wish)
        assert answer.status == 200, answer
        if not (offer := answer.json().get("offer")):
            continue
        window = offer["window"]
        body = {"ride": wish, "window_from": window["from"], "window_until": window["until"], "by": offer["by"], "token": offer["token"]}
        accepted = client.call("POST", public, body)
        assert accepted.status == 201, accepted
        tokens.append(offer["token"])
        if len(tokens) == 2:
            return ride, tokens
    raise SystemExit(f"{len(tokens)} rides could be had on {ride['date']}")


def days(today):
    """A week."""
    first = datetime.date.fromisoformat(today)
    return (str(first + datetime.timedelta(days=n)) for n in range(7))


if __name__ == "__main__":
    main()
