"""A Postfix of our own on this machine: loopback, a port that is free, mails into one file for each person."""

from __future__ import annotations

import getpass
import grp
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PROGRAM: Final = "/usr/sbin/postfix"
DOMAIN: Final = "people.example"

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.{domain}
mydestination =
mynetworks = 127.0.0.0/8
default_transport = error:this server delivers nowhere else
virtual_transport = virtual
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {folder}/boxes
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:{user}
virtual_gid_maps = static:{group}
virtual_minimum_uid = 1
smtpd_tls_security_level = none
alias_maps =
alias_database =
biff = no
"""

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""


class Box:
    """Where the mails arrive."""

    def __init__(self, port: int, folder: Path) -> None:
        self.url = f"smtp://127.0.0.1:{port}"
        self._folder = folder

    def mails(self, number: int, seconds: float = 60) -> list[bytes]:
        """The mails that were delivered, once there are so many."""
        end = time.monotonic() + seconds
        while True:
            found = sorted((self._folder / "boxes" / "all").glob("new/*"))
            if len(found) >= number:
                return [path.read_bytes() for path in found]
            assert time.monotonic() < end, f"{len(found)} of {number} mails; {self.log()}"
            time.sleep(0.2)

    def log(self) -> str:
        path = self._folder / "log"
        return path.read_text(errors="replace")[-2_000:] if path.exists() else "no log"


@contextmanager
def postfix() -> Iterator[Box]:
    """Postfix, started and stopped; needs root, as Postfix itself does."""
    folder = Path(f"/tmp/postfix-{os.getpid()}")
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("etc", "queue", "data", "boxes"):
        (folder / name).mkdir(parents=True)
    owner = pwd.getpwnam("postfix")
    nobody = pwd.getpwnam("nobody")
    os.chown(folder / "data", owner.pw_uid, owner.pw_gid)
    os.chown(folder / "boxes", nobody.pw_uid, nobody.pw_gid)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    values = {"folder": folder, "domain": DOMAIN, "user": nobody.pw_uid, "group": nobody.pw_gid, "port": port}
    (folder / "etc" / "main.cf").write_text(MAIN.format(**values))
    (folder / "etc" / "master.cf").write_text(MASTER.format(**values))
    command = [PROGRAM, "-c", str(folder / "etc")]
    started = subprocess.run([*command, "start"], capture_output=True, text=True, check=False)
    box = Box(port, folder)
    try:
        assert started.returncode == 0, (
            started.stderr + started.stdout + box.log() + getpass.getuser() + str(grp.getgrnam("postdrop"))
        )
        yield box
    finally:
        subprocess.run([*command, "stop"], capture_output=True, check=False)
        shutil.rmtree(folder, ignore_errors=True)
