#!/usr/bin/env python3
"""Runs an estate through Plumb, and through Terraform where it is given, side by side on the AWS stand-in.

    measure.py --plumb PROGRAM [--terraform PROGRAM] --environments 4 --out FILE

Writes for each program and each of apply, plan, change, destroy: requests, CPU seconds (its own and its children's), wall
seconds, and the memory of its largest process in MB. Terraform's provider is taken from a filesystem mirror:
$TF_PLUGINS, or a usual place; nothing is downloaded.
"""
import argparse
import os
import tempfile
import threading
import time

from programs import LIMIT, Plumb, Problem, Terraform, emulator, report, say

# Of several plans the one counts that took the least CPU.
PLAN_RUNS = {"plumb": 3, "terraform": 2}


def measured(program, *arguments):
    before = len(program.emulator.requests(program.account))
    start = time.monotonic()
    child = program.start(*arguments)
    limit = threading.Timer(LIMIT, lambda: os.killpg(child.pid, 9))
    limit.start()
    _, status, used = os.wait4(child.pid, 0)
    limit.cancel()
    wall = time.monotonic() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise Problem(f"{program.name} {' '.join(arguments)} ended with {child.returncode}:\n{program.said()}")
    found = {"requests": len(program.emulator.requests(program.account)) - before,
             "cpu": used.ru_utime + used.ru_stime, "wall": wall, "peak": used.ru_maxrss * 1024 / 1e6}
    say(f"  {program.name} {arguments[0]}: {found['requests']} requests, {found['cpu']:.2f} CPU s, {wall:.1f} s, "
        f"{found['peak']:.0f} MB")
    return found


def steps(program):
    results = {"resources": program.write()}
    program.prepare()
    results["apply"] = measured(program, *program.apply)
    plans = [measured(program, *program.plan) for _ in range(PLAN_RUNS[program.name])]
    results["plan"] = min(plans, key=lambda plan: plan["cpu"])
    program.write(changed=True)
    results["change"] = measured(program, *program.apply)
    results["destroy"] = measured(program, *program.destroy)
    return results


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plumb", required=True)
    parser.add_argument("--terraform")
    parser.add_argument("--environments", type=int, required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()

    def work():
        results = {}
        with emulator() as stand_in, tempfile.TemporaryDirectory(prefix="plumb-bench-") as scratch:
            for number, kind, path in ((1, Plumb, options.plumb), (2, Terraform, options.terraform)):
                if path:
                    folder = os.path.join(scratch, kind.name)
                    os.mkdir(folder)
                    results[kind.name] = steps(
                        kind(path, stand_in, folder, f"60000000000{number}", environments=options.environments))
        return results

    report(options.out, work)


if __name__ == "__main__":
    main()
