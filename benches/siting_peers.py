#!/usr/bin/env python3
"""Run jiebo and its peers side by side on p-median and capacitated p-median instances; recompute every cost.

  siting_peers.py BINARY                                    20 random p-medians of up to 300 points against HiGHS
  siting_peers.py BINARY --peers highs,spopt --count 5      spopt (pulp with CBC) too
  siting_peers.py BINARY --large 3                          and three of 2,000 points: the gap to jiebo's own bound
  siting_peers.py BINARY --pmedcap BENCH/pmedcap --seeds 1,2,3    OR-Library's capacitated ones against the best known

BINARY is jiebo; it is called as
  BINARY engine siting FILE --format points|pmedcap [--p P] --seconds S --seed K --threads 1 --chains 1 --json OUT
and OUT is {"cost":, "bound":, "open": [..], "assigned": [site of each customer, from 0]}. Costs are computed here from "assigned"
alone. Of jiebo both are printed, seconds of the whole process, the reading included, and of the search alone; HiGHS's and spopt's are of
their solve alone, with one thread, and ratios are of these to jiebo's search (in brackets: to the whole process).
A row ends in "WRONG" where an answer is not allowed, its cost is not what it says, a bound lies above a proven optimum, or
a proven optimum was missed.
"""
import argparse, json, math, random, subprocess, sys, tempfile, time
from pathlib import Path

import numpy as np

CLOSE = 1e-6


def distances(points):
    return np.hypot(points[:, None, 0] - points[None, :, 0], points[:, None, 1] - points[None, :, 1])


def jiebo(binary, file, form, more, seconds, seed):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        call = [binary, "engine", "siting", str(file), "--format", form, *more, "--seconds", str(seconds), "--seed", str(seed),
                "--threads", "1", "--chains", "1", "--json", str(out)]
        start = time.perf_counter()
        done = subprocess.run(call, capture_output=True, text=True)
        used = time.perf_counter() - start
        if done.returncode != 0:
            sys.exit(f"{' '.join(call)}\n{done.stderr}")
        return json.loads(out.read_text()), used


def recomputed(answer, d, weights, p, demands=None, capacity=None):
    """The cost of "assigned", or None where it is not allowed."""
    assigned, n = answer["assigned"], len(weights)
    used = set(assigned)
    if len(assigned) != n or None in used or len(set(answer["open"])) > p or not used <= set(answer["open"]):
        return None
    if capacity is not None:
        load = [0] * n
        for customer, site in enumerate(assigned):
            load[site] += demands[customer]
        if max(load) > capacity:
            return None
    return float(sum(weights[i] * d[i, j] for i, j in enumerate(assigned)))


def highs(d, weights, p, limit):
    """(value, lower bound, seconds) of the usual model, x[i,j] <= y[j]."""
    import highspy
    import scipy.sparse as sparse
    n = len(weights)
    once = sparse.hstack([sparse.kron(sparse.eye(n), np.ones((1, n))), sparse.csr_matrix((n, n))])
    link = sparse.hstack([sparse.eye(n * n), -sparse.kron(np.ones((n, 1)), sparse.eye(n))])
    places = sparse.hstack([sparse.csr_matrix((1, n * n)), np.ones((1, n))])
    rows = sparse.vstack([once, link, places]).tocsr()
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = n * n + n, rows.shape[0]
    lp.col_cost_ = np.concatenate([(np.array(weights)[:, None] * d).ravel(), np.zeros(n)])
    lp.col_lower_, lp.col_upper_ = np.zeros(n * n + n), np.ones(n * n + n)
    lp.row_lower_ = np.concatenate([np.ones(n), np.full(n * n, -highspy.kHighsInf), [p]])
    lp.row_upper_ = np.concatenate([np.ones(n), np.zeros(n * n), [p]])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = rows.indptr, rows.indices, rows.data
    lp.integrality_ = [highspy.HighsVarType.kContinuous] * (n * n) + [highspy.HighsVarType.kInteger] * n
    solver = highspy.Highs()
    for option, value in [("output_flag", False), ("threads", 1), ("time_limit", float(limit)), ("mip_rel_gap", 0.0)]:
        solver.setOptionValue(option, value)
    solver.passModel(lp)
    start = time.perf_counter()
    solver.run()
    info = solver.getInfo()
    return info.objective_function_value, info.mip_dual_bound, time.perf_counter() - start


def spopt(d, weights, p, limit):
    import pulp
    from spopt.locate import PMedian
    model = PMedian.from_cost_matrix(d, np.array(weights, dtype=float), p_facilities=p)
    start = time.perf_counter()
    model = model.solve(pulp.PULP_CBC_CMD(msg=False, threads=1, timeLimit=limit, gapRel=0))
    proven = model.problem.sol_status == pulp.LpSolutionOptimal
    value = float(model.problem.objective.value())
    return value, value if proven else -math.inf, time.perf_counter() - start


PEERS = {"highs": highs, "spopt": spopt}


