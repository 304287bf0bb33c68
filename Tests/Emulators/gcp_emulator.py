#!/usr/bin/env python3
"""A strict emulator of Google Cloud REST APIs for tests, driven by Google's own API descriptions.

Routes, parameters, bodies and answers are checked against the discovery documents that ship inside the
PyPI package google-api-python-client (and, for cloudquotas and memorystore which have none there, against
the protobuf descriptors of PyPI google-cloud-quotas / google-cloud-memorystore when installed).  Only the
behaviour that those descriptions cannot express is written by hand, in gcp_emulator_parts/apis.py.
Usage, control endpoints and simplifications: gcp_emulator.md beside this file.
"""
import argparse, json, os, re, signal, socket, struct, sys, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from gcp_emulator_parts.apis import *
import gcp_emulator_parts.more

# ---------------------------------------------------------------- 1. one call
class Drop(Exception):
    """Close the connection without an answer ("before"/"after" the effect) or halfway through it ("mid")."""


def route(http, path, host):
    """/{api}/{official path}, the official path itself where it names its API (compute, storage), or the API's own host name."""
    parts = path.lstrip("/").split("/")
    upload = parts[0] == "upload"
    parts = parts[1:] if upload else parts
    named = re.match(r"([a-z]+)\.(?:[a-z]+\.)?googleapis\.com", host or "")
    if named and parts and re.fullmatch(r"v\d\w*", parts[0]):
        parts.insert(0, named.group(1))
    if len(parts) > 2 and parts[0] == parts[1]:
        parts = parts[1:]
    api = load_api(parts[0], parts[1]) if len(parts) > 2 else None
    if api is None:
        return None, None, None, upload
    rel = "/".join(parts[2:]) if api.legacy else "/".join(parts[1:])
    method, params = api.match(http, rel)
    return method, params, rel, upload


def project_of(path, query):
    """The project that a call is about, for tests that share a server: from its path, its query or its bucket's owner."""
    found = re.search(r"projects/([^/:]+)", path)
    if found:
        return found.group(1)
    bucket = re.search(r"/b/([^/]+)", path)
    rec = STATE.find("storage", "b/" + unquote(bucket.group(1))) if bucket else None
    return rec.project if rec else dict(query).get("project", "")


def take_fault(method, project):
    for f in sorted(STATE.faults, key=lambda f: "kill" not in f):      # a kill comes before a delay of every call
        if re.fullmatch(f.get("methodId", ".*"), method.id) and f.get("project", project) == project:
            if f.get("skip", 0) > 0:
                f["skip"] -= 1
                continue
            if f.get("times", 1) <= 0:
                continue
            f["times"] = f.get("times", 1) - 1
            f["hits"] = f.get("hits", 0) + 1
            return f
    return None


def injected(f):
    headers = {"Retry-After": str(f["retryAfter"])} if "retryAfter" in f else {"Retry-After": "1"} if f["status"] == 429 else {}
    return ApiError(f["status"], f.get("message", "Injected fault."), reason=f.get("reason"), status=f.get("statusName"), headers=headers)


