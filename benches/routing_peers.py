#!/usr/bin/env python3
"""Run jiebo and its peers side by side on published routing benchmarks and print gaps to the best known.

  routing_peers.py BENCH --engines jiebo,pyvrp,vroom,ortools --classes solomon,x --seconds 10 --seeds 1,2
  routing_peers.py BENCH --check-bks        recompute the cost of every published solution; must all match

BENCH holds one folder a class (the five PyVRP classes under pyvrp/) and bks/. Needs pyvrp, vroom (pyvroom) and
ortools only for the engines asked for.

Every cost is in the units of the instance file, whatever an engine calculates in. jiebo is called as
  BINARY engine routing FILE --format F --seconds S --seed K --threads 1 --chains 1 --json OUT
and OUT is {"feasible":, "cost":, "routes": [[..]], "trace": [[seconds, cost], ..], "vehicles": [..] (optional),
"assigned": [..] (sbrp: a stop for each student, in the file's order)}.
Routes hold numbers as in the file, without the depot at both ends: from 1 with the depots first in VRPLIB files
(one more than in .sol files), from 0 with the depot 0 elsewhere; a reload is the depot's number inside a route.
"vehicles" names the vehicle of each route, as numbered in the file from 1. Where vehicles differ (HFVRP, MDVRPTW)
the cost cannot be recomputed without it, so the stated cost is trusted and the row marked "~".
Li & Lim rank the number of vehicles before the distance: the cost is the distance alone, gaps are of runs with as
many vehicles as the best known, and the share of these runs is told. Rides (darp) are checked by an exact schedule.
Everything else is re-checked here from the routes, and a failing answer counts as none: its gap is then the
worst gap of any engine on that instance, or 100 % if that is larger.
"""
import argparse, csv, json, math, os, queue, random, re, subprocess, sys, tempfile, threading, time
from collections import defaultdict
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

# class: (folder, jiebo's format, rounding). The roundings are those under which the published solutions have their
# published cost (--check-bks): "dimacs" truncates after x10, "exact" rounds after x1000.
CLASSES = {
    "solomon": ("solomon", "solomon", "dimacs"), "homberger": ("homberger", "solomon", "dimacs"),
    "x": ("x", "vrplib", "round"), "HFVRP": ("pyvrp/HFVRP", "vrplib", "exact"),
    "MDVRPTW": ("pyvrp/MDVRPTW", "vrplib", "exact"), "GVRP": ("pyvrp/GVRP", "vrplib", "round"),
    "PCVRPTW": ("pyvrp/PCVRPTW", "vrplib", "dimacs"), "MTVRPTWR": ("pyvrp/MTVRPTWR", "vrplib", "dimacs"),
    "li_lim": ("li_lim", "li-lim", "double"), "darp": ("darp", "darp", "double"), "sbrp": ("sbrp", "sbrp", "double"),
}
ROUND = {"round": (1, round), "dimacs": (10, lambda v: int(10 * v)), "exact": (1000, lambda v: round(1000 * v)),
         "double": (1, float), "strict": (10_000, lambda v: math.ceil(10_000 * v - 1e-6))}
BASIC = ["solomon", "homberger", "x"]
APPLIES = {"jiebo": BASIC + ["HFVRP", "MDVRPTW", "GVRP", "PCVRPTW", "MTVRPTWR", "li_lim", "darp", "sbrp"],
           "pyvrp": [c for c, v in CLASSES.items() if v[1] in ("solomon", "vrplib")],
           "vroom": BASIC + ["li_lim"], "ortools": BASIC + ["li_lim"]}
INF = math.inf


class Bad(Exception):
    """An answer that does not hold, with the reason."""


