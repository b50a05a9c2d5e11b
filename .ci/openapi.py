#!/usr/bin/env python3
"""schemathesis against the running service: all checks, a fixed seed, no rate limits; once with a session, once without. 0 failures, 0 errors.

    .ci/openapi.py --tool VENV/bin/schemathesis [--db postgres://…] [--examples 20]

What it may expect beyond its defaults stands in schemathesis.toml; what it cannot make by itself in schemathesis_hooks.py.
"""

import argparse
import json
import os
import subprocess
import time

from service import ROOT, Client, Database, Folder, Server, default_binary

CI = ROOT / ".ci"


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
            server = Server(args.binary, database.url, folder, "--unlimited", str(ROOT / "data" / "gonghexin")).start()
            try:
                key = server.first_admin()
                client = Client(server.port, key)
                known = furnish(client)
                me = client.call("GET", "/v1/session").json()
                own = [me["id"], *known["project"], *(grant["id"] for grant in me["grants"]), *(k["id"] for k in client.all("/v1/keys"))]
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
                environment = {**os.environ, "JIEBO_OWN": ",".join(own), "SCHEMATHESIS_HOOKS": "schemathesis_hooks",
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
    """Something of each kind, so that reads find things: a scenario, plans, a sweep. Their ids, by the names they have in paths."""
    project = client.all("/v1/projects")[0]["id"]
    at = f"/v1/projects/{project}"
    made = [
        client.call("POST", f"{at}/scenarios", {"name": "a third bus", "modifications": [{"kind": "add_vehicle", "type": "minibus19"}]}),
        client.call("POST", f"{at}/plans", {"label": "as it is", "iterations": 1}),
        client.call("POST", f"{at}/sweeps", {"name": "two", "plans": [{"iterations": 1, "only": ["rest"]}, {"iterations": 1, "only": ["parking"]}]}),
    ]
    assert all(answer.status in (201, 202) for answer in made), made
    for _ in range(600):
        if all(run["state"] in ("done", "failed", "cancelled") for run in client.all(f"{at}/runs")):
            break
        time.sleep(0.1)
    else:
        raise SystemExit("the first plans are not done after a minute")
    user = client.call("POST", "/v1/users", {"login": "somebody", "name": "Somebody"}).json()["id"]
    return {
        "project": [project],
        "scenario": [thing["id"] for thing in client.all(f"{at}/scenarios")],
        "plan": [thing["id"] for thing in client.all(f"{at}/plans")],
        "run": [thing["id"] for thing in client.all(f"{at}/runs")],
        "sweep": [thing["id"] for thing in client.all(f"{at}/sweeps")],
        "user": [user],
    }


if __name__ == "__main__":
    main()