def medians(args):
    peers = [name for name in args.peers.split(",") if name]
    rng = random.Random(args.start)
    sizes = [(rng.choice([100, 150, 200, 250, 300]), rng.choice([3, 5, 8, 12, 20, 30])) for _ in range(args.count)]
    sizes += [(2000, rng.choice([5, 20, 50, 100, 200])) for _ in range(args.large)]
    ratios, gaps, wrong = {name: [] for name in peers}, [], 0
    print(f"{'points':>6} {'p':>4} {'solver':8} {'value':>16} {'bound':>16} {'seconds':>9} {'ratio':>8}")
    for k, (n, p) in enumerate(sizes):
        draw = np.random.default_rng(args.start + k)
        points = np.round(draw.uniform(0, 1000, (n, 2)), 3)
        weights = [int(w) for w in draw.integers(1, 20, n)]
        d = distances(points)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "points.csv"
            file.write_text("x,y,weight\n" + "".join(f"{x},{y},{w}\n" for (x, y), w in zip(points, weights)))
            answer, used = jiebo(args.binary, file, "points", ["--p", str(p)], args.seconds, args.start)
        value, bound = recomputed(answer, d, weights, p), answer["bound"]
        bad = value is None or abs(value - answer["cost"]) > CLOSE * value or bound > value * (1 + CLOSE)
        wrong += bad
        print(f"{n:6} {p:4} {'jiebo':8} {value or math.nan:16.3f} {bound:16.3f} {used:9.3f} search {answer['seconds']:.4f}{' WRONG' if bad else ''}", flush=True)
        if value is not None and n > 300:
            gaps.append((value - bound) / bound * 100)
        for name in peers if n <= 300 else []:
            theirs, lower, seconds = PEERS[name](d, weights, p, args.limit)
            proven = theirs - lower <= CLOSE * theirs
            bad = value is not None and proven and (value > theirs * (1 + CLOSE) or bound > theirs * (1 + CLOSE))
            wrong += bad
            ratios[name].append((seconds, answer['seconds'], used))
            print(f"{n:6} {p:4} {name:8} {theirs:16.3f} {lower:16.3f} {seconds:9.3f} {seconds / answer['seconds']:7.0f}x ({seconds / used:.0f}x){' WRONG' if bad else ''}", flush=True)
    for name, found in ratios.items():
        if found:
            for part, what in ((1, "search"), (2, "process")):
                each = [row[0] / row[part] for row in found]
                whole = sum(row[0] for row in found) / sum(row[part] for row in found)
                print(f"summary: {name} takes {min(each):.0f} to {max(each):.0f} times as long as jiebo's {what}, "
                      f"median {np.median(each):.0f}, all together {whole:.0f}")
    if gaps:
        print(f"summary: 2,000 points: largest gap to jiebo's own bound {max(gaps):.3f} %")
    return wrong


def pmedcap(args):
    wrong = missed = runs = 0
    print(f"{'instance':16} {'seed':>4} {'value':>7} {'best known':>10} {'bound':>7} {'seconds':>8} {'found after':>11}")
    for file in sorted(Path(args.pmedcap).glob("*.txt"), key=lambda file: (len(file.name), file.name)):
        words = [int(word) for word in file.read_text().split()]
        best, n, p, capacity = words[1], words[2], words[3], words[4]
        rows = np.array(words[5:]).reshape(-1, 4)
        d = np.floor(distances(rows[:, 1:3].astype(float)))
        for seed in args.seeds.split(","):
            answer, used = jiebo(args.binary, file, "pmedcap", [], args.seconds, seed)
            value = recomputed(answer, d, [1] * n, p, rows[:, 3].tolist(), capacity)
            bad = value is None or value != answer["cost"] or answer["bound"] > min(best, value)
            wrong, missed, runs = wrong + bad, missed + (not bad and value > best), runs + 1
            found = answer["trace"][-1][0] if answer.get("trace") else math.nan
            note = " WRONG" if bad else " above" if value > best else ""
            print(f"{file.name:16} {seed:>4} {value or math.nan:7.0f} {best:10} {answer['bound']:7} {used:8.2f} {found:11.2f}{note}", flush=True)
    print(f"summary: {runs - missed - wrong} of {runs} runs at the best known")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--peers", default="highs", help="highs, spopt, or both with a comma; empty: none")
    parser.add_argument("--count", type=int, default=20, help="random instances of up to 300 points")
    parser.add_argument("--large", type=int, default=0, help="random instances of 2,000 points")
    parser.add_argument("--start", type=int, default=1, help="seed of the instances")
    parser.add_argument("--seconds", type=float, default=10, help="for jiebo")
    parser.add_argument("--limit", type=float, default=600, help="seconds for a peer")
    parser.add_argument("--pmedcap", help="folder of OR-Library's instances: these instead of random ones")
    parser.add_argument("--seeds", default="1", help="for pmedcap, with commas")
    args = parser.parse_args()
    sys.exit(1 if (pmedcap(args) if args.pmedcap else medians(args)) else 0)


if __name__ == "__main__":
    main()
