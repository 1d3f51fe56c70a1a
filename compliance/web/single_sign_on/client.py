"""Talking to an identity provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App, OAuthError
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug.wrappers import Response

from compliance.services.account.single_sign_on import Provider

#: Seconds that a provider has to answer: somebody waits.
TIMEOUT: Final = 5


class ProviderFailed(Exception):
    """The provider cannot be reached, refuses, or what came back is not an answer to what was asked."""


def away(provider: Provider, redirect_uri: str, *, again: bool) -> Response:
    """To the provider's sign-in. `again`: even somebody signed in there shows who they are. Raises ProviderFailed."""
    options = {"prompt": "login", "max_age": "0"} if again else {}
    try:
        response: Response = _client(provider).authorize_redirect(redirect_uri, **options)
    except (OAuthError, RequestException, ValueError, KeyError, RuntimeError) as error:
        raise ProviderFailed(type(error).__name__) from error
    return response


def claims(provider: Provider) -> Mapping[str, Any]:
    """What the provider says of who comes back. State, nonce, signature, issuer, audience and times are checked.

    Raises ProviderFailed.
    """
    try:
        token = _client(provider).authorize_access_token()
    except (OAuthError, JoseError, RequestException, ValueError, KeyError, RuntimeError, TypeError) as error:
        raise ProviderFailed(type(error).__name__) from error
    found: Mapping[str, Any] | None = token.get("userinfo")
    if found is None:
        raise ProviderFailed("no identity token")
    return found


def _client(provider: Provider) -> Any:
    name = f"provider{provider.organisation_id}"
    return FlaskOAuth2App(
        FlaskIntegration(name),
        name=name,
        client_id=provider.client_id,
        client_secret=provider.secret,
        server_metadata_url=f"{provider.issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT,
        },
    )
