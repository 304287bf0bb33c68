"""Behaviour of further APIs: firewall policies, operations by their request, keys."""
import copy, re

from .engine import *
from .apis import iam_policy
from .engine import CUSTOM, STATE


def first(pattern):
    """Like `custom`, ahead of what is there already."""
    return lambda f: CUSTOM.insert(0, (re.compile(pattern + r"\Z"), f)) or f


@first(r"compute\.globalOperations\.aggregatedList")
def operations_everywhere(r):
    r.schema = "Operation"
    found = sorted((p, r.op_body(o)) for (a, p), o in STATE.ops.items() if a == "compute" and p.startswith("projects/%s/" % r.project))
    out, items = r.page(found, as_map=True)
    scopes = {}
    for path, body in items:
        scope = "/".join(path.split("/")[2:-2])
        scopes.setdefault(scope, {}).setdefault("operations", []).append(body)
    out["items"] = scopes or {"global": {"warning": {"code": "NO_RESULTS_ON_PAGE", "message": "There are no results for scope on this page."}}}
    return out


# ---------------------------------------------------------------- network firewall policies
LAST = [(2147483644, "INGRESS", "::/0"), (2147483645, "EGRESS", "::/0"), (2147483646, "INGRESS", "0.0.0.0/0"), (2147483647, "EGRESS", "0.0.0.0/0")]


@hook("compute.FirewallPolicy")
def firewall_policy(r, rec, old):
    b = rec.body
    if old is None:
        if b.get("rules") or b.get("associations"):
            raise bad("Invalid value for field 'resource.rules': rules and associations have methods of their own.", field="resource.rules")
        b["rules"] = [{"kind": "compute#firewallPolicyRule", "priority": p, "direction": d, "action": "goto_next", "enableLogging": False, "ruleTupleCount": 2, "description": "default %s rule" % d.lower(),
                       "match": {"destIpRanges" if d == "EGRESS" else "srcIpRanges": [n], "layer4Configs": [{"ipProtocol": "all"}]}} for p, d, n in LAST]
        b["ruleTupleCount"] = 8


@custom(r"compute\.networkFirewallPolicies\.(addRule|patchRule|removeRule|getRule|addAssociation|removeAssociation|getAssociation)")
def firewall_policy_parts(r):
    rec, act, body = r.load(r.path.rsplit("/", 1)[0]), r.m.action, copy.deepcopy(r.body or {})
    kind, key = ("rules", "priority") if act.endswith("Rule") else ("associations", "name")
    parts = copy.deepcopy(rec.body.get(kind, []))
    wanted = (body if act.startswith("add") else r.q).get(key)
    wanted = int(wanted) if key == "priority" and wanted is not None else wanted
    found = next((p for p in parts if p[key] == wanted), None)
    if act.startswith("get"):
        if found is None:
            raise bad("The firewall policy does not contain a %s at %s." % (kind[:-1], wanted), field=key)
        return found
    r.idle(rec)
    if act.startswith("add"):
        if wanted is None:
            raise bad("Required field 'resource.%s' not specified" % key, reason="required", field="resource." + key)
        if found is not None:
            raise bad("Invalid value for field 'resource.%s': '%s'. The %s must be unique." % (key, wanted, key), field="resource." + key)
        parts.append(check_rule(r, body) if kind == "rules" else check_association(r, rec, body))
    elif found is None:
        raise bad("The firewall policy does not contain a %s at %s." % (kind[:-1], wanted), field=key)
    elif act.startswith("remove"):
        parts.remove(found)
    else:
        if body.get("priority", wanted) != wanted:
            raise bad("Invalid value for field 'resource.priority'. It cannot be changed.", field="resource.priority")
        found.update(check_rule(r, {**found, **body}))
    r.schema = rec.schema

    def commit():
        rec.body[kind] = sorted(parts, key=lambda p: p[key])
        rec.body["ruleTupleCount"] = sum(p.get("ruleTupleCount", 1) for p in rec.body["rules"])
        r.stamp(rec, created=False)
    return r.run(rec, act, commit)


