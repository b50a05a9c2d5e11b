#!/usr/bin/env python3
"""Large vehicle routing problems: memory, first answer and cost over time, jiebo beside PyVRP, as a table.

  routing_large.py [--binary target/release/jiebo] [--jobs 1000,5000] [--seconds 30] [--at 1,3,10,30] [--engines jiebo,pyvrp]

Problems are made here (the published ones at hand end at 1,000 jobs): jobs strewn over a square by random.Random(7), loads 1 to 30, vehicles for
200, windows of 120 to 600 in a day of 3,000, ten units of service; in Solomon's form, lengths cut off after a tenth. Memory is the most a process
holds. One thread each, one after the other. Times are wall-clock and begin when the file is read.
"""
import argparse, json, math, os, random, subprocess, sys, tempfile, time
from pathlib import Path


def town(jobs, path):
    draw = random.Random(7)
    side = round(10 * math.sqrt(jobs))
    rows = [(0, side // 2, side // 2, 0, 0, 3000, 0)]
    for job in range(1, jobs + 1):
        x, y = draw.randrange(side), draw.randrange(side)
        far = math.ceil(math.dist((x, y), rows[0][1:3]))
        width, middle = draw.randint(120, 600), draw.randint(far, 2990 - far)
        rows.append((job, x, y, draw.randint(1, 30), max(far, middle - width // 2), min(2990 - far, middle + width // 2), 10))
    text = "\n".join(" ".join(map(str, row)) for row in rows)
    Path(path).write_text(f"TOWN{jobs}\n\nVEHICLE\nNUMBER CAPACITY\n{jobs // 5} 200\n\nCUSTOMER\n"
                          f"CUST NO. XCOORD. YCOORD. DEMAND READY TIME DUE DATE SERVICE TIME\n{text}\n")


def jiebo(args, path):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out.json")
        subprocess.run([args.binary, "engine", "routing", path, "--format", "solomon", "--seconds", str(args.seconds), "--seed", "1",
                        "--threads", "1", "--chains", "1", "--json", out], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return json.loads(out.read_text())["trace"]


def pyvrp(args, path):
    import pyvrp, vrplib
    read, count = vrplib.read_instance, sum(len(line.split()) == 7 for line in open(path))
    # pyvrp.read knows VRPLIB files only.
    vrplib.read_instance = lambda p: read(p, "solomon") | {"dimension": count}
    data = pyvrp.read(path, round_func="dimacs")
    start = time.perf_counter()
    result = pyvrp.solve(data, stop=pyvrp.stop.MaxRuntime(args.seconds), seed=1, display=False)
    at, trace = time.perf_counter() - start - result.runtime, []
    for took, d in zip(result.stats.runtimes, result.stats.data):
        at += took
        if d.best_feas and (not trace or d.best_cost / 10 < trace[-1][1]):
            trace.append([at, d.best_cost / 10])
    return trace


def measured(args, engine, path):
    """In a process of its own, so that its memory, or that of its one child, can be told."""
    import resource
    trace = globals()[engine](args, path)
    of = resource.RUSAGE_CHILDREN if engine == "jiebo" else resource.RUSAGE_SELF
    return {"trace": trace, "memory": resource.getrusage(of).ru_maxrss / 1024}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    numbers = lambda text: [int(word) for word in text.split(",")]
    ap.add_argument("--binary", default="target/release/jiebo")
    ap.add_argument("--jobs", type=numbers, default=[1000, 5000])
    ap.add_argument("--seconds", type=float, default=30)
    ap.add_argument("--at", type=numbers, default=[1, 3, 10, 30])
    ap.add_argument("--engines", type=lambda text: text.split(","), default=["jiebo", "pyvrp"])
    ap.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    args = ap.parse_args()
    if args.child:
        return print(json.dumps(measured(args, *args.child)))
    print(f"{'jobs':>6} {'engine':8} {'memory MB':>9} {'first s':>8} {'its cost':>10}", *(f"{f'cost at {t} s':>14} {'gap %':>6}" for t in args.at))
    for jobs in args.jobs:
        with tempfile.TemporaryDirectory() as folder:
            path, found = os.path.join(folder, f"town{jobs}.txt"), {}
            town(jobs, path)
            for engine in args.engines:
                command = [sys.executable, __file__, "--binary", args.binary, "--seconds", str(args.seconds), "--child", engine, path]
                found[engine] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()[-1])
        # Of each engine's costs, by the best of all.
        best = min((run["trace"][-1][1] for run in found.values() if run["trace"]), default=math.nan)
        for engine, run in found.items():
            first = run["trace"][0] if run["trace"] else (math.nan, math.nan)
            costs = [next((cost for at, cost in reversed(run["trace"]) if at <= t), math.nan) for t in args.at]
            print(f"{jobs:6} {engine:8} {run['memory']:9.0f} {first[0]:8.2f} {first[1]:10.1f}",
                  *(f"{cost:14.1f} {100 * (cost / best - 1):6.2f}" for cost in costs), flush=True)


if __name__ == "__main__":
    main()
