"""Where documents are kept: a folder of this machine or an S3 bucket, under random names that tell nothing."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

#: A store that does not answer must not keep people waiting: their typed text waits with them.
CONNECT_SECONDS: Final = 3
ANSWER_SECONDS: Final = 15


class StoreUnavailable(Exception):
    """The store cannot be written to or read from now: full, down, or not ours to use."""


class Store(Protocol):
    def put(self, key: str, content: bytes) -> None:
        """Keep `content` under `key`, which is new. Raises StoreUnavailable."""

    def get(self, key: str) -> bytes:
        """What is kept under `key`. Raises StoreUnavailable, also when there is nothing."""

    def delete(self, key: str) -> None:
        """Forget what is kept under `key`; nothing there is no fault. Raises StoreUnavailable."""


class ObjectStore:
    """A store that obstore reaches. `folder` is given for one on this machine."""

    def __init__(self, store: LocalStore | S3Store, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    def put(self, key: str, content: bytes) -> None:
        try:
            obstore.put(self._store, key, content, mode="create" if self._folder else None)
            if self._folder:
                _synced(self._folder / key)
        except (BaseError, OSError) as error:
            raise StoreUnavailable(str(error).split("\n", 1)[0]) from error

    def get(self, key: str) -> bytes:
        try:
            return bytes(obstore.get(self._store, key).bytes())
        except (BaseError, OSError) as error:
            raise StoreUnavailable(str(error).split("\n", 1)[0]) from error

    def delete(self, key: str) -> None:
        try:
            obstore.delete(self._store, key)
        except FileNotFoundError:
            pass
        except (BaseError, OSError) as error:
            raise StoreUnavailable(str(error).split("\n", 1)[0]) from error


def _synced(path: Path) -> None:
    """The file survives a power cut before anybody is told that it is kept."""
    for place in (path, path.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class MemoryStore:
    """For tests of everything but the store."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, key: str, content: bytes) -> None:
        self.kept[key] = content

    def get(self, key: str) -> bytes:
        try:
            return self.kept[key]
        except KeyError:
            raise StoreUnavailable(key) from None

    def delete(self, key: str) -> None:
        self.kept.pop(key, None)


def store_at(url: str, endpoint: str = "") -> Store:
    """The store that `url` names: `folder:PATH` or `s3://BUCKET/PREFIX`. Raises ValueError for anything else.

    For S3 region and keys come from the usual AWS_… variables; `endpoint` is that of a server other than Amazon's.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "memory":
        return MemoryStore()
    if scheme == "folder" and rest:
        return ObjectStore(LocalStore(rest, mkdir=True), Path(rest))
    bucket, prefix = urlsplit(url).netloc, urlsplit(url).path.strip("/")
    if scheme != "s3" or not bucket:
        raise ValueError(f"no store is named {url!r}")
    plain = urlsplit(endpoint).scheme == "http"
    return ObjectStore(
        S3Store(
            bucket,
            prefix=prefix or None,
            config={"endpoint": endpoint} if endpoint else {},
            client_options={
                "allow_http": plain,
                "timeout": dt.timedelta(seconds=ANSWER_SECONDS),
                "connect_timeout": dt.timedelta(seconds=CONNECT_SECONDS),
            },
            retry_config={"max_retries": 2, "retry_timeout": dt.timedelta(seconds=ANSWER_SECONDS)},
        )
    )