# ---- reading: one model for all classes; times, prizes and fixed costs scaled and rounded like the distances ----
@lru_cache(maxsize=None)
def load(cls, path, rounding=None):
    scale, rnd = ROUND[rounding or CLASSES[cls][2]]
    m = SimpleNamespace(scale=scale, rnd=rnd, base=0, depots=1, reload=False, pairs={}, ride=INF, groups=[],
                        reach=None, release=None, prize=None, tw=None, service=None)
    text = Path(path).read_text()
    rows = [[float(v) for v in r.split()] for r in text.splitlines() if re.fullmatch(r"[\d\s.+-]*\d\s*", r)]
    col = lambda k: [r[k] for r in rows]
    cap, vehicles, max_dur, fleet = INF, None, INF, None
    if CLASSES[cls][1] == "vrplib":
        head, sec, cur = {}, defaultdict(list), None
        for line in text.splitlines():
            if ":" in line:
                key, value = line.split(":", 1)
                head[key.strip()] = value.strip()
            elif line.strip().endswith("_SECTION"):
                cur = sec[line.strip()[:-8]]
            elif line.strip() not in ("", "EOF"):
                cur.append([float(v) for v in line.split()])
        m.base, m.xy = 1, [r[1:3] for r in sec["NODE_COORD"]]
        n, m.depots = len(m.xy), sum(r[0] > 0 for r in sec["DEPOT"])
        m.demand = [r[1] for r in sec["DEMAND"]]
        m.tw = [r[1:3] for r in sec["TIME_WINDOW"]] or None
        m.service = [r[1] for r in sec["SERVICE_TIME"]] or [0] * m.depots + \
            [float(head.get("SERVICE_TIME", 0))] * (n - m.depots)
        m.release = [r[1] for r in sec["RELEASE_TIME"]] or None
        m.prize = [r[1] for r in sec["PRIZE"]] or None
        m.groups = [[int(v) - 1 for v in r[1:]] for r in sec["MUTUALLY_EXCLUSIVE_GROUP"]]
        m.reload = bool(sec["VEHICLES_RELOAD_DEPOT"])
        vehicles = int(head.get("VEHICLES", n - m.depots))
        each = lambda key, default: [r[1] for r in sec[key]] or [float(head.get(key, default))] * vehicles
        fleet = list(zip(each("CAPACITY", INF), [int(d) - 1 for d in each("VEHICLES_DEPOT", 1)],
                         each("VEHICLES_FIXED_COST", 0), each("VEHICLES_UNIT_DISTANCE_COST", 1),
                         each("VEHICLES_MAX_DURATION", INF)))
    elif cls == "sbrp":
        stops, _, walk, cap = [float(v) for v in re.findall(r"[\d.]+", text.splitlines()[0])]
        nodes, students = rows[:int(stops)], rows[int(stops):]
        m.xy, m.demand = [r[1:3] for r in nodes], [0] * len(nodes)
        m.reach = [{i for i, a in enumerate(m.xy) if i and math.dist(a, s[1:3]) <= walk + 1e-9} for s in students]
    else:
        (vehicles, cap), rows = (rows[0][:2], rows[1:])
        at = 2
        if cls == "darp":  # vehicles, nodes, route duration, capacity, ride time; rows: service before load
            _, _, max_dur, cap, m.ride = [float(v) for v in text.split("\n")[0].split()]
            n = (len(rows) - 1) // 2  # a second depot row may follow the last delivery
            rows, m.pairs = rows[:2 * n + 1], {i: n + i for i in range(1, n + 1)}
            m.service, m.demand = col(3), col(4)
        else:
            m.demand, m.service, at = col(3), col(6), 1
        m.xy, m.tw = [r[1:3] for r in rows], [r[at + 3:at + 5] for r in rows]
        if cls == "li_lim":
            m.pairs = {int(r[0]): int(r[8]) for r in rows if r[8]}
    n = len(m.xy)
    vehicles = int(vehicles or n)
    m.fleet = [(c, d, rnd(f) if f else 0, u, rnd(t) if t < INF else INF)
               for c, d, f, u, t in fleet or [(cap, 0, 0, 1, max_dur)] * vehicles]
    one = lambda values, default: [rnd(v) for v in values] if values else [default] * n
    m.ready, m.due = one(m.tw and [t[0] for t in m.tw], 0), one(m.tw and [t[1] for t in m.tw], INF)
    m.service, m.release, m.prize = one(m.service, 0), one(m.release, 0), one(m.prize, 0)
    # sqrt of the exact sum of squares, not math.dist or hypot: truncation must see 5, never 4.999..
    m.dist = lambda a, b: rnd(math.sqrt((m.xy[a][0] - m.xy[b][0]) ** 2 + (m.xy[a][1] - m.xy[b][1]) ** 2))
    m.mixed = len(set(m.fleet)) > 1
    return m


