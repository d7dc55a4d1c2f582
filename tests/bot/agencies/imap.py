"""A small IMAP server on a loopback port: enough of RFC 3501 for imaplib, strict about what it does not know."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Box:
    """What lies in the mailbox, by number; ``validity`` changes when numbers begin anew."""

    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    validity: int = 1
    user: str = "saan"
    password: str = "secret"
    log: list[str] = field(default_factory=list)
    broken: str = ""
    """A command at which the connection breaks off."""

    def put(self, raw: bytes) -> int:
        number = max(self.mails, default=0) + 1
        self.mails[number] = raw
        return number


class _Talk(socketserver.StreamRequestHandler):
    box: Box

    def handle(self) -> None:
        self._say("* OK fake IMAP ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode().rstrip("\r\n").partition(" ")
            command = rest.upper().removeprefix("UID ").split(" ")[0]
            self.box.log.append(rest.split(" ")[0] if command == "LOGIN" else rest)
            if self.box.broken and command == self.box.broken:
                return
            answer = getattr(self, f"_{command.lower()}", None)
            said = answer(rest) if answer else "BAD unknown command"
            self._say(f"{tag} {said}")
            if command == "LOGOUT":
                return

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def _capability(self, _rest: str) -> str:
        self._say("* CAPABILITY IMAP4rev1")
        return "OK done"

    def _login(self, rest: str) -> str:
        user, password = re.findall(r'"([^"]*)"|(\S+)', rest.partition(" ")[2])
        given = [a or b for a, b in (user, password)]
        return "OK done" if given == [self.box.user, self.box.password] else "NO wrong"

    def _select(self, rest: str) -> str:
        if '"INBOX"' not in rest:
            return "NO no such folder"
        self._say(f"* {len(self.box.mails)} EXISTS")
        self._say(f"* OK [UIDVALIDITY {self.box.validity}] valid")
        return "OK [READ-WRITE] done"

    def _search(self, rest: str) -> str:
        numbers = [n for n in sorted(self.box.mails) if n not in self.box.seen]
        self._say(" ".join(["* SEARCH", *map(str, numbers)]))
        return "OK done"

    def _fetch(self, rest: str) -> str:
        number = int(rest.split(" ")[2])
        raw = self.box.mails[number]
        if "RFC822.SIZE" in rest:
            self._say(f"* {number} FETCH (UID {number} RFC822.SIZE {len(raw)})")
            return "OK done"
        if "HEADER" in rest:
            raw = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        self.wfile.write(
            f"* {number} FETCH (UID {number} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"
        )
        return "OK done"

    def _store(self, rest: str) -> str:
        self.box.seen.add(int(rest.split(" ")[2]))
        return "OK done"

    def _logout(self, _rest: str) -> str:
        self._say("* BYE")
        return "OK done"


@contextmanager
def imap_server(box: Box) -> Iterator[str]:
    """The address of a server that shows the box."""
    handler = type("Talk", (_Talk,), {"box": box})
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"imap://{box.user}:{box.password}@127.0.0.1:{server.server_address[1]}"
        server.shutdown()