def call(http, path, query, headers, raw, base, entry):
    """Returns (status, headers, body). `entry` is the line of the request log, filled in on the way."""
    method, params, rel, upload = route(http, path, headers.get("Host"))
    if method is None:
        entry["unmatched"] = True
        raise ApiError(404, "No API method answers %s %s" % (http, path))
    api = method.api
    entry.update(methodId=method.id, legacy=api.legacy, version=api.version)
    authorize(headers)
    fault = take_fault(method, entry.get("project", ""))
    if fault:
        entry["fault"] = {k: v for k, v in fault.items() if k not in ("times", "hits")}
        if fault.get("delay"):
            time.sleep(fault["delay"])
        if fault.get("kill") and not fault.get("applied"):
            os.kill(fault["kill"], signal.SIGKILL)
            raise Drop("before")
        if fault.get("drop") == "before":
            raise Drop("before")
        if fault.get("status") and not fault.get("applied"):
            raise injected(fault)
    checker = Checker(api, method, "request")
    q = checker.query(query)
    selection = Selection(api, method, q["fields"]) if q.get("fields") and method.response else None
    for var in method.vars:
        pattern = method.params.get(var, {}).get("pattern")
        if api.legacy and pattern and not re.fullmatch(pattern, params[var]):
            raise bad("Invalid value for field '%s': '%s'. Must be a match of regex '%s'" % (var, params[var], pattern), field=var)
        if api.name == "compute" and (var == "region" and params[var] not in REGIONS or var == "zone" and params[var][-1:] not in REGIONS.get(params[var][:-2], "")):
            raise bad("Invalid value for field '%s': '%s'. Unknown %s." % (var, params[var], var), field=var)
    if q.get("requestId") is not None and (not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", q["requestId"]) or not q["requestId"].strip("0-")):
        raise bad("Invalid value for field 'requestId': '%s'. Must be a valid non-zero UUID." % q["requestId"], field="requestId")
    body, media, kind = parse_body(headers, raw, upload)
    if method.request:
        body = checker.walk({"$ref": method.request}, {} if body is None else body, "resource" if api.legacy else "")
    elif body not in (None, {}):
        raise bad("Invalid JSON payload received: %s takes no request body." % method.id)
    r = Request(method, params, q, body, rel, base)
    r.warnings, r.upload, r.content_type = checker.warnings, media, kind
    r.op_fault = fault.get("opError") if fault else None
    entry["warnings"], entry["query"] = r.warnings, q
    if method.response == "Operation" and method.action == "wait":
        wait_for(r)
    with STATE.lock:
        STATE.advance()
        twin = STATE.seen.get((api.name, r.project, method.id, q["requestId"])) if q.get("requestId") else None
        if twin is not None:
            entry["replayed"] = True
            out = r.op_body(twin)
        else:
            handler = next((f for rx, f in CUSTOM if rx.match(method.id)), standard)
            out = handler(r)
    if isinstance(out, bytes):
        return 200, {"Content-Type": "application/octet-stream"}, out
    if method.response:
        try:
            Checker(api, method, "response").walk({"$ref": method.response}, out or {}, "")
        except ValueError as e:
            STATE.invalid.append({"methodId": method.id, "project": entry.get("project", ""), "problem": str(e)})
            raise ApiError(500, "EMULATOR BUG: answer of %s does not fit its schema: %s" % (method.id, e))
    if fault and fault.get("kill"):
        os.kill(fault["kill"], signal.SIGKILL)
        raise Drop("after")
    if fault and fault.get("drop") in ("after", "mid"):
        raise Drop(fault["drop"])
    if fault and fault.get("status"):
        raise injected(fault)
    if not method.response:
        return 204, {}, b""
    whole = json.dumps(out or {}, indent=2).encode()
    chosen = json.dumps(selection.of(out or {}), indent=2).encode() if selection else whole
    entry.update(bytes=len(chosen), wholeBytes=len(whole))
    return 200, {}, chosen


def wait_for(r):
    path = r.path[:-len("/wait")] if r.path.endswith("/wait") else r.path
    op = STATE.ops.get((r.api, path))
    if op is not None and not op.done:
        time.sleep(max(0, min(120, op.due - time.time())))
        with STATE.lock:
            STATE.advance(force=op)


def parse_body(headers, raw, upload):
    kind = headers.get("Content-Type", "")
    if upload and kind.startswith("multipart/"):
        mark = re.search(r'boundary="?([^";]+)', kind).group(1).encode()
        parts = [p.lstrip(b"\r\n").partition(b"\r\n\r\n") for p in raw.split(b"--" + mark)[1:-1]]
        inner = re.search(rb"(?i)content-type:\s*([^\r\n]+)", parts[1][0])
        return json.loads(parts[0][2]), parts[1][2][:-2] if parts[1][2].endswith(b"\r\n") else parts[1][2], inner.group(1).decode() if inner else None
    if upload:
        return None, raw, kind or None
    if not raw:
        return None, None, None
    if kind and not kind.startswith("application/json"):
        raise bad("Invalid Content-Type '%s': application/json is expected." % kind)
    try:
        body = json.loads(raw)
    except ValueError as e:
        raise bad("Invalid JSON payload received. %s" % e)
    if not isinstance(body, dict):
        raise bad("Invalid JSON payload received. The root must be an object.")
    return body, None, None


# ---------------------------------------------------------------- 2. control endpoint and HTTP server
def control(http, path, query, raw, base):
    what, body = path[len("/__emulator__/"):], json.loads(raw) if raw else {}
    q = dict(query)
    if what == "health":
        return {"ok": True, "apis": sorted(k for k, v in APIS.items() if v)}
    if what == "reset":
        STATE.reset()
        return {}
    if what == "resources":
        return {"resources": {"%s/%s" % k: {"state": r.state, "project": r.project, "schema": r.schema, "system": r.auto, "body": r.body} for k, r in sorted(STATE.recs.items()) if ("%s/%s" % k).startswith(q.get("prefix", ""))},
                "policies": {"%s/%s" % k: v for k, v in STATE.policies.items()}, "objects": ["%s/%s" % k for k in STATE.objects], "pendingOperations": [k[1] for k, o in STATE.ops.items() if not o.done]}
    if what == "requests":
        mine = lambda e: q.get("project", e.get("project", "")) == e.get("project", "")
        log = [e for e in STATE.log if re.search(q.get("methodId", ""), e.get("methodId", "")) and mine(e)]
        counts = {}
        for e in log:
            counts[e.get("methodId", "unmatched")] = counts.get(e.get("methodId", "unmatched"), 0) + 1
        return {"counts": counts, "log": log, "unmatched": [e for e in log if e.get("unmatched")], "invalidResponses": [e for e in STATE.invalid if mine(e)],
                "warnings": sorted({"%s: %s" % (e.get("methodId"), w) for e in log for w in e.get("warnings", [])})}
    if what == "faults":
        if http == "POST":
            new = body if isinstance(body, list) else [body]
            for f in new:
                wrong = set(f) - {"methodId", "project", "status", "times", "skip", "delay", "retryAfter", "reason", "statusName", "message", "drop", "applied", "opError", "kill"}
                if wrong or f.get("drop", "before") not in ("before", "after", "mid"):
                    raise bad("Unknown fault fields %s or drop mode." % sorted(wrong))
                re.compile(f.get("methodId", ""))
            STATE.faults.extend(new)
        elif http == "DELETE":
            STATE.faults.clear()
        return {"faults": STATE.faults}
    if what == "config":
        unknown = set(body) - set(CONFIG)
        if unknown:
            raise bad("Unknown settings: %s" % sorted(unknown))
        CONFIG.update(body)
        return CONFIG
    if what == "drift":                           # change or remove a resource behind the client's back
        api, key = body["resource"].split("/", 1)
        rec = STATE.find(api, key)
        if rec is None:
            raise ApiError(404, "No resource %s" % body["resource"])
        if body.get("delete"):
            STATE.recs.pop((api, key))
        else:
            rec.body = merge(rec.body, body.get("set", {}))
            r = Request.__new__(Request)
            r.doc, r.api, r.schema = APIS_BY_NAME(api), api, rec.schema
            r.stamp(rec, created=False)
        return rec.body
    if what == "finish":                          # let every running operation end now
        for op in list(STATE.ops.values()):
            STATE.advance(force=op)
        return {}
    if what == "credentials":
        project = q.get("project", "emulated-project")
        return make_key(q.get("email", "tester@%s.iam.gserviceaccount.com" % project), project, base)[1]
    if what == "project":                         # permissions that the caller lacks, limits of quotas
        if set(body) - {"project", "denied", "granted", "quotas"}:
            raise bad("A project has `denied`, `granted` and `quotas`.")
        return STATE.settings.setdefault(body.pop("project"), {}).update(body) or {}
    if what == "revoke":                          # the account's tokens are not accepted any more
        STATE.tokens = {token: kept for token, kept in STATE.tokens.items() if kept[1] != body["email"]}
        return {}
    if what == "subject":
        return {"token": subject_token(q["issuer"], q.get("subject", "job"), q["audience"])}
    raise ApiError(404, "No control endpoint " + path)


class Handler(BaseHTTPRequestHandler):
    protocol_version, server_version, sys_version = "HTTP/1.1", "gcp-emulator", ""

    def log_message(self, *args):
        pass

    def read_body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            out = b""
            while True:
                size = int(self.rfile.readline().split(b";")[0] or b"0", 16)
                out += self.rfile.read(size)
                self.rfile.readline()
                if not size:
                    return out
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self):
        raw = self.read_body()
        url = urlsplit(self.path)
        query, base = parse_qsl(url.query, keep_blank_values=True), "http://" + (self.headers.get("Host") or "127.0.0.1:%d" % self.server.server_port)
        entry = {"time": now(), "httpMethod": self.command, "path": url.path, "legacy": url.path.startswith(("/compute/", "/storage/", "/upload/")),
                 "project": project_of(url.path, query)}
        status, headers, body, cut = 500, {}, b"{}", False
        try:
            if url.path.startswith("/__emulator__/"):
                entry = None
                with STATE.lock:
                    STATE.advance()
                    body, status = json.dumps(control(self.command, url.path, query, raw, base), indent=2).encode(), 200
            elif url.path == "/token":
                entry["methodId"] = "oauth2.token"
                status, out = token_endpoint(dict(parse_qsl(raw.decode())), base)
                body = json.dumps(out).encode()
            elif url.path == "/sts/v1/token":
                entry["methodId"] = "sts.token"
                status, out = exchange(dict(parse_qsl(raw.decode())))
                body = json.dumps(out).encode()
            elif url.path.startswith("/computeMetadata/v1/"):
                entry["methodId"] = "metadata.get"
                if self.headers.get("Metadata-Flavor") != "Google":
                    raise ApiError(403, "Missing Metadata-Flavor: Google header.")
                who = "default@emulated-project.iam.gserviceaccount.com"
                found = {"token": json.dumps(issue_token(who)), "email": who, "project-id": "emulated-project", "numeric-project-id": project_number("emulated-project")}
                body, status, headers = found.get(url.path.rsplit("/", 1)[1], "").encode(), 200, {"Metadata-Flavor": "Google"}
            else:
                try:
                    entry["body"] = json.loads(raw) if raw and len(raw) < 65536 else None
                except ValueError:
                    pass
                status, headers, body = call(self.command, url.path, query, self.headers, raw, base, entry)
        except Drop as d:
            status, cut = 0, True
            entry["dropped"] = str(d)
        except ApiError as e:
            status, headers, body = e.code, e.headers, json.dumps(e.body((entry or {}).get("legacy")), indent=2).encode()
        except Exception as e:                    # a fault of the emulator itself: visible to the tests
            import traceback
            traceback.print_exc()
            STATE.invalid.append({"path": url.path, "project": (entry or {}).get("project", ""), "problem": repr(e)})
            body = json.dumps(ApiError(500, "EMULATOR BUG: %r" % e).body(False)).encode()
        if entry is not None:
            entry["status"] = status
            entry["message"] = json.loads(body)["error"]["message"] if status >= 400 and not url.path.endswith("/token") else ""
            with STATE.lock:
                STATE.log.append(entry)
        if cut:
            if str(entry["dropped"]) == "mid":
                self.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4096\r\n\r\n{"kind": "trunc')
                self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR) if str(entry["dropped"]) == "mid" else self.connection.close()
            return
        self.send_response(status)
        for k, v in {"Content-Type": "application/json; charset=UTF-8", **headers}.items():
            self.send_header(k, v)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 204:
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def handle(self):
        try:
            super().handle()
        except (ConnectionError, OSError, ValueError):
            pass

    def finish(self):
        try:
            super().finish()
        except (ConnectionError, OSError, ValueError):
            pass