# ---- the re-check ----
def schedule(m, seq, max_dur):
    """Whether some timing serves seq: earliest times under difference constraints, exact also with limits on
    durations and rides (waiting may have to move before the pickup)."""
    begin, trip = [m.ready[v] for v in seq], 0
    for k, v in enumerate(seq):  # a trip leaves when the goods of all its customers are released
        trip = k if v < m.depots else trip
        begin[trip] = max(begin[trip], m.release[v])
    arcs = [(k, k + 1, m.service[a] + m.dist(a, b)) for k, (a, b) in enumerate(zip(seq, seq[1:]))]
    if max_dur < INF:
        arcs.append((len(seq) - 1, 0, -max_dur))
    if m.ride < INF:
        pos = {v: k for k, v in enumerate(seq)}
        arcs += [(pos[d], pos[p], -m.ride - m.service[p]) for p, d in m.pairs.items() if p in pos]
    for _ in range(10_000):
        moved = False
        for i, j, w in arcs:
            if begin[i] + w > begin[j] + 1e-9:
                begin[j], moved = begin[i] + w, True
        if any(b > m.due[v] + 1e-6 for b, v in zip(begin, seq)):
            return False
        if not moved:
            return True
    return False


def seat(m, routes, cap):
    """Whether every student finds a seat in a bus that stops within the walk (augmenting paths)."""
    options = [[k for k, r in enumerate(routes) if reach & set(r)] for reach in m.reach]
    aboard = [[] for _ in routes]

    def place(s, seen):
        for k in options[s]:
            if k not in seen:
                seen.add(k)
                if len(aboard[k]) < cap:
                    aboard[k].append(s)
                    return True
                for i, other in enumerate(aboard[k]):
                    if place(other, seen):
                        aboard[k][i] = s
                        return True
        return False
    return all(place(s, set()) for s in range(len(options)))


def walk(m, routes, assigned, cap):
    """Every student's own stop is within the walk and visited, and nobody's bus is too full."""
    if len(assigned) != len(m.reach):
        raise Bad(f"{len(assigned)} students have a stop, {len(m.reach)} there are")
    bus, aboard = {stop: k for k, r in enumerate(routes) for stop in r}, [0] * len(routes)
    for s, (stop, reach) in enumerate(zip(assigned, m.reach)):
        if stop not in reach or stop not in bus:
            raise Bad(f"the stop {stop} of student {s} (from 0) is too far or not visited")
        aboard[bus[stop]] += 1
    if max(aboard, default=0) > cap:
        raise Bad(f"{max(aboard)} students in a bus for {cap:g}")


def recheck(m, routes, vehicles=None, assigned=None):
    """Cost of the routes in file units (None where the vehicles are needed and not given); Bad if they do not hold."""
    trusted = m.mixed and vehicles is None and len(routes) != len(m.fleet)  # else the routes are in vehicle order
    filled = [(k - 1, [v - m.base for v in r])
              for k, r in zip(vehicles or range(1, len(routes) + 1), routes, strict=True) if r]
    routes = [r for _, r in filled]
    used = [k for k, _ in filled] if m.mixed and not trusted else range(len(routes))
    if len(routes) > len(m.fleet):
        raise Bad(f"{len(routes)} vehicles, {len(m.fleet)} allowed")
    if len(set(used)) < len(routes) or not all(0 <= k < len(m.fleet) for k in used):
        raise Bad("a vehicle is used twice or unknown")
    where = {}
    for k, r in enumerate(routes):
        for p, v in enumerate(r):
            if not 0 <= v < len(m.xy) or v in where or (v < m.depots and not m.reload):
                raise Bad(f"{v + m.base} is visited twice, unknown or a depot")
            if v >= m.depots:
                where[v] = k, p
    grouped = {v for g in m.groups for v in g}
    cost = 0
    for v in range(m.depots, len(m.xy)):
        if v not in where and v not in grouped and not m.reach:
            if not m.prize[v]:
                raise Bad(f"{v + m.base} is not visited")
            cost += m.prize[v]
    for g in m.groups:
        if sum(v in where for v in g) != 1:
            raise Bad(f"group of {g[0] + m.base} is not visited once")
    for p, d in m.pairs.items():
        if where[p][0] != where[d][0] or where[p][1] > where[d][1]:
            raise Bad(f"{p} is not brought to {d}")
    if m.reach and assigned is not None:
        walk(m, routes, assigned, m.fleet[0][0])
    elif m.reach and not seat(m, routes, m.fleet[0][0]):
        raise Bad("a student has no seat within the walk")
    if trusted:
        return None
    for k, r in zip(used, routes):
        cap, depot, fixed, unit, max_dur = m.fleet[k]
        on_board = 0
        for v in r:
            on_board = 0 if v < m.depots else on_board + m.demand[v]
            if on_board > cap + 1e-9:
                raise Bad(f"load {on_board:g} over {cap:g} at {v + m.base}")
        seq = [depot, *r, depot]
        if not schedule(m, seq, max_dur):
            raise Bad(f"no timing for the route {[v + m.base for v in r][:8]}..")
        cost += fixed + unit * sum(map(m.dist, seq, seq[1:]))
    return cost / m.scale


