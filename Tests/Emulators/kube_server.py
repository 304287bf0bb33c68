"""A real kube-apiserver with etcd on loopback, and a small stand-in for the controllers that it comes without.

    kube_server.py ASSETS FOLDER

ASSETS holds `kube-apiserver` and `etcd`; certificates, data and logs go into FOLDER. Prints one line of JSON when all is
ready: {"port", "proxy", "audit", "authority"}. Ends with its children when its standard input closes.

Users are tokens: `test-N` may do everything, `reader-N` nothing that no role allows. The audit log says who asked what.
The stand-in follows that log: it ends deletes in the foreground, empties and finalizes namespaces, fills the status of
quotas and workloads. Objects with the annotation `stand-in: leave` are left to the test.

`proxy` is a plain HTTP way to the server for tests that stop a client in the middle: POST /__kill with
{"user", "pid", "write", "after"} ends the process at that user's nth writing request, before or after its effect. It is
a proxy, too: CONNECT leads to the server whatever name is asked for.
"""
import http.client
import http.server
import json
import os
import re
import select
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

USERS = 200
assets, folder = sys.argv[1], sys.argv[2]
children = []


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def path(name):
    return os.path.join(folder, name)


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def make_certificates():
    openssl("genrsa", "-out", "sa.key", "2048")
    openssl("rsa", "-in", "sa.key", "-pubout", "-out", "sa.pub")
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.crt", "-days", "30", "-subj", "/CN=test-ca")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "srv.key", "-out", "srv.csr", "-subj", "/CN=kube-apiserver")
    with open(path("san"), "w") as file:
        file.write("subjectAltName=DNS:localhost,IP:127.0.0.1")
    openssl("x509", "-req", "-in", "srv.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-out", "srv.crt", "-days", "30", "-extfile", "san")


def write_users():
    with open(path("tokens.csv"), "w") as file:
        file.write("controller,controller,controller,system:masters\n")
        for number in range(USERS):
            file.write(f"test-{number},test-{number},test-{number},system:masters\n")
            file.write(f"reader-{number},reader-{number},reader-{number}\n")
    with open(path("audit.yaml"), "w") as file:
        json.dump({
            "apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"],
            "rules": [
                {"level": "None", "users": ["controller", "system:apiserver", "system:anonymous"]},
                {"level": "Metadata"}]}, file)


