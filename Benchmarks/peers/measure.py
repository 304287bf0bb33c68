#!/usr/bin/env python3
"""Runs an estate through Plumb, and through Terraform where it is given, side by side on the AWS stand-in.

    measure.py --plumb PROGRAM [--terraform PROGRAM] --environments 4 --out FILE

Writes, where something fails, the `problem`; else, for each program and each of apply, plan, change, destroy: requests, CPU seconds (its own and its children's),
wall seconds, and the memory of its largest process. Terraform's provider is taken from a filesystem mirror:
$TF_PLUGINS, or a usual place; nothing is downloaded.
"""
import argparse
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

import estate

EMULATOR = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Tests/Emulators/moto_server.py")
PLAN_RUNS = 3


class Step:
    """Measures commands of one program in one folder and account."""

    def __init__(self, folder, account, endpoint, environment):
        self.folder, self.account, self.endpoint = folder, account, endpoint
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": folder, "AWS_ACCESS_KEY_ID": f"AKIATEST{account}",
            "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-west-2", "AWS_ENDPOINT_URL": endpoint, **environment}

    def requests(self):
        with urllib.request.urlopen(f"{self.endpoint}/__requests?account={self.account}") as answer:
            return len(json.load(answer))

    def run(self, *command):
        before = self.requests()
        log = os.path.join(self.folder, "log")
        with open(log, "w") as output:
            start = time.monotonic()
            child = subprocess.Popen(command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                                     stdout=output, stderr=subprocess.STDOUT)
            _, status, used = os.wait4(child.pid, 0)
            wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit(f"{' '.join(command)} ended with {child.returncode}:\n{open(log).read()[-2000:]}")
        return {"requests": self.requests() - before, "cpu": used.ru_utime + used.ru_stime, "wall": wall,
                "peak": used.ru_maxrss / 1024}

    def least(self, *command):
        """The run of several that took the least CPU."""
        return min((self.run(*command) for _ in range(PLAN_RUNS)), key=lambda measured: measured["cpu"])


def plumb(program, environments, endpoint, folder):
    account = "600000000001"
    step = Step(folder, account, endpoint, {})
    whole = estate.fill(estate.Plumb(), environments, account)
    whole.write(folder, account)
    measured = {"resources": whole.count, "apply": step.run(program, "apply", "--auto-approve"),
                "plan": step.least(program, "plan", "--detailed-exitcode")}
    estate.fill(estate.Plumb(), environments, account, changed=True).write(folder, account)
    measured["change"] = step.run(program, "apply", "--auto-approve")
    measured["destroy"] = step.run(program, "destroy", "--auto-approve", "--allow-stateful", "*")
    return measured


def mirror():
    """A filesystem mirror that holds the provider, and the newest version in it."""
    places = [os.environ.get("TF_PLUGINS"), os.path.expanduser("~/.terraform.d/plugins"), *glob.glob("/*/tf-plugins")]
    for place in filter(None, places):
        versions = [os.path.basename(v) for v in glob.glob(f"{place}/*/hashicorp/aws/[0-9]*")]
        if versions:
            return place, max(versions, key=lambda v: [int(n) for n in v.split(".") if n.isdigit()])
    sys.exit("no mirror of Terraform's AWS provider: set TF_PLUGINS")


def terraform(program, environments, endpoint, folder):
    account, (plugins, version) = "600000000002", mirror()
    settings = os.path.join(folder, "settings.tfrc")
    with open(settings, "w") as file:
        file.write(f'disable_checkpoint = true\nprovider_installation {{\n  filesystem_mirror {{\n    path = "{plugins}"\n  }}\n}}\n')
    step = Step(folder, account, endpoint, {
        "TF_CLI_CONFIG_FILE": settings, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0",
        "AWS_EC2_METADATA_DISABLED": "true"})
    whole = estate.fill(estate.Terraform(), environments, account)
    whole.write(folder, version, endpoint, f"AKIATEST{account}")
    step.run(program, "init")
    measured = {"resources": whole.count, "apply": step.run(program, "apply", "-auto-approve"),
                "plan": step.least(program, "plan", "-detailed-exitcode")}
    changed = estate.fill(estate.Terraform(), environments, account, changed=True)
    changed.write(folder, version, endpoint, f"AKIATEST{account}")
    measured["change"] = step.run(program, "apply", "-auto-approve")
    measured["destroy"] = step.run(program, "destroy", "-auto-approve")
    return measured


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plumb", required=True)
    parser.add_argument("--terraform")
    parser.add_argument("--environments", type=int, required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    scratch = tempfile.mkdtemp(prefix="plumb-bench-")
    emulator = subprocess.Popen([sys.executable, EMULATOR], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        endpoint = f"http://127.0.0.1:{json.loads(emulator.stdout.readline())['port']}"
        programs = [("plumb", plumb, options.plumb)]
        if options.terraform:
            programs.append(("terraform", terraform, options.terraform))
        results = {}
        for name, measure, program in programs:
            folder = os.path.join(scratch, name)
            os.mkdir(folder)
            results[name] = measure(os.path.abspath(program), options.environments, endpoint, folder)
    except SystemExit as problem:
        results = {"problem": str(problem)}
    finally:
        emulator.stdin.close()
        emulator.wait()
        shutil.rmtree(scratch)
    with open(options.out, "w") as file:
        json.dump(results, file)


if __name__ == "__main__":
    main()