# ---- best known ----
def published(bench, cls, path):
    """Best known (cost in file units, vehicles or None, rounding under which its routes have that cost)."""
    table = {"li_lim": "bks/li_lim_100.csv", "darp": "bks/darp_a.csv", "sbrp": "sbrp/best_known.csv",
             "solomon": "bks/vrptw_distance.csv", "homberger": "bks/vrptw_distance.csv"}
    rounding = CLASSES[cls][2]
    if cls in table:
        with open(bench / table[cls]) as f:
            row = next(r for r in csv.reader(f) if r[0].lower() == path.stem.lower())
        return float(row[-1]), int(row[1]) if cls == "li_lim" else None, rounding
    stated = re.search(r"(?im)^cost:?\s+(\S+)", path.with_suffix(".sol").read_text())[1]
    if cls == "HFVRP" and "." in stated:
        # Most HFVRP costs are literature values: double distances, before the x100 of the files' unit costs.
        return float(stated) * 100, None, "double"
    return float(stated) / ROUND[rounding][0], None, rounding


def check_bks(bench, chosen):
    wrong, seen = 0, defaultdict(lambda: [0, 0])
    for cls, path in chosen:
        (best, _, rounding), sol = published(bench, cls, path), path.with_suffix(".sol")
        seen[cls][not sol.exists()] += 1
        if sol.exists():
            m, lines = load(cls, str(path), rounding), re.findall(r"(?m)^Route #(\d+):?(.*)$", sol.read_text())
            try:
                cost = recheck(m, [[int(v) + m.base for v in r.split()] for _, r in lines], [int(k) for k, _ in lines])
                # Exact, or equal at the two decimals stated before the x100.
                if abs(cost - best) > (0.5 if cls == "HFVRP" and rounding == "double" else 1e-6):
                    raise Bad(f"states {best:.10g}, recomputed {cost:.10g}")
            except Bad as e:
                wrong += 1
                print(f"MISMATCH {cls} {path.stem}: {e}", flush=True)
    for cls, (n, without) in seen.items():
        print(f"{cls}: {n} solutions recomputed ({CLASSES[cls][2]}), {without} instances have none to recompute")
    print(f"{wrong} mismatches")
    return wrong > 0


# ---- the peers, each in a child process: read, solve, print one JSON line ----
def matrix(m):
    n = range(len(m.xy))
    return [[m.dist(a, b) for b in n] for a in n]


def whole(cls, path):
    """For engines that count in whole numbers: where doubles are meant, fine and rounded up, so that what holds does so
    in doubles too. And a cost of a vehicle that is more than all ways, where vehicles come first."""
    m = load(cls, path, "strict" if CLASSES[cls][2] == "double" else None)
    n = range(len(m.xy))
    return m, 1 + sum(max(m.dist(a, b) for b in n) for a in n) * 2 if cls == "li_lim" else 0


def told(cls, path, cost, routes):
    """The cost as the engine has it; the real distance where doubles are meant."""
    if CLASSES[cls][2] != "double":
        return cost
    m = load(cls, path)
    return sum(sum(map(m.dist, [0, *r], [*r, 0])) for r in routes)


def few_vehicles(m):
    """X leaves the number of vehicles free; one for every customer would only slow these two down."""
    return len(m.fleet) if m.tw else min(len(m.fleet), math.ceil(1.25 * sum(m.demand) / m.fleet[0][0]) + 5)


