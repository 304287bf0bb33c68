#!/usr/bin/env python3
"""AWS for tests: moto behind a front that records, checks, pages, delays and breaks requests.

    moto_server.py [--port 0] [--latency-ms 0] [--page-size N] [--keep]

Prints one line, `{"port": N}`, and serves 127.0.0.1 until its standard input closes (`--keep`: until it is killed).
An access key id `AKIATEST` + 12 digits makes these digits the account of the request, so that every test can have an
account of its own and none sees another's resources, records or faults. Everything else lives in moto's default
account, 123456789012; credentials from AssumeRole belong to the role's account.

GET    /__requests   the requests so far, a JSON list; ?account= and ?since=SEQUENCE narrow it
GET    /__invalid    those that AWS would have refused for their form, with the reasons; ?account=
POST   /__faults     a JSON list of faults, added; GET lists them with their hits; DELETE removes (?account=)
POST   /__page_size  {"account": ..., "size": N}: no page is longer than N, whatever was asked
POST   /__latency    {"ms": N}: added to every request
GET    /__stopped    ?account=: answers once a fault has stopped a process
POST   /__release    ?account=: lets requests go on whose process was stopped before their effect
POST   /__reset      forgets everything; with ?account= only that account's records, faults and page size

A fault: {"match": {"action": REGEX, "account": ..., "key": REGEX}, "kind": KIND, "count": 1, "skip": 0}, where the
whole action ("CreateVpc" or "ec2.CreateVpc") matches, and the whole key of an object where one is named. Kinds: latency (ms) | error, error_after (status, code, message, retry_after)
| throttle (the service's own way to say it) | drop_before | drop_after (the effect happens, no answer comes) | cut_body
| kill_before, kill_after (pid: this process is ended by SIGKILL, and the effect is as with drop_before and drop_after)
| stop_before, stop_after (pid: this process is stopped by SIGSTOP; with stop_before the effect waits for /__release).
"""
import argparse
import contextlib
import io
import json
import os
import re
import signal
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import escape

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")

import moto_gaps  # noqa: F401  What moto lacks is there once this is imported.
import paging
from request_model import read_call
from moto.ec2.models.nat_gateways import NatGatewayBackend
from moto.ec2.models.vpcs import VPCEndPoint
from moto.iam import models as iam
from moto.kms.responses import KmsResponse
from moto.server import DomainDispatcherApplication, create_backend_app

# Every new account would read all 1,400 managed policies, a second each: these are enough.
MANAGED_POLICIES = (
    "AmazonEC2ContainerRegistryReadOnly", "AmazonS3ReadOnlyAccess", "ReadOnlyAccess", "ViewOnlyAccess", "AdministratorAccess")
iam.aws_managed_policies_data = json.dumps(
    {name: policy for name, policy in json.loads(iam.aws_managed_policies_data).items() if name in MANAGED_POLICIES}
)

# DescribeVpcEndpoints has a filter `vpc-endpoint-id` on AWS; moto looks for an attribute of that name.
VPCEndPoint.vpc_endpoint_id = property(lambda endpoint: endpoint.id)
# An endpoint whose type was not written is a Gateway on AWS; moto keeps none and fails to delete it.
VPCEndPoint.vpc_endpoint_type = property(
    lambda endpoint: endpoint.__dict__.get("vpc_endpoint_type") or "Gateway",
    lambda endpoint, kind: endpoint.__dict__.__setitem__("vpc_endpoint_type", kind),
)

def delete_nat_gateway(backend, nat_gateway_id, delete=NatGatewayBackend.delete_nat_gateway):
    """A gateway that is deleted lets go of its address on AWS; moto keeps them joined."""
    gateway = delete(backend, nat_gateway_id)
    for address in [address for address in backend.addresses if address.eni is gateway._eni and address.association_id]:
        backend.disassociate_address(association_id=address.association_id)
    return gateway


NatGatewayBackend.delete_nat_gateway = delete_nat_gateway

