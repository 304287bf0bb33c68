#!/usr/bin/env python3
"""Ends applies of one configuration by SIGKILL, in Plumb and in Terraform, and looks at what is left after one more.

    crash.py --plumb PROGRAM [--terraform PROGRAM] --kills 20 --seed 2026 --out FILE

The configuration is 30 of Terraform's resources, 12 of Plumb's; every request takes 30 ms longer until the kill. Both
programs are killed, with all that they started, at the same share of their writing requests, drawn from the seed: as the
request arrives or after its effect, up to 40 ms late. Each kill has an account of its own. Then the same apply is run
once, without delay. Written for each program, as sums over the kills and as one row for each:

    orphans     objects that stand in the account and that its inventory or state does not hold
    duplicates  objects beyond the first of one kind and name
    failed      applies after the kill that ended with an error
    missing     objects that its inventory or state holds and that do not stand
    unfinished  plans after the second apply that still want something

Rules, routes, associations, policies and settings are parts of objects and are not counted as orphans.
"""
import argparse
import concurrent.futures
import json
import os
import random
import subprocess
import sys
import tempfile
import time

import estate
from programs import EMULATORS, Plumb, Problem, Terraform, emulator, report, say

LATENCY = 30
LATEST = 40
# A request that reached the stand-in before the kill may still be at work in it.
SETTLING = 1
WRITES = r"(?!(.*\.)?(Describe|List|Get|Head)).*"
READS = ("Describe", "List", "Get", "Head")
# Plumb mostly waits until what it made can be seen in lists; Terraform computes.
WIDTH = {"plumb": 5, "terraform": 2}
COUNTS = ("orphans", "duplicates", "failed", "missing", "unfinished")


def standing(stand_in, account):
    """What boto3 sees in the account: (kind, id) and the name of each object."""
    listed = subprocess.run([sys.executable, os.path.join(EMULATORS, "standing.py"), str(stand_in.port), "us-west-2",
                             account], capture_output=True, check=True)
    return [((one["kind"], one["id"]), one["name"] or one["id"]) for one in json.loads(listed.stdout)[account]]


def prepared(kind, path, stand_in, scratch, account):
    folder = os.path.join(scratch, account)
    os.mkdir(folder)
    program = kind(path, stand_in, folder, account, estate.SMALL)
    program.write()
    program.prepare()
    return program


def left(program):
    """Orphans, missing ones and duplicates."""
    found = standing(program.emulator, program.account)
    recorded = program.recorded()
    names = [(kind, name) for (kind, _), name in found]
    ids = {one for one, _ in found}
    return len(ids - recorded), len(recorded - ids), len(names) - len(set(names))


def control(program):
    """An apply that nobody ends: how many writes it takes. It must leave nothing to be counted."""
    program.expect(*program.apply)
    writes = [r for r in program.emulator.requests(program.account) if not r["action"].split(".")[-1].startswith(READS)]
    if any(left(program)):
        raise Problem(f"{program.name}: the apply that was not killed leaves {left(program)}")
    program.expect(*program.plan)
    return len(writes)


def crash(program, share, is_after, delay, writes):
    number = max(1, round(share * writes))
    program.emulator.fault(program.account, "latency", ms=LATENCY, count=1_000_000)
    child = program.start(*program.apply)
    program.emulator.fault(program.account, "kill_after" if is_after else "kill_before", WRITES, pid=-child.pid,
                           skip=number - 1, ms=delay)
    code = child.wait()
    time.sleep(SETTLING)
    program.emulator.control(f"/__reset?account={program.account}", {})
    row = {"write": number, "writes": writes, "after": is_after, "delay": delay, "killed": code == -9,
           "atKill": len(standing(program.emulator, program.account)), "failed": int(program.code(*program.apply) != 0)}
    if row["failed"]:
        row["said"] = [line.strip() for line in program.said().splitlines() if "rror" in line][:5]
    row["orphans"], row["missing"], row["duplicates"] = left(program)
    row["unfinished"] = int(bool(row["failed"]) or program.code(*program.plan) != 0)
    return row


def trials(kind, path, stand_in, scratch, points):
    first = 700_000_000_000 if kind is Plumb else 800_000_000_000
    writes = control(prepared(kind, path, stand_in, scratch, str(first)))
    say(f"{kind.name}: a whole apply takes {writes} writes and leaves nothing behind")

    def trial(number):
        program = prepared(kind, path, stand_in, scratch, str(first + number))
        row = crash(program, *points[number - 1], writes)
        say(f"  {kind.name}, kill {number} of {len(points)}, write {row['write']} of {writes}: {row['atKill']} objects; "
            "then " + ", ".join(f"{row[count]} {count}" for count in COUNTS))
        return row

    with concurrent.futures.ThreadPoolExecutor(WIDTH[kind.name]) as pool:
        rows = list(pool.map(trial, range(1, len(points) + 1)))
    if not all(row["killed"] for row in rows):
        raise Problem(f"{kind.name}: a run ended before it was killed")
    return {"writes": writes, "rows": rows, **{count: sum(row[count] for row in rows) for count in COUNTS},
            "touched": sum(bool(row["orphans"]) for row in rows)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plumb", required=True)
    parser.add_argument("--terraform")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    drawn = random.Random(options.seed)
    points = [(drawn.uniform(0.02, 0.98), drawn.random() < 0.5, drawn.randint(0, LATEST)) for _ in range(options.kills)]

    def work():
        results = {}
        with emulator() as stand_in, tempfile.TemporaryDirectory(prefix="plumb-crash-") as scratch:
            for kind, path in ((Plumb, options.plumb), (Terraform, options.terraform)):
                if path:
                    results[kind.name] = trials(kind, path, stand_in, scratch, points)
        return results

    report(options.out, work)


if __name__ == "__main__":
    main()