def check_rule(r, rule):
    for field in ("action", "direction", "match"):
        if not rule.get(field):
            raise bad("Required field 'resource.%s' not specified" % field, reason="required", field="resource." + field)
    if rule["action"] not in ("allow", "deny", "goto_next", "apply_security_profile_group"):
        raise bad("Invalid value for field 'resource.action': '%s'." % rule["action"], field="resource.action")
    match = rule["match"]
    if not match.get("layer4Configs"):
        raise bad("Required field 'resource.match.layer4Configs' not specified", reason="required", field="resource.match.layer4Configs")
    ends = ("srcIpRanges",) if rule["direction"] == "INGRESS" else ("destIpRanges",)
    if not any(match.get(f) for f in ends + ("srcSecureTags", "srcAddressGroups", "destAddressGroups", "srcFqdns", "destFqdns")):
        raise bad("Invalid value for field 'resource.match': at least one of the %s must be given." % ends[0], field="resource.match")
    for f in ("srcIpRanges", "destIpRanges"):
        for c in match.get(f, []):
            try:
                ipaddress_network(c)
            except ValueError:
                raise bad("Invalid value for field 'resource.match.%s': '%s'." % (f, c), field="resource.match." + f)
    rule["kind"] = "compute#firewallPolicyRule"
    rule["ruleTupleCount"] = max(1, len(match.get("srcIpRanges", []) + match.get("destIpRanges", []))) * len(match["layer4Configs"])
    rule.setdefault("enableLogging", False)
    return rule


def ipaddress_network(text):
    import ipaddress
    return ipaddress.ip_network(text)


def check_association(r, rec, item):
    if not item.get("attachmentTarget"):
        raise bad("Required field 'resource.attachmentTarget' not specified", reason="required", field="resource.attachmentTarget")
    item["attachmentTarget"] = r.reference(item["attachmentTarget"], "resource.attachmentTarget", "network")
    for other in STATE.recs.values():
        if other.schema == "FirewallPolicy" and any(a["attachmentTarget"] == item["attachmentTarget"] for a in other.body.get("associations", [])):
            raise bad("The network is already associated with a firewall policy '%s'." % other.key, reason="invalid")
    return {**item, "firewallPolicyId": rec.body["id"]}


# ---------------------------------------------------------------- keys
@hook("cloudkms.CryptoKey")
def crypto_key(r, rec, old):
    b = rec.body
    b.setdefault("purpose", "ENCRYPT_DECRYPT")
    if bool(b.get("rotationPeriod")) != bool(b.get("nextRotationTime")):
        raise bad("rotation_period and next_rotation_time must be set together.", field="crypto_key.rotation_period")
    if b.get("rotationPeriod") and float(b["rotationPeriod"][:-1]) < 86400:
        raise bad("rotation_period must be at least 24 hours.", field="crypto_key.rotation_period")
    b.setdefault("destroyScheduledDuration", "2592000s")
    b.setdefault("versionTemplate", {"algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION", "protectionLevel": "SOFTWARE"})
    if old is None:
        new_version(r, rec)
        primary(rec, 1)


def new_version(r, key):
    number = 1 + sum(1 for a, k in STATE.recs if a == r.api and k.startswith(key.key + "/cryptoKeyVersions/"))
    name = "%s/cryptoKeyVersions/%d" % (key.key, number)
    body = {"name": name, "state": "ENABLED", "protectionLevel": "SOFTWARE", "algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION", "createTime": now(), "generateTime": now()}
    STATE.put(Rec(r.api, name, "CryptoKeyVersion", body, r.project)).state = "READY"
    return body


def primary(key, number):
    key.body["primary"] = STATE.find("cloudkms", "%s/cryptoKeyVersions/%s" % (key.key, number)).body


