#!/usr/bin/env python3
"""Runs Plumb on the stand-in for Google Cloud, on estates of several sizes.

    google.py --plumb PROGRAM --sizes 50,200,1000 --out FILE

An estate is networks with eight subnetworks and an address each. Writes for each size and each of apply and plan: requests, kB
of answers and their share of what whole objects are, CPU seconds, wall seconds, peak memory in MB. Pages hold what Google's do, and operations end at once.
"""
import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request

from programs import EMULATORS, LIMIT, Problem, report, say

SETTINGS = """apiVersion: plumb.dev/v1
kind: Estate
metadata: {name: bench, id: est-gcpbench01}
spec:
  defaults: {targets: {gcp: main}}
---
apiVersion: plumb.dev/v1
kind: Target
metadata: {name: main}
spec: {gcp: {project: %s, region: us-central1}}
"""
NETWORK = """apiVersion: gcp.plumb.dev/v1
kind: Network
metadata: {name: net-%(n)d}
spec: {autoCreateSubnetworks: false}
---
apiVersion: gcp.plumb.dev/v1
kind: Address
metadata: {name: address-%(n)d}
spec: {region: us-central1}
---
"""
SUBNETWORK = """apiVersion: gcp.plumb.dev/v1
kind: Subnetwork
metadata: {name: subnet-%(n)d-%(s)d}
spec: {network: '${gcp.Network["net-%(n)d"].selfLink}', region: us-central1, ipCidrRange: 10.%(s)d.0.0/20}
---
"""
GROUP = 10


@contextlib.contextmanager
def emulator():
    """Its base URL."""
    options = ["--exit-with-stdin", "--max-page-size", "500", "--op-latency", "0", "--op-polls", "0"]
    child = subprocess.Popen([sys.executable, os.path.join(EMULATORS, "gcp_emulator.py"), *options],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        yield child.stdout.readline().decode().split()[-1]
    finally:
        child.stdin.close()
        child.wait()


def write(folder, project, size):
    os.makedirs(os.path.join(folder, "manifests"))
    with open(os.path.join(folder, "plumb.yaml"), "w") as file:
        file.write(SETTINGS % project)
    with open(os.path.join(folder, "manifests/all.yaml"), "w") as file:
        for n in range(size // GROUP):
            file.write(NETWORK % {"n": n})
            file.writelines(SUBNETWORK % {"n": n, "s": s} for s in range(GROUP - 2))


def asked(base, project):
    """How many requests, how many bytes were answered, and how many whole objects would have been."""
    with urllib.request.urlopen(f"{base}/__emulator__/requests?project={project}") as answer:
        log = json.load(answer)["log"]
    return [len(log), sum(one.get("bytes", 0) for one in log), sum(one.get("wholeBytes", 0) for one in log)]


def measured(program, folder, base, project, *arguments):
    before, start = asked(base, project), time.monotonic()
    environment = {"PATH": os.environ["PATH"], "HOME": folder, "GCP_ENDPOINT_URL": base,
                   "GOOGLE_OAUTH_ACCESS_TOKEN": "any"}
    log = os.path.join(folder, "log")
    with open(log, "w") as output:
        child = subprocess.Popen(["timeout", str(LIMIT), program, *arguments], cwd=folder, env=environment,
                                 stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        with open(log, errors="replace") as said:
            raise Problem(f"plumb {' '.join(arguments)} ended with {child.returncode}:\n{said.read()[-2000:]}")
    requests, chosen, whole = (now - then for now, then in zip(asked(base, project), before))
    found = {"requests": requests, "kilobytes": chosen / 1e3, "share": chosen / whole, "cpu": used.ru_utime + used.ru_stime,
             "wall": time.monotonic() - start, "peak": used.ru_maxrss * 1024 / 1e6}
    say(f"  {project} {arguments[0]}: {found['requests']} requests, {found['kilobytes']:.0f} kB of {whole / 1e3:.0f}, {found['cpu']:.2f} CPU s, {found['wall']:.1f} s")
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plumb", required=True)
    parser.add_argument("--sizes", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    program = os.path.abspath(options.plumb)

    def work():
        results = {}
        with emulator() as base, tempfile.TemporaryDirectory(prefix="plumb-bench-") as scratch:
            for size in options.sizes.split(","):
                folder, project = os.path.join(scratch, size), f"bench-project-{size}"
                write(folder, project, int(size))
                run = lambda *arguments: measured(program, folder, base, project, *arguments)
                results[size] = {"apply": run("apply", "--auto-approve"), "plan": run("plan", "--detailed-exitcode")}
        return results

    report(options.out, work)


if __name__ == "__main__":
    main()
