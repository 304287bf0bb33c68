"""Pages for the lists that moto gives whole.

moto ignores `MaxResults` of most EC2 lists, `MaxItems` of IAM's account details and `max-buckets`' continuation, so a
reader that forgets the second page would pass.  Here the page parameters are taken out of the request, moto answers in
full, and the answer is cut into pages with tokens that are good for the very same request alone.
"""
import base64
import functools
import json
import re
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree

from request_model import SESSION

OWN_PAGES = {"DescribeInstances", "DescribeLaunchTemplates", "DescribeLaunchTemplateVersions", "DescribeVpcEndpointServices"}
DEFAULT_ITEMS = {"GetAccountAuthorizationDetails": 100}
MAX_ITEMS = 1000
NAMESPACE = re.compile(rb' xmlns="([^"]*)"')


class BadToken(Exception):
    """A page token of another request, or none of ours."""


@functools.lru_cache(maxsize=None)
def _paginators(service):
    return SESSION.get_component("data_loader").load_service_model(service, "paginators-1")["pagination"]


def _wire(call, name):
    shape = call.operation.input_shape.members[name]
    found = shape.serialization.get("name", name)
    return found[0].upper() + found[1:] if call.service == "ec2" else found


class Page:
    """One page of one list: which part of moto's whole answer to give."""

    def __init__(self, rule, size, offset, digest):
        self.rule, self.size, self.offset, self.digest = rule, size, offset, digest

    def token(self, offset):
        return base64.urlsafe_b64encode(json.dumps([offset, self.digest]).encode()).decode()


def begin(call, query, body, forced):
    """(page or None, query, body for moto). `forced` is the largest page a test wants to see, or None."""
    listed = call.service == "ec2" or call.action in ("GetAccountAuthorizationDetails", "ListBuckets")
    paged = listed and call.operation is not None and call.action not in OWN_PAGES
    if not paged or call.action not in _paginators(call.service):
        return None, query, body
    rule = _paginators(call.service)[call.action]
    asked, token = call.params.get(rule["limit_key"]), call.params.get(rule["input_token"])
    if asked is None and token is None and call.action not in DEFAULT_ITEMS:
        return None, query, body
    size = min(asked or DEFAULT_ITEMS.get(call.action, MAX_ITEMS), forced or MAX_ITEMS)
    dropped = {_wire(call, rule["limit_key"]), _wire(call, rule["input_token"])}
    rest = [[p for p in parse_qsl(text, keep_blank_values=True) if p[0] not in dropped] for text in (query, body.decode())]
    digest = sha256(repr([call.label, [sorted(r) for r in rest]]).encode()).hexdigest()[:16]
    return Page(rule, size, _offset(token, digest), digest), urlencode(rest[0]), urlencode(rest[1]).encode()


def _offset(token, digest):
    if token is None:
        return 0
    try:
        offset, owner = json.loads(base64.urlsafe_b64decode(token))
    except ValueError:
        raise BadToken(token) from None
    if owner != digest:
        raise BadToken(token)
    return offset


def cut(call, page, body):
    """moto's whole answer cut down to the page, with the token of the next one where there is more."""
    space = NAMESPACE.search(body)
    root = ElementTree.fromstring(NAMESPACE.sub(b"", body))
    holder = root if (wrapper := root.find(f"{call.action}Result")) is None else wrapper
    keys = page.rule["result_key"]
    index, first, last = 0, page.offset, page.offset + page.size
    for key in keys if isinstance(keys, list) else [keys]:
        shape = call.operation.output_shape.members[key]
        items = holder.find(shape.serialization.get("name", key))
        for item in list(items) if items is not None else []:
            if not first <= index < last:
                items.remove(item)
            index += 1
    _set(call, holder, page.rule["output_token"], page.token(last) if index > last else None)
    if "more_results" in page.rule:
        _set(call, holder, page.rule["more_results"], "true" if index > last else "false")
    if space:
        root.set("xmlns", space.group(1).decode())
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="utf-8")


def _set(call, holder, name, text):
    wire = call.operation.output_shape.members[name].serialization.get("name", name)
    element = holder.find(wire)
    if text is None and element is not None:
        holder.remove(element)
    elif text is not None:
        (element if element is not None else ElementTree.SubElement(holder, wire)).text = text