@custom(r"cloudkms\..*\.cryptoKeyVersions\.(create|destroy|restore)")
def key_versions(r):
    key = r.load(r.path.split("/cryptoKeyVersions")[0])
    if r.m.action == "create":
        return new_version(r, key)
    rec = r.load()
    state = {"destroy": "DESTROY_SCHEDULED", "restore": "DISABLED"}[r.m.action]
    if (rec.body["state"] == "DESTROY_SCHEDULED") == (state == "DESTROY_SCHEDULED"):
        raise bad("The version %s is %s." % (rec.key, rec.body["state"]), status="FAILED_PRECONDITION")
    rec.body.update({"state": state, **({"destroyTime": now()} if state == "DESTROY_SCHEDULED" else {})})
    return rec.body


@custom(r"cloudkms\..*\.cryptoKeys\.updatePrimaryVersion")
def primary_version(r):
    key = r.load()
    primary(key, r.body["cryptoKeyVersionId"])
    return key.body


# ---------------------------------------------------------------- methods for one field
@custom(r"compute\.reservations\.resize")
def resize(r):
    rec, count = r.idle(r.load(r.path.rsplit("/", 1)[0])), (r.body or {}).get("specificSkuCount")
    if not count or int(count) < 1:
        raise bad("Invalid value for field 'specificSkuCount': '%s'." % count, field="specificSkuCount")
    r.schema = rec.schema

    def commit():
        rec.body["specificReservation"]["count"] = count
    return r.run(rec, "resize", commit)


@custom(r"compute\.globalForwardingRules\.setTarget")
def set_target(r):
    rec = r.idle(r.load(r.path.rsplit("/", 1)[0]))
    target = r.reference(r.body.get("target", ""), "target", "target")
    r.schema = rec.schema

    def commit():
        rec.body["target"] = target
        r.stamp(rec, created=False)
    return r.run(rec, "SetTarget", commit)


@hook("compute.ForwardingRule")
def forwarding_rule(r, rec, old):
    b = rec.body
    if not b.get("target") and not b.get("backendService"):
        raise bad("Required field 'resource.target' not specified", reason="required", field="resource.target")
    b.setdefault("IPAddress", "34.120.0.%d" % digest(rec.key)[0])
    b.setdefault("IPProtocol", "TCP")
    b.setdefault("loadBalancingScheme", "EXTERNAL")


# ---------------------------------------------------------------- organization policies
@custom(r"orgpolicy\.\w+\.policies\.create")
def create_policy(r):
    name = (r.body or {}).get("name", "")
    if not re.fullmatch(re.escape(r.path) + r"/[\w.]+", name):
        raise bad("Invalid policy name '%s'." % name, field="policy.name")
    if STATE.find(r.api, name) is not None:
        raise ApiError(409, "Policy '%s' already exists." % name)
    rec = STATE.put(Rec(r.api, name, r.schema, strip_nulls(copy.deepcopy(r.body)), r.project))
    rec.state = "READY"
    r.stamp(rec)
    return STATE.visible(rec)


# ---------------------------------------------------------------- identities of other providers
@hook("iam.WorkloadIdentityPool")
def identity_pool(r, rec, old):
    """Answers name the project by its number, as members of policies have to."""
    rec.body["name"] = re.sub(r"^projects/[^/]+", "projects/" + project_number(rec.project), rec.key)


@first(r".*\.setIamPolicy")
def numbered_principals(r):
    policy = (r.body or {}).get("policy") or r.body or {}
    for binding in policy.get("bindings", []):
        for member in binding.get("members", []):
            found = re.match(r"principal(?:Set)?://iam\.googleapis\.com/projects/([^/]+)/", member)
            if found and not found.group(1).isdigit():
                raise bad("Invalid principal %s: the project is named by its number." % member, field="policy.bindings.members")
    return iam_policy(r)
