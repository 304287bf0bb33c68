"""Credentials: keys, the token endpoints of OAuth and STS, impersonation, and the check of each request's token."""
import base64, hashlib, hmac, json, re, time
from urllib.parse import parse_qsl, unquote, urlsplit

from .engine import *

AWS_KEYS = {"AKIAEMULATOR": "emulator-secret"}       # who may sign requests for federation from AWS
def make_key(email, project, base):
    """A service-account key file whose token_uri is this server; the public half is kept to verify assertions."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kid = digest(email, STATE.serial(), time.time()).hex()[:40]
    STATE.keys[kid] = (email, private.public_key())
    pem = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
    return kid, {"type": "service_account", "project_id": project, "private_key_id": kid, "private_key": pem, "client_email": email,
                 "client_id": number(email, 21), "auth_uri": base + "/auth", "token_uri": base + "/token", "universe_domain": "googleapis.com"}


def issue_token(who):
    token = "ya29.emulator." + digest(who, STATE.serial(), time.time()).hex()
    STATE.tokens[token] = (time.time() + CONFIG["tokenTtl"], who)
    return {"access_token": token, "expires_in": int(CONFIG["tokenTtl"]), "token_type": "Bearer"}


def token_endpoint(form, base):
    """RFC 7523: exchanges an RS256 assertion, signed with a key made here, for an access token."""
    def refuse(text, code="invalid_grant"):
        return 400, {"error": code, "error_description": text}
    if form.get("grant_type") == "refresh_token":
        return (200, issue_token("user@example.com")) if form.get("refresh_token") else refuse("Missing refresh_token.", "invalid_request")
    if form.get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer":
        return refuse("Invalid grant_type: %s" % form.get("grant_type"), "unsupported_grant_type")
    try:
        header, body, signed, signature = read_jwt(form.get("assertion", ""))
    except ValueError:
        return refuse("Bad Request: malformed assertion.")
    if header.get("alg") != "RS256" or header.get("typ", "JWT") != "JWT":
        return refuse("Invalid JWT: only RS256 is accepted.")
    known = [k for i, k in STATE.keys.items() if k[0] == body.get("iss") and header.get("kid", i) == i]
    if not known:
        return refuse("Invalid grant: account not found or key unknown.")
    if not any(signs(key, signed, signature) for _, key in known):
        return refuse("Invalid JWT Signature.")
    t, iat, exp = time.time(), body.get("iat", 0), body.get("exp", 0)
    if not isinstance(iat, int) or not isinstance(exp, int) or iat > t + 60 or exp < t or exp - iat > 3600:
        return refuse("Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.")
    if body.get("aud") not in (base + "/token", "https://oauth2.googleapis.com/token"):     # google-auth always signs the latter
        return refuse("Invalid JWT: aud must be %s/token." % base, "invalid_request")
    if not body.get("scope") and not body.get("target_audience"):
        return refuse("Invalid JWT: missing scope.", "invalid_scope")
    return 200, issue_token(body["iss"])


def authorize(headers):
    if CONFIG["auth"] == "none":
        return
    kind, _, token = headers.get("Authorization", "").partition(" ")
    known = STATE.tokens.get(token)
    if kind.lower() != "bearer" or not token.strip() or CONFIG["auth"] == "issued" and (known is None or known[0] < time.time()):
        raise ApiError(401, "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
                       headers={"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"'})


def read_jwt(text):
    """Header, claims, what is signed, the signature; ValueError where the text is no token."""
    head, claims, sig = text.split(".")
    raw = [base64.urlsafe_b64decode(x + "=" * (-len(x) % 4)) for x in (head, claims, sig)]
    return json.loads(raw[0]), json.loads(raw[1]), ("%s.%s" % (head, claims)).encode(), raw[2]


def signs(key, signed, signature):
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding
    try:
        key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        return True
    except InvalidSignature:
        return False


def subject_token(issuer, subject, audience):
    """A token as the identity provider `issuer` gives it to a job; the public half is kept under the issuer's name."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    private = STATE.issuers.setdefault(issuer, rsa.generate_private_key(public_exponent=65537, key_size=2048))
    parts = ({"alg": "RS256", "typ": "JWT"}, {"iss": issuer, "sub": subject, "aud": audience, "iat": int(time.time()), "exp": int(time.time()) + 600})
    text = b".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=") for p in parts)
    return (text + b"." + base64.urlsafe_b64encode(private.sign(text, padding.PKCS1v15(), hashes.SHA256())).rstrip(b"=")).decode()


