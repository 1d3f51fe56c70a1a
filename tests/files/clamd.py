"""A daemon that speaks ClamAV's INSTREAM over a real socket and knows one virus."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def clamd(answer: bytes | None = None) -> Iterator[str]:
    """Its address while it runs; `answer` is what it says whatever it is given."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            try:
                client, _ = server.accept()
            except TimeoutError:
                continue
            with client:
                client.settimeout(5)
                _talk(client, answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
    finally:
        stop.set()
        thread.join(timeout=5)
        server.close()


def _talk(client: socket.socket, answer: bytes | None) -> None:
    stream = client.makefile("rb")
    command = stream.read(len(b"nINSTREAM\n"))
    assert command[1:] in (b"INSTREAM\n", b"INSTREAM\0"), command
    content = b""
    while True:
        (size,) = struct.unpack("!L", stream.read(4))
        if not size:
            break
        content += stream.read(size)
    found = b"Eicar-Test-Signature FOUND" if b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE" in content else b"OK"
    client.sendall(answer or b"stream: " + found + b"\n")