ROTATION_PERIODS = {}


def enable_key_rotation(response, enable=KmsResponse.enable_key_rotation):
    """Keys keep the period after which they are made anew, 365 days where none is asked for; moto forgets it."""
    answer = enable(response)
    asked = response._get_param("RotationPeriodInDays")
    key = response._get_param("KeyId")
    if asked or key not in ROTATION_PERIODS:
        ROTATION_PERIODS[key] = asked or 365
    return answer


def get_key_rotation_status(response, status=KmsResponse.get_key_rotation_status):
    answer = json.loads(status(response))
    if answer["KeyRotationEnabled"]:
        answer["RotationPeriodInDays"] = ROTATION_PERIODS[response._get_param("KeyId")]
    return json.dumps(answer)


KmsResponse.enable_key_rotation = enable_key_rotation
KmsResponse.get_key_rotation_status = get_key_rotation_status

BODY_EXCERPT = 4096
MAX_BODY = 16 << 20
TEST_KEY = re.compile(r"AKIATEST(\d{12})")
CREDENTIAL = re.compile(r"Credential=([^/,]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request")
THROTTLE = {"ec2": (503, "RequestLimitExceeded"), "s3": (503, "SlowDown")}


# moto checks a precondition of PutObject and writes in two steps; S3 does both as one.
CONDITIONAL = threading.Lock()