def start(program, *arguments):
    log = open(path(os.path.basename(program) + ".log"), "w")
    children.append(subprocess.Popen([program, *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log))


def stop():
    for child in children:
        child.kill()
    os._exit(0)


class Cluster(threading.local):
    """One connection a thread, as the controller."""

    connection = None

    def __call__(self, method, target, body=None, content="application/json"):
        for attempt in range(3):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPSConnection("127.0.0.1", port, context=trust, timeout=30)
                headers = {"Authorization": "Bearer controller", "Content-Type": content}
                self.connection.request(method, target, json.dumps(body) if body is not None else None, headers)
                answer = self.connection.getresponse()
                text = answer.read()
                return answer.status, json.loads(text) if text[:1] == b"{" else {}
            except OSError:
                self.connection = None
                if attempt == 2:
                    raise


def object_path(record):
    reference = record.get("objectRef", {})
    group, version = reference.get("apiGroup", ""), reference.get("apiVersion", "v1")
    root = f"/apis/{group}/{version}" if group else f"/api/{version}"
    place = f"/namespaces/{reference['namespace']}" if "namespace" in reference and reference["resource"] != "namespaces" else ""
    return f"{root}{place}/{reference['resource']}/{reference.get('name', '')}"


def is_left(item):
    return (item["metadata"].get("annotations") or {}).get("stand-in") == "leave"


def end_foreground(target, item):
    finalizers = [name for name in item["metadata"].get("finalizers") or [] if name not in ("foregroundDeletion", "orphan")]
    if "deletionTimestamp" in item["metadata"] and finalizers != (item["metadata"].get("finalizers") or []):
        cluster("PATCH", target, {"metadata": {"finalizers": finalizers}}, "application/merge-patch+json")


def namespaced_kinds():
    _, groups = cluster("GET", "/apis")
    roots = ["/api/v1"] + [f"/apis/{group['preferredVersion']['groupVersion']}" for group in groups.get("groups", [])]
    for root in roots:
        _, found = cluster("GET", root)
        for kind in found.get("resources", []):
            if kind["namespaced"] and "/" not in kind["name"] and {"list", "delete"} <= set(kind["verbs"]):
                yield root, kind["name"]


def empty_namespace(name):
    _, item = cluster("GET", f"/api/v1/namespaces/{name}")
    if is_left(item) or "deletionTimestamp" not in item.get("metadata", {}):
        return
    kinds = list(namespaced_kinds())
    for _ in range(200):
        left = 0
        for root, plural in kinds:
            _, found = cluster("GET", f"{root}/namespaces/{name}/{plural}")
            for one in found.get("items", []):
                left += 1
                target = f"{root}/namespaces/{name}/{plural}/{one['metadata']['name']}"
                if "deletionTimestamp" not in one["metadata"]:
                    cluster("DELETE", target)
                else:
                    end_foreground(target, one)
        if left == 0:
            break
        time.sleep(0.1)
    end_foreground(f"/api/v1/namespaces/{name}", item)
    _, item = cluster("GET", f"/api/v1/namespaces/{name}")
    item["spec"] = {"finalizers": []}
    cluster("PUT", f"/api/v1/namespaces/{name}/finalize", item)


def fill_status(target, plural, item):
    generation = item["metadata"].get("generation", 1)
    wanted = item.get("spec", {}).get("replicas", 1)
    replicas = {name: wanted for name in ("replicas", "readyReplicas", "updatedReplicas")}
    status = {
        "resourcequotas": lambda: {"hard": item["spec"].get("hard", {}), "used": {name: "0" for name in item["spec"].get("hard", {})}},
        "deployments": lambda: {"observedGeneration": generation, "availableReplicas": wanted, **replicas},
        "statefulsets": lambda: {"observedGeneration": generation, "currentRevision": "a", "updateRevision": "a", **replicas},
        "daemonsets": lambda: {"observedGeneration": generation, "desiredNumberScheduled": 1, "currentNumberScheduled": 1,
                               "numberMisscheduled": 0, "numberReady": 1, "updatedNumberScheduled": 1},
    }[plural]()
    cluster("PATCH", f"{target}/status", {"status": status}, "application/merge-patch+json")


def follow(record):
    if record.get("responseStatus", {}).get("code", 500) >= 300 or "dryRun" in record["requestURI"]:
        return
    reference, verb = record.get("objectRef", {}), record["verb"]
    if not reference.get("name") and verb != "create":
        return
    target = object_path(record)
    if verb == "delete" and reference["resource"] == "namespaces":
        threading.Thread(target=empty_namespace, args=(reference["name"],), daemon=True).start()
    elif verb == "delete":
        code, item = cluster("GET", target)
        if code == 200 and not is_left(item):
            end_foreground(target, item)
    elif verb in ("create", "patch", "update") and reference.get("name") and not reference.get("subresource") and reference["resource"] in (
            "resourcequotas", "deployments", "statefulsets", "daemonsets"):
        code, item = cluster("GET", target)
        if code == 200 and not is_left(item):
            fill_status(target, reference["resource"], item)


def run_controllers():
    with open(path("audit.log")) as log:
        rest = ""
        while True:
            rest += log.read()
            *lines, rest = rest.split("\n")
            for line in lines:
                try:
                    follow(json.loads(line))
                except Exception as problem:
                    print(f"stand-in: {problem!r}", file=sys.stderr)
            if not lines:
                time.sleep(0.05)


kills = {}
kills_lock = threading.Lock()


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, code, body, headers=()):
        self.send_response(code)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def forward(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/__kill":
            order = json.loads(body)
            with kills_lock:
                kills[order["user"]] = {**order, "seen": 0}
            return self.answer(200, b"{}")
        due = self.count()
        if due and not due["after"]:
            os.kill(due["pid"], signal.SIGKILL)
            time.sleep(0.05)
            return
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=trust, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "content-length", "accept-encoding")}
        connection.request(self.command, self.path, body or None, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if due:
            os.kill(due["pid"], signal.SIGKILL)
            time.sleep(0.05)
            return
        try:
            self.answer(answer.status, text, [("Content-Type", answer.getheader("Content-Type", "application/json"))])
        except OSError:
            pass

    def do_CONNECT(self):
        with socket.create_connection(("127.0.0.1", port)) as server:
            self.send_response(200)
            self.end_headers()
            self.close_connection = True
            others = {self.connection: server, server: self.connection}
            while True:
                for end in select.select(list(others), [], [])[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    others[end].sendall(data)

    def count(self):
        if self.command == "GET" or "dryRun" in self.path:
            return None
        user = re.sub(r"^Bearer ", "", self.headers.get("Authorization", ""))
        with kills_lock:
            order = kills.get(user)
            if not order:
                return None
            order["seen"] += 1
            if order["seen"] == order["write"]:
                return kills.pop(user)
        return None

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = forward


def wait_until_ready():
    for _ in range(600):
        try:
            if cluster("GET", "/readyz")[0] == 200:
                return
        except OSError:
            pass
        if any(child.poll() is not None for child in children):
            break
        time.sleep(0.1)
    sys.exit(f"kube-apiserver did not become ready: see {path('kube-apiserver.log')}")


os.makedirs(folder, exist_ok=True)
make_certificates()
write_users()
port, client_port, peer_port = free_ports(3)
trust = ssl.create_default_context(cafile=path("ca.crt"))
cluster = Cluster()
try:
    start(os.path.join(assets, "etcd"), "--data-dir", path("etcd"), "--unsafe-no-fsync", "--log-level", "error",
          "--listen-client-urls", f"http://127.0.0.1:{client_port}", "--advertise-client-urls", f"http://127.0.0.1:{client_port}",
          "--listen-peer-urls", f"http://127.0.0.1:{peer_port}")
    start(os.path.join(assets, "kube-apiserver"), f"--etcd-servers=http://127.0.0.1:{client_port}", "--bind-address=127.0.0.1",
          f"--secure-port={port}", "--tls-cert-file=srv.crt", "--tls-private-key-file=srv.key", "--token-auth-file=tokens.csv",
          "--authorization-mode=RBAC", "--service-account-issuer=https://kubernetes.default.svc", "--service-account-key-file=sa.pub",
          "--service-account-signing-key-file=sa.key", "--service-cluster-ip-range=10.0.0.0/16", "--disable-admission-plugins=ServiceAccount",
          "--audit-policy-file=audit.yaml", "--audit-log-path=audit.log", "--max-requests-inflight=1000", "--max-mutating-requests-inflight=1000",
          "--enable-priority-and-fairness=false")
    wait_until_ready()
    open(path("audit.log"), "a").close()
    threading.Thread(target=run_controllers, daemon=True).start()
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    print(json.dumps({"port": port, "proxy": proxy.server_address[1], "audit": path("audit.log"), "authority": path("ca.crt")}), flush=True)
    sys.stdin.read()
finally:
    stop()