def child_pyvrp(cls, path, seconds, seed):
    import pyvrp, vrplib
    m, read = load(cls, path), vrplib.read_instance
    if m.base == 0:  # pyvrp.read knows VRPLIB files only
        vrplib.read_instance = lambda p: read(p, "solomon") | {"dimension": len(m.xy)}
    data = pyvrp.read(path, round_func=CLASSES[cls][2])
    start = time.perf_counter()
    result = pyvrp.solve(data, stop=pyvrp.stop.MaxRuntime(seconds), seed=seed, display=False)
    # MaxRuntime counts from the first iteration; the trace from the data, so it includes the construction before.
    at, trace = time.perf_counter() - start - result.runtime, []
    for took, d in zip(result.stats.runtimes, result.stats.data):
        at += took
        if d.best_feas and (not trace or d.best_cost / m.scale < trace[-1][1]):
            trace.append([round(at, 4), d.best_cost / m.scale])
    place = {pyvrp.ActivityType.DEPOT: data.depot, pyvrp.ActivityType.CLIENT: data.client}
    numbers = [iter(t.name.split(",")) for t in data.vehicle_types()]  # pyvrp.read names a type after its vehicles
    routes, vehicles = [], []
    for r in result.best.routes():
        routes.append([int(place[a.type](a.idx).location) + m.base for a in r][1:-1])
        vehicles.append(int(next(numbers[r.vehicle_type()])) + 1)
    return {"feasible": result.is_feasible(), "cost": result.is_feasible() and result.cost() / m.scale,
            "routes": routes, "vehicles": vehicles, "trace": trace}


def child_vroom(cls, path, seconds, seed):
    import numpy, vroom
    m, fixed = whole(cls, path)
    window = lambda v: vroom.TimeWindow(m.ready[v], m.due[v]) if m.tw else None
    problem = vroom.Input()
    problem.set_durations_matrix("car", numpy.array(matrix(m), dtype=numpy.uint32))
    for k in range(few_vehicles(m)):
        problem.add_vehicle(vroom.Vehicle(k, start=0, end=0, capacity=[int(m.fleet[0][0])], time_window=window(0),
                                          costs=vroom.VehicleCosts(fixed=fixed)))
    step = lambda v: vroom.ShipmentStep(v, location=v, default_service=m.service[v], time_windows=[window(v)])
    for p, d in m.pairs.items():
        problem.add_shipment(step(p), step(d), amount=vroom.Amount([int(m.demand[p])]))
    for v in range(1, 1 if m.pairs else len(m.xy)):
        problem.add_job(vroom.Job(v, location=v, delivery=[int(m.demand[v])], default_service=m.service[v],
                                  time_windows=[window(v)] if m.tw else []))
    answer = problem.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=seconds)).to_dict()
    routes = [[s["id"] + m.base for s in r["steps"] if s["type"] not in ("start", "end")]
              for r in answer["routes"]]
    cost = told(cls, path, answer["summary"]["cost"] / m.scale, routes)
    return {"feasible": not answer["unassigned"], "cost": cost, "routes": routes}