class Recorder:
    """What was asked and what is to break; every access under one lock."""

    def __init__(self, latency, page_size):
        self.lock = threading.Lock()
        self.stopped = threading.Condition()
        self.stops, self.released = set(), set()
        self.start = (latency, page_size)
        self.clear(None)

    def clear(self, account):
        with self.lock:
            if account is None:
                self.requests, self.faults, self.page_sizes, self.sequence = [], [], {}, 0
                self.latency, self.page_size = self.start
                return
            self.requests = [r for r in self.requests if r["account"] != account]
            self.faults = [f for f in self.faults if f.get("match", {}).get("account") != account]
            self.page_sizes.pop(account, None)

    def record(self, entry):
        with self.lock:
            self.sequence += 1
            entry["sequence"] = self.sequence
            self.requests.append(entry)

    def take_faults(self, call, account):
        """The faults this request meets: any number of delays and at most one other."""
        with self.lock:
            taken = []
            for fault in self.faults:
                match = fault.get("match", {})
                action = match.get("action", ".*")
                if match.get("account", account) != account or fault["kind"] != "latency" and any(t["kind"] != "latency" for t in taken):
                    continue
                if not re.fullmatch(action, call.action) and not re.fullmatch(action, call.label):
                    continue
                if not re.fullmatch(match.get("key", ".*"), str(call.params.get("Key", ""))):
                    continue
                if fault.get("skip", 0) > 0:
                    fault["skip"] -= 1
                elif fault.get("hits", 0) < fault.get("count", 1):
                    fault["hits"] = fault.get("hits", 0) + 1
                    taken.append(dict(fault))
            return taken

    def stop(self, account, pid):
        os.kill(pid, signal.SIGSTOP)
        with self.stopped:
            self.stops.add(account)
            self.stopped.notify_all()

    def release(self, account):
        with self.stopped:
            self.released.add(account)
            self.stopped.notify_all()

    def wait_until(self, accounts, account):
        """Waits until the account is among the stopped or the released; gives whether it is."""
        with self.stopped:
            return self.stopped.wait_for(lambda: account in accounts, timeout=60)

    def page_limit(self, account):
        with self.lock:
            return self.page_sizes.get(account, self.page_size)

    def select(self, query):
        account, since = query.get("account", [None])[0], int(query.get("since", ["0"])[0])
        with self.lock:
            return [r for r in self.requests if account in (None, r["account"]) and r["sequence"] > since]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_):
        pass

    def answer(self, status, headers, body, cut=False):
        self.send_response(status)
        bodiless = self.command == "HEAD" or status in (204, 304)
        for name, value in headers:
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "server", "date") or (
                    self.command == "HEAD" and name.lower() == "content-length"):
                self.send_header(name, value)
        if self.command != "HEAD" and status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not bodiless:
            self.wfile.write(body[:len(body) // 2] if cut else body)
        self.wfile.flush()
        if cut:
            self.drop()

    def drop(self):
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # The client was quicker.

    def read_body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MAX_BODY))

    def handle_any(self):
        body = self.read_body()
        path, _, query = self.path.partition("?")
        if path.startswith("/__"):
            return self.control(path, parse_qs(query), body)
        headers = {k.lower(): v for k, v in self.headers.items()}
        credential = CREDENTIAL.search(headers.get("authorization", ""))
        key, _, region, service = credential.groups() if credential else ("", "", "", "sts" if self.command == "POST" else "s3")
        test = TEST_KEY.fullmatch(key)
        account = test.group(1) if test else iam.get_account_id_from(key)
        call = read_call(service, self.command, path, query, headers, body)
        entry = {
            "account": account, "region": region, "service": service, "action": call.action, "method": self.command,
            "path": path, "query": query, "params": call.params, "body": body[:BODY_EXCERPT].decode("utf-8", "replace"),
            "invalid": call.problems, "status": None, "fault": None, "time": time.time()}
        RECORDER.record(entry)
        self.serve(call, entry, query, body, {"x-moto-account-id": account} if test else {})

    def serve(self, call, entry, query, body, extra):
        faults = RECORDER.take_faults(call, entry["account"])
        wait = RECORDER.latency + sum(f.get("ms", 0) for f in faults)
        if wait:
            time.sleep(wait / 1000)
        fault = next((f for f in faults if f["kind"] != "latency"), {})
        kind = entry["fault"] = fault.get("kind")
        if kind in ("kill_before", "kill_after"):
            os.kill(fault["pid"], signal.SIGKILL)
        if kind == "stop_before":
            RECORDER.stop(entry["account"], fault["pid"])
            RECORDER.wait_until(RECORDER.released, entry["account"])
        if kind in ("drop_before", "kill_before"):
            return self.drop()
        if kind in ("error", "throttle"):
            return self.refuse(call, entry, fault)
        status, headers, body = self.ask_moto(call, entry, query, body, extra)
        if kind in ("drop_after", "kill_after"):
            return self.drop()
        if kind == "stop_after":
            RECORDER.stop(entry["account"], fault["pid"])
        if kind == "error_after":
            return self.refuse(call, entry, fault)
        entry["status"] = status
        return self.answer(status, headers, body, cut=kind == "cut_body")

    def ask_moto(self, call, entry, query, body, extra):
        try:
            page, query, body = paging.begin(call, query, body, RECORDER.page_limit(entry["account"]))
        except paging.BadToken as token:
            call.complain(f"page token `{token}` does not belong to this request")
            return 400, [("Content-Type", "text/xml")], error_body(call.service, "InvalidParameterValue", "bad token")
        conditional = self.command == "PUT" and (self.headers.get("If-None-Match") or self.headers.get("If-Match"))
        with CONDITIONAL if conditional else contextlib.nullcontext():
            status, headers, answer = run_application(self, query, body, extra)
        if page is not None and status == 200:
            answer = paging.cut(call, page, answer)
        return status, headers, answer

    def refuse(self, call, entry, fault):
        throttled = THROTTLE.get(call.service, (400, "Throttling"))
        status, code = throttled if fault["kind"] == "throttle" else (fault.get("status", 503), fault.get("code"))
        code = code or ("InternalError" if status >= 500 else throttled[1])
        headers = [("Content-Type", "application/xml")]
        if "retry_after" in fault:
            headers.append(("Retry-After", str(fault["retry_after"])))
        entry["status"] = status
        self.answer(status, headers, error_body(call.service, code, fault.get("message", "an injected fault")))

    def control(self, path, query, body):
        account = query.get("account", [None])[0]
        given = json.loads(body) if body else {}
        out = {}
        if path == "/__requests":
            out = RECORDER.select(query)
        elif path == "/__invalid":
            out = [r for r in RECORDER.select(query) if r["invalid"]]
        elif path == "/__faults" and self.command == "POST":
            with RECORDER.lock:
                RECORDER.faults += given
        elif path == "/__faults":
            with RECORDER.lock:
                out = [dict(f) for f in RECORDER.faults if account in (None, f.get("match", {}).get("account"))]
                if self.command == "DELETE":
                    RECORDER.faults = [f for f in RECORDER.faults if f not in out]
        elif path == "/__stopped":
            out = RECORDER.wait_until(RECORDER.stops, account)
        elif path == "/__release":
            RECORDER.release(account)
        elif path == "/__page_size":
            with RECORDER.lock:
                RECORDER.page_sizes[given["account"]] = given["size"]
        elif path == "/__latency":
            RECORDER.latency = given["ms"]
        elif path == "/__reset":
            RECORDER.clear(account)
            if account is None:
                run_application(self, "", b"", {}, path="/moto-api/reset", method="POST")
        else:
            return self.answer(404, [], b"")
        return self.answer(200, [("Content-Type", "application/json")], json.dumps(out, default=str).encode())

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_any


