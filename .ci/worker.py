#!/usr/bin/env python3
"""A killed worker's job goes on: within 60 s, from its last best, and to an end.

    .ci/worker.py [--db postgres://root@127.0.0.1/postgres] [--seconds 30]

A server that does not solve, and workers beside it. A plan is started; once a best so far is saved its worker is killed with SIGKILL and
another is started. The second attempt must begin within 60 s, must not fall behind what was saved, and the plan must say from which it
went on. Then the server itself is asked to leave in good order (SIGTERM), and so is the worker with a job in hand: the job is put back.
"""

import argparse
import signal
import time

from service import ROOT, Client, Database, Folder, Server, Worker, default_binary

LIMIT = 60


def until(what, limit, look):
    begun = time.monotonic()
    while time.monotonic() - begun < limit:
        found = look()
        if found:
            return found, time.monotonic() - begun
        time.sleep(0.1)
    raise SystemExit(f"FAILED: {what} not within {limit} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--db")
    parser.add_argument("--binary", default=default_binary())
    parser.add_argument("--seconds", type=int, default=30, help="of search; bests are saved every 10")
    args = parser.parse_args()
    with Folder() as folder:
        database = Database(args.db, folder)
        server = Server(args.binary, database.url, folder, "--unlimited", "--no-solve", str(ROOT / "data" / "gonghexin")).start()
        workers = [Worker(args.binary, database.url, folder)]
        try:
            client = Client(server.port, server.first_admin())
            project = client.all("/v1/projects")[0]["id"]

            def get(path):
                answer = client.call("GET", path)
                assert answer.status == 200, (path, answer)
                return answer.json()

            answer = client.call("POST", f"/v1/projects/{project}/plans", {"label": "to be interrupted", "seconds": args.seconds, "chains": 1})
            assert answer.status == 202, answer
            run = answer.headers["location"]
            seen, _ = until("a best so far", args.seconds + 30, lambda: (lambda r: r if r.get("best") else None)(get(run)))
            assert seen["state"] == "running", f"it ended before it could be interrupted: {seen}"
            best = get(f"/v1/projects/{project}/plans/{seen['best']}")["figures"]["objective"]
            searched = seen["progress"]["objective"]
            workers[-1].kill()
            killed = time.monotonic()
            workers.append(Worker(args.binary, database.url, folder))
            begun, _ = until("the second attempt", LIMIT, lambda: (lambda r: r if r["attempt"] == 2 else None)(get(run)))
            after = time.monotonic() - killed

            def ended():
                shown = get(run)
                progress = shown.get("progress") or {}
                # A search counts the shuttle alone and a plan all of its parts: each is compared with its own kind.
                if shown["attempt"] == 2 and progress.get("stage") == "Improving":
                    now = progress["objective"]
                    assert now <= searched + 1, f"the search of attempt 2 is at {now}; it was at {searched} when its best was saved"
                return shown if shown["state"] in ("done", "failed", "cancelled") else None

            shown, _ = until("its end", args.seconds * 2 + 120, ended)
            assert shown["state"] == "done", shown
            plan = get(f"/v1/projects/{project}/plans/{shown['plan']}/files/plan.json")
            objective = get(f"/v1/projects/{project}/plans/{shown['plan']}")["figures"]["objective"]
            started_from = plan.get("started_from") or plan.get("run", {}).get("started_from")
            assert objective <= best, f"{objective} is worse than the {best} that was saved"
            assert seen["best"] in (started_from, shown["plan"]), f"started from {started_from}, not from {seen['best']}"
            print(f"{database.kind}: the next worker went on {after:.1f} s after the kill (limit {LIMIT}), "
                  f"{best} fen a day was saved, {objective} at the end, started from {started_from}")

            # In good order: nothing is lost, and no attempt is counted.
            run = client.call("POST", f"/v1/projects/{project}/plans", {"label": "put back", "seconds": 8}).headers["location"]
            until("a start", 30, lambda: get(run)["state"] == "running")
            workers[-1].process.send_signal(signal.SIGTERM)
            left = workers[-1].process.wait(60)
            put_back = get(run)
            assert left == 0 and put_back["state"] == "queued" and put_back["attempt"] == 0, (left, put_back)
            workers.append(Worker(args.binary, database.url, folder))
            shown, _ = until("its end", 120, lambda: (lambda r: r if r["state"] in ("done", "failed") else None)(get(run)))
            assert shown["state"] == "done" and shown["attempt"] == 1, shown
            print(f"{database.kind}: a worker that is asked to leave puts its job back, and it is done at attempt {shown['attempt']}")
        finally:
            for worker in workers:
                worker.kill()
            server.kill()
            database.drop()
    print("passed")


if __name__ == "__main__":
    main()