def exchange(form):
    """RFC 8693 as https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token has it."""
    def refuse(text, code="invalid_request"):
        return 400, {"error": code, "error_description": text}
    if form.get("grant_type") != "urn:ietf:params:oauth:grant-type:token-exchange":
        return refuse("Invalid grant_type.", "unsupported_grant_type")
    if form.get("requested_token_type") != "urn:ietf:params:oauth:token-type:access_token" or not form.get("scope"):
        return refuse("requested_token_type or scope is missing.")
    audience = form.get("audience", "")
    found = re.fullmatch(r"//iam\.googleapis\.com/projects/(\d+)/(locations/global/workloadIdentityPools/[^/]+/providers/[^/]+)", audience)
    provider = next((r for r in STATE.recs.values() if r.schema == "WorkloadIdentityPoolProvider" and r.state == "READY" and found
                     and (project_number(r.project), r.key.split("/", 2)[2]) == found.groups()), None)
    if provider is None:
        return refuse("Invalid value for \"audience\". This value should be the full resource name of the Identity Provider.", "invalid_target")
    kind, token = form.get("subject_token_type"), form.get("subject_token", "")
    if kind == "urn:ietf:params:oauth:token-type:jwt":
        try:
            _, claims, signed, signature = read_jwt(token)
        except ValueError:
            return refuse("The subject token is malformed.")
        issuer = provider.body.get("oidc", {}).get("issuerUri")
        if claims.get("iss") != issuer or issuer not in STATE.issuers or not signs(STATE.issuers[issuer].public_key(), signed, signature):
            return refuse("The issuer or the signature of the subject token is wrong.", "invalid_grant")
        allowed = provider.body.get("oidc", {}).get("allowedAudiences") or ["https:" + audience]
        if claims.get("aud") not in allowed or claims.get("exp", 0) < time.time():
            return refuse("The audience or the time of the subject token is wrong.", "invalid_grant")
        who = claims["sub"]
    elif kind == "urn:ietf:params:aws:token-type:aws4_request" and "aws" in provider.body:
        who = aws_caller(token, audience)
        if who is None:
            return refuse("The request to AWS in the subject token is not signed as it should be.", "invalid_grant")
    else:
        return refuse("Invalid subject_token_type.")
    return 200, {**issue_token(who), "issued_token_type": "urn:ietf:params:oauth:token-type:access_token"}


def aws_caller(token, audience):
    """The access key that signed the request inside `token` (AIP-4117), or None."""
    try:
        request = json.loads(unquote(token))
        headers = {h["key"].lower(): h["value"] for h in request["headers"]}
        url = urlsplit(request["url"])
        key, day, region, names, signature = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/sts/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})", headers["authorization"]).groups()
        assert request["method"] == "POST" and url.netloc == headers["host"] == "sts.%s.amazonaws.com" % region
        assert headers["x-goog-cloud-target-resource"] == audience and {"host", "x-amz-date", "x-goog-cloud-target-resource"} <= set(names.split(";"))
        query = "&".join(sorted("%s=%s" % pair for pair in parse_qsl(url.query)))
        assert query == "Action=GetCallerIdentity&Version=2011-06-15"
        canonical = "\n".join(["POST", url.path or "/", query] + ["%s:%s" % (n, headers[n]) for n in names.split(";")] + ["", names, hashlib.sha256(b"").hexdigest()])
        secret = ("AWS4" + AWS_KEYS[key]).encode()
        for step in (day, region, "sts", "aws4_request"):
            secret = hmac.new(secret, step.encode(), hashlib.sha256).digest()
        text = "\n".join(["AWS4-HMAC-SHA256", headers["x-amz-date"], "%s/%s/sts/aws4_request" % (day, region), hashlib.sha256(canonical.encode()).hexdigest()])
        return "aws:" + key if hmac.compare_digest(signature, hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()) else None
    except (ValueError, KeyError, AttributeError, AssertionError):
        return None


@custom(r"iamcredentials\.projects\.serviceAccounts\.generateAccessToken")
def generate_access_token(r):
    email = r.path.rsplit("/", 1)[1]
    if not any(k.endswith("/serviceAccounts/" + email) for a, k in STATE.recs if a == "iam"):
        raise ApiError(404, "Not found; Gaia id not found for email %s" % email)
    if not r.body.get("scope"):
        raise bad("Scope required.", field="scope")
    seconds = int(r.body.get("lifetime", "3600s").rstrip("s"))
    if not 0 < seconds <= 3600:
        raise bad("The lifetime must be at most 3600s.", field="lifetime")
    token = issue_token(email)["access_token"]
    end = time.gmtime(time.time() + min(seconds, CONFIG["tokenTtl"]))
    return {"accessToken": token, "expireTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", end)}