class Server(ThreadingHTTPServer):
    daemon_threads, request_queue_size = True, 128


def main():
    p = argparse.ArgumentParser(description="Strict emulator of Google Cloud REST APIs; see gcp_emulator.md")
    p.add_argument("--port", type=int, default=0, help="0 picks a free port; it is printed on the first line")
    p.add_argument("--op-latency", type=float, default=CONFIG["opLatency"], help="seconds before an operation can be done")
    p.add_argument("--op-polls", type=int, default=CONFIG["opPolls"], help="polls answered 'not done' before that")
    p.add_argument("--page-size", type=int, default=CONFIG["pageSize"], help="default page of list methods")
    p.add_argument("--max-page-size", type=int, default=CONFIG["maxPageSize"])
    p.add_argument("--auth", choices=("bearer", "issued", "none"), default=CONFIG["auth"], help="issued: only tokens of /token")
    p.add_argument("--projects", default="", help="comma-separated; others answer 403 in Resource Manager")
    p.add_argument("--strict-read-only", action="store_true", help="refuse output-only fields instead of ignoring them")
    p.add_argument("--exit-with-stdin", action="store_true", help="stop when standard input is closed, so that a crashed test leaves no server behind")
    a = p.parse_args()
    CONFIG.update(opLatency=a.op_latency, opPolls=a.op_polls, pageSize=a.page_size, maxPageSize=a.max_page_size, auth=a.auth,
                  projects=[x for x in a.projects.split(",") if x], strictReadOnly=a.strict_read_only)
    server = Server(("127.0.0.1", a.port), Handler)
    print("gcp_emulator listening on http://127.0.0.1:%d" % server.server_port, flush=True)
    if a.exit_with_stdin:
        threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
