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
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

Json = dict[str, Any]

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
    """`url` is set by whoever serves it. `asked` counts the requests for "metadata", "keys" and "token"."""

    def __init__(self, app_id: str, app_password: str, tenant_id: str, *, lasts: int = LASTS) -> None:
        self.app_id, self.app_password, self.tenant_id = app_id, app_password, tenant_id
        self.lasts = lasts
        self.url = ""
        self.keys: list[SigningKey] = []
        self.key = self.new_key(("msteams",))
        self.asked: Counter[str] = Counter()
        self._given: dict[str, float] = {}

    @property
    def metadata_url(self) -> str:
        return f"{self.url}/v1/.well-known/openidconfiguration"

    def new_key(self, endorsements: tuple[str, ...] | None) -> SigningKey:
        """One more key that everybody is told of."""
        key = SigningKey(endorsements)
        self.keys.append(key)
        return key

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
        return self._given.get(authorization.removeprefix("Bearer "), 0.0) > time.time()

    def revoke(self) -> None:
        """Every token that was given out is refused from now on."""
        self._given.clear()

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
        tenant = request.match_info["tenant"]
        told = {
            "issuer": f"{self.url}/{tenant}/v2.0",
            "authorization_endpoint": f"{self.url}/{tenant}/oauth2/v2.0/authorize",
            "token_endpoint": f"{self.url}/{tenant}/oauth2/v2.0/token",
        }
        return web.json_response(told)

    async def _token(self, request: web.Request) -> web.Response:
        self.asked["token"] += 1
        form = await request.post()
        if request.match_info["tenant"] != self.tenant_id:
            return _refused(400, "invalid_request", 90002, "Tenant not found.")
        if form.get("grant_type") != "client_credentials":
            return _refused(400, "unsupported_grant_type", 70003, "The grant type is not supported.")
        if form.get("client_id") != self.app_id:
            return _refused(400, "unauthorized_client", 700016, "Application was not found in the directory.")
        if form.get("client_secret") != self.app_password:
            return _refused(401, "invalid_client", 7000215, "Invalid client secret provided.")
        if form.get("scope") != SCOPE:
            return _refused(400, "invalid_scope", 70011, "The provided value for scope is not valid.")
        return web.json_response({"token_type": "Bearer", "expires_in": self.lasts, "access_token": self._give()})

    def _give(self) -> str:
        token = secrets.token_urlsafe(32)
        self._given[token] = time.time() + self.lasts
        return token


def _refused(status: int, error: str, code: int, words: str) -> web.Response:
    said = {"error": error, "error_description": f"AADSTS{code}: {words}", "error_codes": [code]}
    return web.json_response(said, status=status)


def _big_endian(number: int) -> str:
    return _unpadded(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
