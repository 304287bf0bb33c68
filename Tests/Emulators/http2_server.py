#!/usr/bin/env python3
"""HTTP/2 over TLS on 127.0.0.1, which answers when enough is in flight.

    http2_server.py CERTIFICATE KEY

Prints one line, `{"port": N}`, and serves until its standard input closes. `GET /?together=N` is answered once N requests
are in flight on its connection, or once nothing has come for five seconds: `{"connection": C, "flight": F}`, which counts
connections from 1 and says how many were in flight. A client that offers no HTTP/2 gets nothing.
"""
import json
import os
import select
import socket
import ssl
import sys
import threading
from urllib.parse import parse_qs, urlparse

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived

PATIENCE = 5


def answer(protocol, streams, connection):
    body = json.dumps({"connection": connection, "flight": len(streams)}).encode()
    for stream in streams:
        protocol.send_headers(stream, [(":status", "200"), ("content-length", str(len(body)))])
        protocol.send_data(stream, body, end_stream=True)


def serve(plain, context, connection):
    with context.wrap_socket(plain, server_side=True) as client:
        if client.selected_alpn_protocol() != "h2":
            return
        protocol = H2Connection(H2Configuration(client_side=False))
        protocol.initiate_connection()
        waiting, wanted = [], 1
        while True:
            client.sendall(protocol.data_to_send())
            is_quiet = False
            if waiting and not client.pending():
                is_quiet = not select.select([client], [], [], PATIENCE)[0]
            data = b"" if is_quiet else client.recv(65536)
            if not data and not is_quiet:
                return
            for event in protocol.receive_data(data) if data else []:
                if isinstance(event, RequestReceived):
                    path = dict(event.headers)[b":path"].decode()
                    wanted = int(parse_qs(urlparse(path).query).get("together", ["1"])[0])
                    waiting.append(event.stream_id)
            if waiting and (is_quiet or len(waiting) >= wanted):
                answer(protocol, waiting, connection)
                waiting = []


def exit_with_parent():
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
context.set_alpn_protocols(["h2"])
listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=exit_with_parent, daemon=True).start()
print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
number = 0
while True:
    accepted, _ = listener.accept()
    number += 1
    threading.Thread(target=serve, args=(accepted, context, number), daemon=True).start()