def child_ortools(cls, path, seconds, seed):
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2 as enums
    m, fixed = whole(cls, path)
    start, far, n = time.perf_counter(), matrix(m), len(m.xy)
    index = pywrapcp.RoutingIndexManager(n, few_vehicles(m), 0)
    model = pywrapcp.RoutingModel(index)
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(far))
    load_of = model.RegisterUnaryTransitVector([int(d) for d in m.demand])
    model.AddDimension(load_of, 0, int(m.fleet[0][0]), True, "load")
    model.SetFixedCostOfAllVehicles(fixed)
    first = enums.FirstSolutionStrategy.SAVINGS
    if m.tw:
        # PATH_CHEAPEST_ARC (and AUTOMATIC) runs out of vehicles on R101, R105, RC101, r1_2_1 and never has an answer.
        first = enums.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
        took = model.RegisterTransitMatrix([[m.service[a] + far[a][b] for b in range(n)] for a in range(n)])
        model.AddDimension(took, m.due[0], m.due[0], False, "time")
        clock = model.GetDimensionOrDie("time")
        for v in range(1, n):
            clock.CumulVar(index.NodeToIndex(v)).SetRange(m.ready[v], m.due[v])
        for k in range(model.vehicles()):
            clock.CumulVar(model.Start(k)).SetRange(m.ready[0], m.due[0])
    for p, d in m.pairs.items():
        p, d = index.NodeToIndex(p), index.NodeToIndex(d)
        model.AddPickupAndDelivery(p, d)
        model.solver().Add(model.VehicleVar(p) == model.VehicleVar(d))
        model.solver().Add(clock.CumulVar(p) <= clock.CumulVar(d))
    params = pywrapcp.DefaultRoutingSearchParameters()
    params.first_solution_strategy = first
    params.local_search_metaheuristic = enums.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    params.time_limit.FromTimedelta(timedelta(seconds=seconds))
    trace = []

    def found():
        cost = (model.CostVar().Max() % fixed if fixed else model.CostVar().Max()) / m.scale
        if fixed or not trace or cost < trace[-1][1]:
            trace.append([round(time.perf_counter() - start, 4), cost])
    model.AddAtSolutionCallback(found)
    answer = model.SolveWithParameters(params)
    routes = []
    for k in range(model.vehicles() if answer else 0):
        i, route = answer.Value(model.NextVar(model.Start(k))), []
        while not model.IsEnd(i):
            route.append(index.IndexToNode(i) + m.base)
            i = answer.Value(model.NextVar(i))
        routes.append(route)
    routes = [r for r in routes if r]
    cost = answer and told(cls, path, answer.ObjectiveValue() / m.scale, routes)
    return {"feasible": bool(answer), "cost": cost, "routes": routes, "trace": trace}


