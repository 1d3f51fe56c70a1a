"""A client that keeps its connection, and signs in as a person does."""

from __future__ import annotations

import http.client
import re
from time import perf_counter
from urllib.parse import urlencode


class Browser:
    """One keep-alive connection to a server on this machine. An error page raises, unless its status is `allowed`."""

    def __init__(self, port: int, allowed: frozenset[int] = frozenset()) -> None:
        self.allowed = allowed
        self.status = 0
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        self.location = ""

    def get(self, address: str) -> str:
        return self._send("GET", address, None)

    def post(self, address: str, fields: list[tuple[str, str]]) -> str:
        return self._send("POST", address, urlencode(fields))

    def timed(self, method: str, address: str, body: str | None = None) -> float:
        """Milliseconds from sending the request to having read the whole answer."""
        start = perf_counter()
        self._send(method, address, body)
        return (perf_counter() - start) * 1000

    def fetch(self, method: str, address: str, body: str | None = None) -> str:
        """The page itself, whatever its status when that is allowed."""
        return self._send(method, address, body)

    def content(self, address: str) -> bytes:
        """What is behind an address, as it is."""
        self._connection.request("GET", address, headers={"Cookie": self._cookie_line})
        answer = self._connection.getresponse()
        if answer.status != 200:
            raise RuntimeError(f"GET {address} answered {answer.status}")
        return answer.read()

    def sign_in(self, email: str, password: str) -> None:
        token = csrf_token(self.get("/sign-in"))
        self.post("/sign-in", [("csrf_token", token), ("email", email), ("password", password)])
        if self.location.endswith("/sign-in") or not self.location:
            raise RuntimeError(f"{email} could not sign in")

    @property
    def _cookie_line(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def close(self) -> None:
        self._connection.close()

    def _send(self, method: str, address: str, body: str | None) -> str:
        headers = {"Cookie": self._cookie_line}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, address, body, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        self.status = answer.status
        if answer.status >= 400 and answer.status not in self.allowed:
            raise RuntimeError(f"{method} {address} answered {answer.status}")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";", 1)[0].partition("=")
            self._cookies[name] = value
        self.location = answer.headers.get("Location", "")
        return text.decode(errors="replace")


def csrf_token(page: str) -> str:
    """The token of the page's form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if found is None:
        raise RuntimeError("the page has no form")
    return found.group(1)


def hidden_fields(page: str) -> dict[str, str]:
    """The hidden fields of the page's forms by name."""
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
