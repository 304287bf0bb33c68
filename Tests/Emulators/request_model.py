"""Reads a request the way AWS would: which operation it is, its parameters, and what is wrong with it.

Everything is checked against botocore's service models: operation, version, parameter names, types, enumerations,
required members; for S3 also the query, the `x-amz-` headers, the body's root, its namespace and its elements, and
the checksum that some operations insist on.  moto itself forgives all of these.
"""
import base64
import functools
import json
import re
from datetime import datetime
from urllib.parse import parse_qsl, unquote
from xml.etree import ElementTree

import botocore.session
from botocore.validate import ParamValidator

SESSION = botocore.session.get_session()
SIGNING_QUERY = re.compile(r"X-Amz-(Algorithm|Credential|Date|Expires|SignedHeaders|Signature|Security-Token)$", re.I)
SIGNING_HEADERS = re.compile(r"x-amz-(date|content-sha256|security-token|user-agent|decoded-content-length|trailer|sdk-.*)$")
MISSING = object()
# Those that speak JSON, whatever else their models offer.
JSON_SERVICES = ("kms", "logs", "secretsmanager", "memorydb", "servicequotas", "sso", "identitystore")
# Services are known by the names they sign with; some models have others.
MODELS = {"elasticfilesystem": "efs", "servicequotas": "service-quotas", "sso": "sso-admin"}


class Call:
    """One request as understood: service, action, parameters by botocore's names, and the problems found."""

    def __init__(self, service):
        self.service, self.action, self.operation = service, "?", None
        self.params, self.problems = {}, []

    @property
    def label(self):
        return f"{self.service}.{self.action}"

    def complain(self, text):
        self.problems.append(text)

    def check(self, shape):
        """Required members, types and lower bounds, by botocore's own validator."""
        report = ParamValidator().validate(self.params, shape)
        if report.has_errors():
            self.problems += report.generate_report().splitlines()


@functools.lru_cache(maxsize=None)
def model(service):
    return SESSION.get_service_model(MODELS.get(service, service))


def read_call(service, method, path, query, headers, body):
    """Understands one request. `headers` has lower-case names; `query` is the undecoded query string."""
    call = Call(service)
    if service not in ("ec2", "iam", "sts", "s3", "elasticfilesystem", *JSON_SERVICES):
        call.complain(f"service `{service}` has no model here")
    elif service in JSON_SERVICES:
        _read_json(call, method, path, headers, body)
    elif model(service).metadata["protocol"] in ("ec2", "query"):
        _read_form(call, method, path, query, headers, body)
    else:
        _read_rest(call, method, path, query, headers, body)
    return call


# ---------------------------------------------------------------- JSON, the operation in a header

def _read_json(call, method, path, headers, body):
    metadata = model(call.service).metadata
    if "smithy-protocol" in headers:
        # boto3's own way to speak to some services, which only second opinions take.
        call.action = path.rpartition("/")[2]
        return
    if method != "POST" or path != "/":
        call.complain(f"{method} {path} instead of POST /")
    wanted = f"application/x-amz-json-{metadata['jsonVersion']}"
    if headers.get("content-type") != wanted:
        call.complain(f"the content type is not {wanted}")
    prefix, _, call.action = headers.get("x-amz-target", "").rpartition(".")
    if prefix != metadata["targetPrefix"] or call.action not in model(call.service).operation_names:
        return call.complain(f"`{headers.get('x-amz-target')}` is no operation of {call.service}")
    call.operation = model(call.service).operation_model(call.action)
    try:
        call.params = json.loads(body)
    except ValueError as error:
        return call.complain(f"the body is no JSON: {error}")
    if call.operation.input_shape is not None:
        call.check(call.operation.input_shape)
        for name in set(call.params) - set(call.operation.input_shape.members):
            call.complain(f"{call.action} knows no parameter `{name}`")


# ---------------------------------------------------------------- EC2 query and query protocols

def _read_form(call, method, path, query, headers, body):
    form = parse_qsl(query, keep_blank_values=True)
    if method == "POST":
        if not headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            call.complain("a form needs the content type application/x-www-form-urlencoded")
        form += parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    if path != "/":
        call.complain(f"path `{path}` instead of `/`")
    tree = {}
    for key, value in form:
        node = tree
        for part in key.split("."):
            node = node.setdefault(part, {})
        if None in node:
            call.complain(f"`{key}` is given twice")
        node[None] = value
    call.action = tree.pop("Action", {}).get(None, "?")
    version = tree.pop("Version", {}).get(None)
    if call.action not in model(call.service).operation_names:
        return call.complain(f"`{call.action}` is no operation of {call.service}")
    if version != model(call.service).api_version:
        call.complain(f"version {version} instead of {model(call.service).api_version}")
    call.operation = model(call.service).operation_model(call.action)
    shape = call.operation.input_shape
    if shape is not None:
        call.params = _form_structure(call, shape, tree, "")
        call.check(shape)
    elif tree:
        call.complain(f"{call.action} takes no parameters")


