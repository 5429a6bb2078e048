"""Whoever issues tokens at Microsoft: to its channels, which sign activities with them, and to the bot.

Keys, claims, endorsements and errors are those of the Bot Framework and of Entra ID; the private keys are made anew for
each issuer, so that nothing here is a secret of anybody.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections import Counter

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.teams.errors import Json, entra_refusal

ISSUER = "https://api.botframework.com"
SCOPE = "https://api.botframework.com/.default"
LASTS = 3600


class SigningKey:
    """An RSA key with the channels that it speaks for; none: it names no channels at all."""

    def __init__(self, endorsements: tuple[str, ...] | None) -> None:
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.endorsements = endorsements
        numbers = self.private.public_key().public_numbers()
        self.modulus, self.exponent = _big_endian(numbers.n), _big_endian(numbers.e)
        self.kid = _unpadded(hashlib.sha256(self.modulus.encode()).digest()[:20])

    def told(self) -> Json:
        """As the JSON Web Key Set has it."""
        shown: Json = {
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid,
            "x5t": self.kid,
            "n": self.modulus,
            "e": self.exponent,
        }
        return shown if self.endorsements is None else {**shown, "endorsements": list(self.endorsements)}


class Issuer:
    """`url` is set by whoever serves it. `asked` counts the requests for "metadata", "keys", "authority" (what msal
    asks before its first token) and "token"; `given` are the tokens of the bot, with the moment when each expires.
    """

    def __init__(self, app_id: str, app_password: str, tenant_id: str, *, lasts: int = LASTS) -> None:
        self.app_id, self.app_password, self.tenant_id = app_id, app_password, tenant_id
        self.lasts = lasts
        self.url = ""
        self.keys: list[SigningKey] = []
        self.key = self.new_key(("msteams",))
        self.asked: Counter[str] = Counter()
        self.given: dict[str, float] = {}

    @property
    def metadata_url(self) -> str:
        return f"{self.url}/v1/.well-known/openidconfiguration"

    def new_key(self, endorsements: tuple[str, ...] | None) -> SigningKey:
        """One more key that everybody is told of."""
        key = SigningKey(endorsements)
        self.keys.append(key)
        return key

    def withdraw(self, key: SigningKey) -> None:
        """Nobody is told of the key any more; it can still sign."""
        self.keys.remove(key)

    def token(
        self,
        service_url: str | None,
        *,
        audience: str | None = None,
        issuer: str = ISSUER,
        expires_in: float = LASTS,
        key: SigningKey | None = None,
        kid: str | None = None,
        **claims: object,
    ) -> str:
        """A token with which a channel signs activities from `service_url`; None: it names none. `kid` instead of that
        of `key`; an empty one is left out."""
        signed_by = key or self.key
        now = time.time()
        said: Json = {"iss": issuer, "aud": audience or self.app_id, "nbf": now - 1, "exp": now + expires_in, **claims}
        if service_url is not None:
            said.setdefault("serviceurl", service_url)
        named = signed_by.kid if kid is None else kid
        header = {"kid": named, "x5t": named} if named else {}
        return jwt.encode(said, signed_by.private, algorithm="RS256", headers=header)

    # --- the bot's own tokens

    def takes(self, authorization: str) -> bool:
        """Is this the header of a bot that has a token of ours which has not expired?"""
        return self.given.get(authorization.removeprefix("Bearer "), 0.0) > time.time()

    def revoke(self) -> None:
        """Every token that was given out is refused from now on."""
        self.given.clear()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/v1/.well-known/openidconfiguration", self._metadata),
            web.get("/v1/.well-known/keys", self._keys),
            web.get("/{tenant}/v2.0/.well-known/openid-configuration", self._authority),
            web.post("/{tenant}/oauth2/v2.0/token", self._token),
        ]

    async def _metadata(self, _: web.Request) -> web.Response:
        self.asked["metadata"] += 1
        told = {
            "issuer": ISSUER,
            "authorization_endpoint": "https://invalid.botframework.com",
            "jwks_uri": f"{self.url}/v1/.well-known/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }
        return web.json_response(told)

    async def _keys(self, _: web.Request) -> web.Response:
        self.asked["keys"] += 1
        return web.json_response({"keys": [key.told() for key in self.keys]})

    async def _authority(self, request: web.Request) -> web.Response:
        """Every address begins with https: msal takes no other, not even on loopback (README.md)."""
        self.asked["authority"] += 1
        tenant = request.match_info["tenant"]
        if tenant != self.tenant_id:
            return entra_refusal(400, "invalid_tenant", 90002, f"Tenant '{tenant}' not found.")
        address = f"https://{self.url.partition('://')[2]}/{tenant}"
        told = {
            "issuer": f"{address}/v2.0",
            "authorization_endpoint": f"{address}/oauth2/v2.0/authorize",
            "token_endpoint": f"{address}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "tenant_region_scope": "EU",
        }
        return web.json_response(told)

    async def _token(self, request: web.Request) -> web.Response:
        self.asked["token"] += 1
        form = {name: str(value) for name, value in (await request.post()).items()}
        refusal = self._refusal(request.match_info["tenant"], form)
        if refusal is not None:
            return refusal
        times = {"expires_in": self.lasts, "ext_expires_in": self.lasts}
        return web.json_response({"token_type": "Bearer", **times, "access_token": self._give()})

    def _refusal(self, tenant: str, form: dict[str, str]) -> web.Response | None:
        """Why Entra ID gives no token for this request; None: it does."""
        for name in ("grant_type", "client_id", "scope"):
            if not form.get(name):
                words = f"The request body must contain the following parameter: '{name}'."
                return entra_refusal(400, "invalid_request", 900144, words)
        app_id, scope = form["client_id"], form["scope"]
        if tenant != self.tenant_id:
            return entra_refusal(400, "invalid_request", 90002, f"Tenant '{tenant}' not found.")
        if form["grant_type"] != "client_credentials":
            words = f"The app requested an unsupported grant type '{form['grant_type']}'."
            return entra_refusal(400, "unsupported_grant_type", 70003, words)
        if app_id != self.app_id:
            words = f"Application with identifier '{app_id}' was not found in the directory '{tenant}'."
            return entra_refusal(400, "unauthorized_client", 700016, words)
        return self._refused_secret(form.get("client_secret", "")) or _refused_scope(scope)

    def _refused_secret(self, secret: str) -> web.Response | None:
        if secret == self.app_password:
            return None
        if not secret:
            words = "'client_assertion', 'client_secret' or 'request' is required for this grant type."
            return entra_refusal(401, "invalid_client", 7000216, words)
        words = f"Invalid client secret provided for the app '{self.app_id}'."
        return entra_refusal(401, "invalid_client", 7000215, words)

    def _give(self) -> str:
        token = secrets.token_urlsafe(32)
        self.given[token] = time.time() + self.lasts
        return token


def _refused_scope(scope: str) -> web.Response | None:
    if scope == SCOPE:
        return None
    return entra_refusal(400, "invalid_scope", 70011, f"The provided value for scope {scope} is not valid.")


def _big_endian(number: int) -> str:
    return _unpadded(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