def error_body(service, code, message):
    """An error the way each protocol words it."""
    code, message, request = escape(code), escape(message), "<RequestId>00000000-0000-4000-8000-000000000000</RequestId>"
    inner = f"<Code>{code}</Code><Message>{message}</Message>"
    if service == "ec2":
        text = f"<Response><Errors><Error>{inner}</Error></Errors>{request.replace('Id>', 'ID>')}</Response>"
    elif service == "s3":
        text = f"<Error>{inner}{request}</Error>"
    else:
        text = f"<ErrorResponse><Error><Type>Sender</Type>{inner}</Error>{request}</ErrorResponse>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()


def run_application(handler, query, body, extra, path=None, method=None):
    """One request through moto's WSGI application: (status, headers, body)."""
    raw = path or handler.path.partition("?")[0]
    environ = {
        "REQUEST_METHOD": method or handler.command, "SCRIPT_NAME": "", "PATH_INFO": unquote(raw, "latin-1"),
        "QUERY_STRING": query, "RAW_URI": f"{raw}?{query}" if query else raw, "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": str(handler.server.server_port), "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr,
        "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False}
    environ["REQUEST_URI"] = environ["RAW_URI"]
    for name, value in [*handler.headers.items(), *extra.items()]:
        environ["HTTP_" + name.upper().replace("-", "_")] = value
    for name in ("TRANSFER_ENCODING", "CONTENT_LENGTH"):
        environ.pop("HTTP_" + name, None)
    environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
    environ["CONTENT_LENGTH"] = str(len(body))
    begun = []
    try:
        chunks = APPLICATION(environ, lambda status, headers, _=None: begun.append((int(status.split()[0]), headers)))
        return (*begun[-1], b"".join(chunks))
    except Exception as error:  # moto says so itself of what it has not implemented or cannot read.
        return 500, [("Content-Type", "text/html")], f"<html><body>{escape(repr(error))}</body></html>".encode()


def exit_with_parent():
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency-ms", type=float, default=float(os.environ.get("MOTO_LATENCY_MS", "0")))
    parser.add_argument("--page-size", type=int)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    RECORDER = Recorder(options.latency_ms, options.page_size)
    APPLICATION = DomainDispatcherApplication(create_backend_app)
    ThreadingHTTPServer.request_queue_size = 256
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    server.daemon_threads = True
    if not options.keep:
        threading.Thread(target=exit_with_parent, daemon=True).start()
    print(json.dumps({"port": server.server_port}), flush=True)
    server.serve_forever()
