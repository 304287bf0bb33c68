#!/usr/bin/env python3
"""Plans and applies the same objects by Plumb and by kubectl, side by side on a real kube-apiserver.

    kube.py --plumb PROGRAM --out FILE

20 namespaces with 50 objects each. Writes for `plumb` (apply, plan) and `kubectl` (apply --server-side, diff
--server-side): requests that the server counted, CPU seconds of the program and its children, and wall seconds. The
server and kubectl are those of `make kube-assets`.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

from programs import EMULATORS, LIMIT, Absent, Problem, report, say

NAMESPACES, SETTINGS = 20, 45
PLAN_RUNS = 3


def assets():
    named = os.environ.get("KUBEBUILDER_ASSETS")
    folder = named or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "plumb/kube-assets")
    for program in ("kube-apiserver", "etcd", "kubectl"):
        if not os.access(os.path.join(folder, program), os.X_OK):
            raise Absent(f"there is no {program} in {folder}: run `make kube-assets`")
    return folder


def objects(prefix):
    for number in range(NAMESPACES):
        space = f"{prefix}-{number}"
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": space}}
        meta = lambda name: {"name": name, "namespace": space}
        yield {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": meta("limits"),
               "spec": {"hard": {"requests.cpu": "10000m", "requests.memory": "64Gi", "pods": "100"}}}
        yield {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": meta("team"),
               "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}]}
        yield {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": meta("team"),
               "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "team"},
               "subjects": [{"kind": "Group", "name": f"team-{number}", "apiGroup": "rbac.authorization.k8s.io"}]}
        yield {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta("inside"),
               "spec": {"podSelector": {}, "policyTypes": ["Ingress"],
                        "ingress": [{"from": [{"podSelector": {}}], "ports": [{"port": 80}]}]}}
        for index in range(SETTINGS):
            yield {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {**meta(f"settings-{index}"), "labels": {"tier": str(index % 3)}},
                   "data": {"mode": "fast", "index": str(index)}}


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


class Side:
    """One program with a user, a folder and namespaces of its own."""

    def __init__(self, name, user, server, folder):
        self.name, self.user, self.audit, self.folder = name, user, server["audit"], folder
        os.makedirs(folder)
        self.environment = {"PATH": "/usr/bin:/bin", "HOME": folder, "KUBECONFIG": f"{folder}/kubeconfig"}
        cluster = {"server": f"https://127.0.0.1:{server['port']}", "certificate-authority": server["authority"]}
        write(f"{folder}/kubeconfig", json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "main",
            "clusters": [{"name": "lab", "cluster": cluster}], "users": [{"name": "main", "user": {"token": user}}],
            "contexts": [{"name": "main", "context": {"cluster": "lab", "user": "main"}}]}))
        # With a comment first, or kubectl takes the whole file for JSON.
        write(f"{folder}/manifests/all.yaml", "# objects\n" + "\n---\n".join(json.dumps(one) for one in objects(name)))

    def requests(self):
        with open(self.audit) as log:
            return sum(f'"username":"{self.user}"' in line for line in log)

    def measured(self, step, *command, allowed=(0,)):
        before, start = self.requests(), time.monotonic()
        with open(f"{self.folder}/{step}.log", "w") as log:
            child = subprocess.Popen(command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - start
        if child.returncode not in allowed:
            with open(f"{self.folder}/{step}.log") as log:
                raise Problem(f"{self.name} {step} ended with {child.returncode}:\n{log.read()[-2000:]}")
        found = {"requests": self.requests() - before, "cpu": used.ru_utime + used.ru_stime, "wall": wall}
        say(f"  {self.name} {step}: {found['requests']} requests, {found['cpu']:.2f} CPU s, {wall:.1f} s")
        return found


def compare(plumb, server, folder, kubectl):
    ours, theirs = Side("plumb", "test-1", server, f"{folder}/plumb"), Side("kubectl", "test-2", server, f"{folder}/kubectl")
    write(f"{ours.folder}/plumb.yaml", json.dumps({
        "apiVersion": "plumb.dev/v1", "kind": "Estate", "metadata": {"name": "bench", "id": "est-bench"},
        "spec": {"include": ["manifests/*.yaml"], "defaults": {"targets": {"kubernetes": "lab"}}}}))
    write(f"{ours.folder}/manifests/target.yaml", json.dumps({
        "apiVersion": "plumb.dev/v1", "kind": "Target", "metadata": {"name": "lab"}, "spec": {"kubernetes": {"context": "main"}}}))
    found = {"plumb": {}, "kubectl": {}}
    found["plumb"]["apply"] = ours.measured("apply", plumb, "apply", "--auto-approve")
    found["kubectl"]["apply"] = theirs.measured("apply", kubectl, "apply", "--server-side", "-f", "manifests")
    plans = [ours.measured("plan", plumb, "plan", "--detailed-exitcode") for _ in range(PLAN_RUNS)]
    found["plumb"]["plan"] = min(plans, key=lambda plan: plan["cpu"])
    # It tells the times of managed fields apart, and so finds differences where there are none.
    found["kubectl"]["plan"] = theirs.measured("diff", kubectl, "diff", "--server-side", "-f", "manifests", allowed=(0, 1))
    found["objects"] = NAMESPACES * (SETTINGS + 5)
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plumb", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()

    def run():
        programs = assets()
        with tempfile.TemporaryDirectory() as folder:
            server = subprocess.Popen(
                [sys.executable, os.path.join(EMULATORS, "kube_server.py"), programs, f"{folder}/server"], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            try:
                ready = server.stdout.readline()
                if not ready:
                    raise Problem("the API server did not start")
                return compare(options.plumb, json.loads(ready), folder, os.path.join(programs, "kubectl"))
            finally:
                server.stdin.close()
                server.wait(LIMIT)

    report(options.out, run)


main()