def _wire_name(call, name, shape):
    if call.service == "ec2":
        found = shape.serialization.get("queryName") or shape.serialization.get("name") or name
        return shape.serialization.get("queryName") or found[0].upper() + found[1:]
    return shape.serialization.get("name", name)


def _form_value(call, shape, node, path):
    if shape.type_name == "structure":
        return _form_structure(call, shape, node, path)
    if shape.type_name == "list":
        return _form_list(call, shape, node, path)
    if None not in node or len(node) > 1:
        call.complain(f"`{path}` is a {shape.type_name}, not a structure or a list")
        return MISSING
    return scalar(call, shape, node[None], path)


def _form_structure(call, shape, node, path):
    out, left = {}, dict(node)
    if None in left:
        call.complain(f"`{path}` is a structure, not a plain value")
        left.pop(None)
    for name, member in shape.members.items():
        wire = _wire_name(call, name, member)
        if wire in left:
            value = _form_value(call, member, left.pop(wire), f"{path}{wire}." if member.type_name != "list" else f"{path}{wire}")
            if value is not MISSING:
                out[name] = value
    for wire in left:
        call.complain(f"{call.action} knows no parameter `{path}{wire}`")
    return out


def _form_list(call, shape, node, path):
    flat = call.service == "ec2" or shape.serialization.get("flattened")
    if not flat:
        wrapper = shape.member.serialization.get("name", "member")
        if set(node) == {None} and node[None] == "":
            return []
        if set(node) != {wrapper}:
            call.complain(f"`{path}` is a list: `{path}.{wrapper}.N`")
            return MISSING
        node, path = node[wrapper], f"{path}.{wrapper}"
    indexes = sorted(int(k) for k in node if k is not None and k.isdigit() and k != "0")
    if len(indexes) != len(node) or indexes != list(range(1, len(indexes) + 1)):
        call.complain(f"the items of `{path}` are not numbered 1, 2, 3 ...")
    items = [_form_value(call, shape.member, node[str(i)], f"{path}.{i}.") for i in indexes]
    return [item for item in items if item is not MISSING]


def scalar(call, shape, text, path):
    """The value of a leaf, or MISSING with a complaint."""
    path = path.rstrip(".")
    try:
        if shape.type_name in ("integer", "long"):
            return int(text)
        if shape.type_name in ("float", "double"):
            return float(text)
        if shape.type_name == "boolean":
            return {"true": True, "false": False}[text]
        if shape.type_name == "blob":
            return base64.b64decode(text, validate=True)
        if shape.type_name == "timestamp":
            return datetime.fromisoformat(text.replace("Z", "+00:00"))
    except (KeyError, ValueError):
        call.complain(f"`{path}`: `{text[:80]}` is no {shape.type_name}")
        return MISSING
    if getattr(shape, "enum", None) and text not in shape.enum:
        call.complain(f"`{path}`: `{text[:80]}` is none of {', '.join(shape.enum[:12])}")
    if "max" in shape.metadata and len(text) > shape.metadata["max"]:
        call.complain(f"`{path}` is longer than {shape.metadata['max']}")
    return text


# ---------------------------------------------------------------- REST: S3 with XML, path style; others with JSON

@functools.lru_cache(maxsize=None)
def _routes(service, method):
    """(operation, segments, literal query) of every operation with this method."""
    out = []
    for name in model(service).operation_names:
        operation = model(service).operation_model(name)
        if operation.http["method"] == method:
            path, _, literal = operation.http["requestUri"].partition("?")
            literal = dict(parse_qsl(literal, keep_blank_values=True))
            literal.pop("x-id", None)
            out.append((operation, [s for s in path.split("/") if s], literal))
    return out


def _placed(operation, place):
    shape = operation.input_shape
    members = shape.members.items() if shape is not None else ()
    return {m.serialization.get("name", n): (n, m) for n, m in members if m.serialization.get("location") == place}


def _find_route(service, method, segments, query, headers):
    best = None
    for operation, pattern, literal in _routes(service, method):
        greedy = bool(pattern) and pattern[-1].endswith("+}")
        if len(segments) != len(pattern) and not (greedy and len(segments) > len(pattern)):
            continue
        if any(query.get(k) != v for k, v in literal.items()):
            continue
        if any(name != given for name, given in zip(pattern, segments) if "{" not in name):
            continue
        required = operation.input_shape.required_members if operation.input_shape is not None else []
        needs = [(k.lower(), s) for s, at in (("querystring", query), ("header", headers))
                 for k, (n, _) in _placed(operation, s).items() if n in required]
        given = {"querystring": {k.lower() for k in query}, "header": set(headers)}
        if any(k not in given[s] for k, s in needs):
            continue
        score = (len(literal), len(needs), not operation.deprecated)
        if best is None or score > best[0]:
            best = (score, operation, pattern, literal)
    return best[1:] if best else None