# ---- one task ----
def run(args, engine, cls, path, seed):
    r = SimpleNamespace(engine=engine, cls=cls, name=path.stem, seed=seed, cost=None, trace=[], note="", gap=None,
                        vehicles=None, trusted=False)
    one = {k: "1" for k in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")}
    with tempfile.TemporaryDirectory() as tmp:
        out = Path(tmp, "out.json")
        cmd = [sys.executable, __file__, "--child", engine, cls, path, f"{args.seconds:g}", seed]
        if engine == "jiebo":
            cmd = [args.binary, "engine", "routing", path, "--format", CLASSES[cls][1], "--seconds",
                   f"{args.seconds:g}", "--seed", seed, "--threads", 1, "--chains", 1, "--json", out]
        start = time.perf_counter()
        try:
            p = subprocess.run([str(c) for c in cmd], env={**os.environ, **one}, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, timeout=3 * args.seconds + 120)
            r.wall = time.perf_counter() - start
            if p.returncode:
                raise Bad(f"exit {p.returncode}: {p.stderr.strip()[-300:]}")
            a = json.loads(out.read_text() if engine == "jiebo" else p.stdout.strip().splitlines()[-1])
            r.trace = a.get("trace") or []
            if not a["feasible"]:
                r.note = "no feasible answer"
                return r
            if cls == "sbrp" and "assigned" not in a:
                raise Bad("no stops for the students")
            cost = recheck(load(cls, str(path)), a["routes"], a.get("vehicles"), a.get("assigned"))
            r.trusted, r.vehicles = cost is None, sum(map(bool, a["routes"]))
            r.cost = a["cost"] if cost is None else cost
            if abs(r.cost - a["cost"]) > 0.006 + 2e-6 * r.cost:  # two decimals, and doubles where "exact" is meant
                r.note = f"states {a['cost']:.8g}, recomputed {cost:.8g} (the latter counts)"
        except Exception as e:  # whatever an engine does wrong must not stop the others
            r.wall = time.perf_counter() - start
            r.note = f"{type(e).__name__ if not isinstance(e, Bad) else 'REJECTED'}: {e}"
    return r


# ---- the table ----
mean = lambda values: sum(values) / len(values) if values else math.nan
show = lambda value, form: form % value if value == value else "-".rjust(len(form % 0))


class Table:
    def __init__(self, args, chosen, engines):
        self.args, self.engines = args, engines
        self.best = {c: published(args.bench, *c) for c in chosen}
        self.todo, self.rows, self.runs = defaultdict(set), {}, defaultdict(list)
        for c in chosen:
            self.todo[c[0]].add(c)
        print("cost and gap: means over the seeds; ! a run had no answer that holds; ~ cost as stated by the engine")
        print(f"{'class':9} {'instance':18} {'best known':>12}", *(f"| {e:>12} {'gap %':>7}  " for e in engines))

    def done(self, key, results, file):
        self.runs[key] += results
        for r in results:
            if r.note:
                print(f"!!! {r.engine} {r.cls} {r.name} seed {r.seed}: {r.note}", flush=True)
        if len(self.runs[key]) == len(self.args.seeds) * sum(key[0] in APPLIES[e] for e in self.engines):
            self.row(key, file)

    def row(self, key, file):
        (cls, path), (best, fleet, _), runs = key, self.best[key], self.runs[key]
        for r in runs:
            r.missed = r.vehicles - fleet if fleet and r.cost is not None else 0
            if r.cost is not None:
                r.gap = 100 * (r.cost / best - 1)
        worst = max([100] + [r.gap for r in runs if r.gap is not None])
        line, self.rows[key] = f"{cls:9} {path.stem:18} {best:12.2f}", {}
        for e in self.engines:
            mine = [r for r in runs if r.engine == e]
            if not mine:
                line += f" | {'':12} {'':7}  "
                continue
            for r in mine:
                r.gap = worst if r.gap is None else r.gap
            good = [r for r in mine if r.cost is not None]
            # Li-Lim ranks vehicles first: distances compare only with as many vehicles as the best known.
            gap = mean([r.gap for r in mine if not r.missed])
            self.rows[key][e] = gap
            mark = ("~" if any(r.trusted for r in mine) else " ") + ("!" if len(good) < len(mine) else " ")
            line += f" | {show(mean([r.cost for r in good]), '%12.2f')} {show(gap, '%7.2f')}{mark}"
            if fleet:
                line += f" vehicles {show(mean([r.vehicles for r in good]), '%.1f')} ({fleet})"
        print(line, flush=True)
        for r in runs if file else []:
            first = r.trace[0][0] if r.trace else ""
            file.writerow([r.engine, cls, r.name, r.seed, self.args.seconds, "" if r.cost is None else r.cost,
                           round(r.gap, 5), round(r.wall, 3), first, json.dumps(r.trace), r.vehicles, r.note])
        self.todo[cls].discard(key)
        if not self.todo[cls]:
            self.summary(cls, [k for k in self.rows if k[0] == cls])

    def summary(self, title, keys):
        rows = [{e: g for e, g in self.rows[k].items() if not math.isnan(g)} for k in keys]
        parts = []
        for e in self.engines:
            gaps = [r[e] for r in rows if e in r]
            if gaps:
                alone = lambda r: len(r) > 1 and all(r[e] < g - 1e-9 for o, g in r.items() if o != e)
                better = sum(e in r and alone(r) for r in rows)
                parts.append(f"{e:8} mean gap {mean(gaps):8.3f} % over {len(gaps)} instances, "
                             f"strictly better than every other on {better}")
        both = [r for r in rows if "jiebo" in r and "pyvrp" in r]
        if both:
            ours, theirs = (mean([r[e] for r in both]) for e in ("jiebo", "pyvrp"))
            ratio = ours / theirs if theirs else math.nan
            parts.append(f"jiebo/pyvrp {show(ratio, '%.3f')} over {len(both)} instances")
        for e in self.engines:
            ranked = [r for k in keys if self.best[k][1] for r in self.runs[k] if r.engine == e]
            reached = [r for r in ranked if r.cost is not None and not r.missed]
            if ranked:
                parts.append(f"{e:8} as many vehicles as the best known in {len(reached)} of {len(ranked)} runs "
                             f"({len(reached) / len(ranked):.0%}), mean distance gap there "
                             f"{show(mean([r.gap for r in reached]), '%.3f')} %; "
                             f"{sum(r.missed for r in ranked if r.missed > 0)} vehicles too many in all")
        if self.args.pyvrp_times and both:
            parts.append(self.times(keys))
        print(f"== {title}" + "\n   ".join(["", *parts]), flush=True)

    def times(self, keys):
        """When PyVRP had its first and its last answer, and when jiebo had one as good as PyVRP's last."""
        runs = {(k, r.seed, r.engine): r for k in keys for r in self.runs[k] if r.cost is not None}
        theirs = {k: r for k, r in runs.items() if k[2] == "pyvrp" and r.trace}
        ours = {k: runs[(*k[:2], "jiebo")].trace if (*k[:2], "jiebo") in runs else [] for k in theirs}
        parity = [next((t for t, c in ours[k] if c <= r.trace[-1][1] + 1e-9), INF) for k, r in theirs.items()]
        got = [t for t in parity if t < INF]
        first, last = (mean([r.trace[i][0] for r in theirs.values()]) for i in (0, -1))
        return f"pyvrp's first answer after {first:.2f} s, its last after {last:.2f} s; jiebo as good as the last in " \
               f"{len(got)} of {len(parity)} runs" + (f", after {mean(got):.2f} s" if got else "")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words = lambda text: [w for w in text.split(",") if w]
    ap.add_argument("bench", type=Path)
    ap.add_argument("--engines", type=words, default=["jiebo", "pyvrp"])
    ap.add_argument("--classes", type=words, default=list(CLASSES))
    ap.add_argument("--seconds", type=float, default=10)
    ap.add_argument("--seeds", type=lambda t: [int(s) for s in words(t)], default=[1])
    ap.add_argument("--only", default="", help="regular expression on the instance's name")
    ap.add_argument("--sample", type=int, help="draw this many of the chosen instances")
    ap.add_argument("--draw", type=int, default=1, help="seed of that draw")
    ap.add_argument("--binary", default="target/release/jiebo")
    ap.add_argument("--cores", type=lambda t: [int(c) for c in words(t)], default=sorted(os.sched_getaffinity(0)))
    ap.add_argument("--csv", help="write every single run")
    ap.add_argument("--pyvrp-times", action="store_true", help="also when PyVRP, and jiebo against it, got there")
    ap.add_argument("--check-bks", action="store_true", help="only recompute the published solutions")
    args = ap.parse_args()
    for given, known in ((args.classes, CLASSES), (args.engines, APPLIES)):
        if set(given) - set(known):
            ap.error(f"unknown: {', '.join(set(given) - set(known))}; known: {', '.join(known)}")
    chosen = [(c, p) for c in args.classes for p in sorted((args.bench / CLASSES[c][0]).glob("*.*"))
              if p.suffix in (".txt", ".vrp") and re.search(args.only, p.stem)]
    if args.sample is not None and args.sample < len(chosen):
        picked = set(random.Random(args.draw).sample(chosen, args.sample))
        chosen = [c for c in chosen if c in picked]
    if not chosen:
        sys.exit(f"no instances chosen under {args.bench}")
    if args.check_bks:
        sys.exit(check_bks(args.bench, chosen))
    if "jiebo" in args.engines and not os.access(args.binary, os.X_OK):
        sys.exit(f"{args.binary} is missing: cargo build --release, or name it with --binary")
    chosen = [c for c in chosen if any(c[0] in APPLIES[e] for e in args.engines)]
    table, jobs, lock = Table(args, chosen, args.engines), queue.SimpleQueue(), threading.Lock()
    sheet = open(args.csv, "w", newline="") if args.csv else None
    file = csv.writer(sheet) if sheet else None
    if file:
        file.writerow("engine class instance seed seconds cost gap wall_s first_answer_s trace vehicles note".split())
    for turn, job in enumerate((c, s) for c in chosen for s in args.seeds):
        jobs.put((turn, *job))

    def worker(core):
        # Affinity belongs to the thread and children inherit it, so each engine has this core and no other. The
        # engines of one instance and seed follow each other on it, the first one rotating, so that a busy machine
        # hits all alike.
        os.sched_setaffinity(0, {core})
        while True:
            try:
                turn, key, seed = jobs.get_nowait()
            except queue.Empty:
                return
            use = [e for e in args.engines if key[0] in APPLIES[e]]
            shift = turn % len(use)
            results = [run(args, e, *key, seed) for e in use[shift:] + use[:shift]]
            with lock:
                table.done(key, results, file)
                if sheet:
                    sheet.flush()

    threads = [threading.Thread(target=worker, args=(c,), daemon=True) for c in args.cores]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    table.summary("all", list(table.rows))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _, _, engine, cls, path, seconds, seed = sys.argv
        print(json.dumps(globals()["child_" + engine](cls, path, float(seconds), int(seed))))
    else:
        main()
