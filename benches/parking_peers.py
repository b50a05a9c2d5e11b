#!/usr/bin/env python3
"""Shared bays for many requests: Jiebo beside HiGHS's MIP, on generated districts.

    python3 benches/parking_peers.py path/to/jiebo [--sizes 500x20,5000x200,50000x2000] [--seeds 1,2,3] [--limit 60]

Needs highspy, numpy and scipy. A district: lots of 5 to 35 bays at random places, 6 a square kilometre, lent every night from 18:00 to 08:00;
requests from random homes, walks of 300 to 800 m, coming between 18:00 and 22:45, leaving between 06:00 and 08:00, every day, on weekdays,
or on one or two days; bays for 70 % of the requests. The owners' promise is left out (displace_max = 1), so that both solve the same
problem: as many as possible, each in one lot, no lot fuller than it is at 23:00 of any night (all who come are there then).

Prints for each: seconds (whole process and search), memory, served, the proven limit and the gap, metres on foot and the gap to their
limit where as many are served, first come first served; and of HiGHS seconds and served, one thread.
"""
import argparse
import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time

LAT, LON = 31.26, 121.44
DETOUR = 1.3


def district(requests, lots, seed):
    draw = random.Random(seed)
    side = math.sqrt(lots / 6) * 1000
    north, east = 111_195.0, 111_195.0 * math.cos(math.radians(LAT))
    place = lambda: (draw.random() * side, draw.random() * side)
    bays = [draw.randint(5, 35) for _ in range(lots)]
    scale = 0.7 * requests / sum(bays)
    at = lambda x, y: (round(LON + x / east, 7), round(LAT + y / north, 7))
    rows = []
    for n in range(lots):
        lon, lat = at(*place())
        rows.append(dict(id=f"l{n}", lon=lon, lat=lat, bays=max(1, round(bays[n] * scale)), displace_max=1))
    asks = []
    clock = lambda minutes: f"{minutes // 60:02}:{minutes % 60:02}"
    week = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    for n in range(requests):
        lon, lat = at(*place())
        kind = draw.randrange(6)
        some = sorted(draw.sample(range(7), draw.randint(1, 2)))
        days = "daily" if kind < 3 else "Mon-Fri" if kind < 5 else ",".join(week[day] for day in some)
        asks.append({
            "request": f"r{n}", "home": f"{lon} {lat}", "days": days, "from": clock(1080 + 15 * draw.randrange(20)),
            "to": clock(360 + 15 * draw.randrange(9)), "max_walk_m": 300 + 100 * draw.randrange(6)})
    return dict(lots=rows, requests=asks, policy=dict(area_floor=0))


def nights(days):
    week = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    named = {"daily": range(7), "Mon-Fri": range(5)}
    return named.get(days) or [week.index(day) for day in days.split(",")]


def highs(case, limit):
    import highspy
    import numpy as np
    from scipy.sparse import coo_matrix

    north, east = 111_195.0, 111_195.0 * math.cos(math.radians(case["lots"][0]["lat"]))
    gates = np.array([[lot["lon"] * east, lot["lat"] * north] for lot in case["lots"]])
    rows, cols, room, column = [], [], {}, 0
    asks = case["requests"]
    for n, ask in enumerate(asks):
        lon, lat = map(float, ask["home"].split())
        away = np.hypot(gates[:, 0] - lon * east, gates[:, 1] - lat * north) * DETOUR
        for lot in np.nonzero(np.floor(away + 0.5) <= ask["max_walk_m"])[0]:
            rows.append(n)
            cols.append(column)
            for night in nights(ask["days"]):
                rows.append(len(asks) + room.setdefault((int(lot), night), len(room)))
                cols.append(column)
            column += 1
    count = len(asks) + len(room)
    matrix = coo_matrix((np.ones(len(rows)), (rows, cols)), shape=(count, column)).tocsc()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = column, count
    model.col_cost_, model.col_lower_, model.col_upper_ = -np.ones(column), np.zeros(column), np.ones(column)
    model.row_lower_ = np.full(count, -highspy.kHighsInf)
    model.row_upper_ = np.array([1.0] * len(asks) + [float(case["lots"][lot]["bays"]) for lot, _ in room])
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    model.integrality_ = [highspy.HighsVarType.kInteger] * column
    solver = highspy.Highs()
    for option, value in [("output_flag", False), ("time_limit", float(limit)), ("threads", 1)]:
        solver.setOptionValue(option, value)
    solver.passModel(model)
    start = time.time()
    solver.run()
    info = solver.getInfo()
    return time.time() - start, round(-info.objective_function_value), math.floor(-info.mip_dual_bound + 1e-6)


def jiebo(binary, path, folder):
    out = os.path.join(folder, "out.json")
    start = time.time()
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    subprocess.run([binary, "engine", "allocation", path, "--format", "parking", "--threads", "1", "--json", out],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    whole = time.time() - start
    # The largest child so far: true where sizes ascend.
    memory = max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024
    with open(out) as file:
        return whole, memory, json.load(file)


def main():
    words = argparse.ArgumentParser()
    words.add_argument("binary")
    words.add_argument("--sizes", default="500x20,5000x200,50000x2000")
    words.add_argument("--seeds", default="1,2,3")
    words.add_argument("--limit", type=float, default=60)
    words.add_argument("--largest-peer", type=int, default=5000, help="requests up to which HiGHS is asked")
    args = words.parse_args()
    print("size seed | s (process) s MB | served of most gap% | walk m gap% | first come | HiGHS s served of")
    for size in args.sizes.split(","):
        requests, lots = map(int, size.split("x"))
        for seed in map(int, args.seeds.split(",")):
            case = district(requests, lots, seed)
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "case.json")
                with open(path, "w") as file:
                    json.dump(case, file)
                whole, memory, out = jiebo(args.binary, path, folder)
            served, most = out["served"], out["most"]
            peer = ""
            if requests <= args.largest_peer:
                seconds, theirs, limit = highs(case, args.limit)
                peer = f"{seconds:.2f} {theirs} {limit}"
            print(f"{size} {seed} | {whole:.2f} {out['seconds']:.2f} {memory:.0f} | {served} {most} "
                  f"{100 * (most - served) / max(served, 1):.3f} | {out['cost']} "
                  f"{100 * (out['cost'] - out['bound']) / max(out['bound'], 1):.2f} | {out['first_come']} "
                  f"(+{100 * (served - out['first_come']) / max(out['first_come'], 1):.1f} %) | {peer}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