def _read_rest(call, method, path, query_text, headers, body):
    pairs = [p for p in parse_qsl(query_text, keep_blank_values=True) if p[0] != "x-id"]
    query = dict(pairs)
    segments = [s for s in path.split("/") if s]
    route = _find_route(call.service, method, segments, query, headers)
    if route is None:
        call.action = f"{method} {path}?{query_text}"
        return call.complain("no operation has this method, path and query")
    call.operation, pattern, literal = route
    call.action = call.operation.name
    for index, name in enumerate(pattern):
        if "{" not in name:
            continue
        rest = segments[index:] if name.endswith("+}") else segments[index:index + 1]
        call.params[name.strip("{+}")] = unquote("/".join(rest))
    _rest_query(call, [(k, v) for k, v in pairs if k not in literal])
    _rest_headers(call, headers)
    if model(call.service).metadata["protocol"] == "rest-json":
        _rest_json_body(call, headers, body)
    else:
        _rest_body(call, headers, body)
    if call.operation.input_shape is not None:
        call.check(call.operation.input_shape)


def _rest_query(call, pairs):
    known = _placed(call.operation, "querystring")
    for key, text in pairs:
        if key in known:
            name, shape = known[key]
            repeated = shape.type_name == "list"
            value = scalar(call, shape.member if repeated else shape, text, key)
            if value is MISSING:
                continue
            if not repeated and name in call.params:
                call.complain(f"`{key}` is given twice")
            call.params[name] = call.params.get(name, []) + [value] if repeated else value
        elif not SIGNING_QUERY.match(key):
            call.complain(f"{call.action} knows no query parameter `{key}`")


def _rest_headers(call, headers):
    known = {k.lower(): v for k, v in _placed(call.operation, "header").items()}
    for key, text in headers.items():
        if key in known:
            name, shape = known[key]
            plain = shape.type_name in ("string", "integer", "long", "boolean")
            value = scalar(call, shape, text, key) if plain else MISSING
            if value is not MISSING:
                call.params[name] = value
        elif key.startswith("x-amz-") and not SIGNING_HEADERS.match(key) and not key.startswith(("x-amz-meta-", "x-amz-checksum-")):
            call.complain(f"{call.action} knows no header `{key}`")


def _rest_json_body(call, headers, body):
    """Everything that has no place elsewhere is a member of one JSON object."""
    shape = call.operation.input_shape
    known = {n for n, m in shape.members.items() if "location" not in m.serialization} if shape is not None else set()
    if not known or not body:
        return call.complain(f"{call.action} takes no body") if body else None
    if headers.get("content-type") not in ("application/json", "application/x-amz-json-1.1"):
        call.complain("the content type is not application/json")
    try:
        given = json.loads(body)
    except ValueError as error:
        return call.complain(f"the body is no JSON: {error}")
    for name in set(given) - known:
        call.complain(f"{call.action} knows no parameter `{name}`")
    call.params.update(given)
    return None


def _rest_body(call, headers, body):
    shape = call.operation.input_shape
    payload = shape.serialization.get("payload") if shape is not None else None
    checksum = call.operation.http_checksum.get("requestChecksumRequired") or call.operation.http_checksum_required
    if checksum and "content-md5" not in headers and not any(h.startswith("x-amz-checksum-") for h in headers):
        call.complain(f"{call.action} needs Content-MD5 or a checksum header")
    if payload is None or not body:
        return call.complain(f"{call.action} takes no body") if body else None
    member = shape.members[payload]
    if member.type_name != "structure":
        call.params[payload] = body if member.type_name == "blob" else body.decode("utf-8", "replace")
        return None
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        return call.complain(f"the body is no XML: {error}")
    space = member.serialization.get("xmlNamespace", {}).get("uri", "")
    wanted = member.serialization.get("name", member.name)
    if root.tag not in (wanted, "{%s}%s" % (space, wanted)):
        call.complain(f"the body's root is `{root.tag}`, not `{wanted}`")
    call.params[payload] = _xml_value(call, member, root, wanted)
    return None


def _xml_value(call, shape, element, path):
    if shape.type_name not in ("structure", "list"):
        return scalar(call, shape, element.text or "", path)
    groups = {}
    for child in element:
        groups.setdefault(child.tag.rpartition("}")[2], []).append(child)
    if shape.type_name == "list":
        item = shape.member.serialization.get("name", "member")
        for name in set(groups) - {item}:
            call.complain(f"`{path}` has no element `{name}`")
        return [_xml_value(call, shape.member, c, f"{path}.{item}") for c in groups.get(item, [])]
    out = {}
    for name, member in shape.members.items():
        flat = member.type_name == "list" and member.serialization.get("flattened")
        wire = member.serialization.get("name") or (flat and member.member.serialization.get("name")) or name
        found = groups.pop(wire, [])
        if flat and found:
            out[name] = [_xml_value(call, member.member, c, f"{path}.{wire}") for c in found]
        elif found:
            if len(found) > 1:
                call.complain(f"`{path}.{wire}` is given twice")
            value = _xml_value(call, member, found[0], f"{path}.{wire}")
            if value is not MISSING:
                out[name] = value
    for name in groups:
        call.complain(f"`{path}` has no element `{name}`")
    return out
