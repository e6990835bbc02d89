"""How a program signs in to the simulated cloud, and finds out where."""

from simulator.answers import Answer, as_json, gateway_page, sign_in_error
from simulator.cloud import Cloud
from simulator.request import Request


def sign_in(cloud: Cloud, request: Request) -> Answer:
    """`POST /oauth/token`: https://docs.zaptec.com/docs/api-authentication"""
    now = cloud.clock.now()
    if cloud.rate_limited and not cloud.token_bucket.allows(request.peer, now):
        return gateway_page(503)
    if cloud.troubles.sign_in_answer is not None:
        return cloud.troubles.sign_in_answer
    form = request.form()
    if form.get("grant_type") != "password":
        return sign_in_error("unsupported_grant_type", "The grant type is not supported.")
    if not form.get("username") or not form.get("password"):
        return sign_in_error("invalid_request", "A mandatory parameter is missing.")
    name = form["username"].strip().lower()
    account = next((a for a in cloud.accounts if a.username.lower() == name), None)
    if account is None:
        return sign_in_error("invalid_grant", "user_not_found")
    has_scope = cloud.troubles.required_scope in ("", *form.get("scope", "").split())
    if account.password != form["password"] or cloud.troubles.sign_in_rejected or not has_scope:
        return sign_in_error("invalid_grant", "The username or password is incorrect.")
    token = cloud.tokens.give(account, now, cloud.token_lifetime_s)
    return as_json({"access_token": token, "token_type": "Bearer", "expires_in": cloud.token_lifetime_s})


def discover(cloud: Cloud, request: Request) -> Answer:
    """`GET /.well-known/openid-configuration`: where evcc looks for the token endpoint.

    The issuer ends in a slash, as that client compares it (evcc-io/evcc, charger/zaptec/auth.go).
    """
    base = f"http://{request.headers.get('host', '')}"
    return as_json(
        {
            "issuer": f"{base}/",
            "token_endpoint": f"{base}/oauth/token",
            "authorization_endpoint": f"{base}/connect/authorize",
            "jwks_uri": f"{base}/.well-known/jwks",
            "grant_types_supported": ["password"],
            "response_types_supported": ["code"],
            "scopes_supported": ["openid"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }
    )
