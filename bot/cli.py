"""The command `saan`. Only the parser is built here; each command's code is loaded when it is called."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any

Parsers = Any
"""What ``add_subparsers`` gives (argparse keeps its type private)."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code: 0, 1 for failure, 2 for bad use or bad input."""
    args = parser().parse_args(argv)
    module, name = args.call.split(":")
    from bot.commands.common import FAILED, Fault

    try:
        return int(getattr(importlib.import_module(f"bot.commands.{module}"), name)(args))
    except Fault as fault:
        return _say(str(fault), fault.code)
    except BrokenPipeError:  # the reader of our output had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        logging.getLogger("saan").debug("the command failed", exc_info=True)
        return _say(_one_line(error), _code(error))


def _say(message: str, code: int) -> int:
    print(f"saan: {message}", file=sys.stderr)
    return code


def _code(error: Exception) -> int:
    return 2 if type(error).__name__ == "ConfigError" else 1


def _one_line(error: Exception) -> str:
    """Settings name their own faults; for anything else the kind helps more than the words alone."""
    words = str(getattr(error, "orig", None) or error).strip().split("\n")[0]
    return words if type(error).__name__ == "ConfigError" else f"{type(error).__name__}: {words}"


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    top = argparse.ArgumentParser(
        prog="saan", description="A municipality's LINE account as a channel of participation"
    )
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    _service(commands)
    _understanding(commands)
    _people(commands)
    _reports(commands)
    return top


def _add(commands: Parsers, name: str, call: str, about: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about)
    made.set_defaults(call=call)
    return made


def _group(commands: Parsers, name: str, about: str) -> Parsers:
    return commands.add_parser(name, help=about, description=about).add_subparsers(
        metavar="ACTION", required=True
    )


def _service(commands: Parsers) -> None:
    _add(commands, "run", "service:run", "web, worker and clock in one process on this machine")
    _add(commands, "web", "service:web", "HTTP alone, served by gunicorn")
    _add(commands, "worker", "service:worker", "decides what came in, sends what must go out")
    _add(commands, "clock", "service:clock", "does what is due by time")
    _add(commands, "migrate", "city:migrate", "bring the database to the newest schema")
    seed = _add(commands, "seed", "city:seed", "load or update a city folder")
    seed.add_argument("folder", nargs="?", metavar="FOLDER", help="default: the demo city")
    seed.add_argument("--if-none", action="store_true", help="only when no city is loaded")
    tick = _add(commands, "tick", "ticking:tick", "move the city clock forward and do what falls due")
    tick.add_argument("--at", required=True, metavar="ISO8601", help="for example 2026-11-23T09:00+07:00")
    line = _group(commands, "line", "the LINE channel")
    _add(
        line, "setup", "channel:setup", "rich menu, webhook address and its check, on the configured channel"
    )


def _understanding(commands: Parsers) -> None:
    classify = _add(
        commands, "classify", "understanding:classify", "JSON lines from stdin, what each means to stdout"
    )
    evaluate = _add(
        commands, "evaluate", "understanding:evaluate", "measure the classifier on labelled JSON lines"
    )
    evaluate.add_argument("file", metavar="FILE")
    evaluate.add_argument("--json", action="store_true")
    train = _add(commands, "train", "understanding:train", "retrain; a worse model is not put to use")
    train.add_argument(
        "--add", metavar="FILE", action="append", default=[], help='JSON lines {"text","category"}'
    )
    train.add_argument(
        "--if-missing", action="store_true", help="only build the shipped model when it is not there"
    )
    for command in (classify, evaluate, train):
        command.add_argument(
            "--data", metavar="FOLDER", help="keep the model there instead of in SAAN_DATA_DIR"
        )


def _people(commands: Parsers) -> None:
    for name in ("official", "coordinator"):
        group = _group(commands, name, f"{name}s")
        invite = _add(group, "invite", "invites:invite", f"print a code that makes a {name}")
        _rows_of_people(group, name, "--agency")
        invite.add_argument("--agency", required=True, metavar="CODE")
        invite.add_argument("--name", default="", metavar="N")
        if name == "official":
            invite.add_argument("--head", action="store_true", help="head of the agency")
        else:
            _term(invite)
        invite.set_defaults(role=name)
    group = _group(commands, "representative", "representatives of networks")
    invite = _add(group, "invite", "invites:invite", "print a code that makes a representative")
    _rows_of_people(group, "representative", "--network")
    _term(invite)
    invite.add_argument("--network", required=True, metavar="CODE")
    invite.add_argument("--name", default="", metavar="N")
    invite.set_defaults(role="representative")
    group = _group(commands, "admin", "administrators")
    invite = _add(group, "invite", "invites:invite", "print a code")
    _rows_of_people(group, "administrator", "")
    invite.set_defaults(role="administrator")
    person = _group(commands, "person", "what the law gives every person")
    for name, about in (
        ("export", "everything kept about a person, as JSON"),
        ("forget", "delete a person's data"),
    ):
        act = _add(person, name, f"persons:{name}", about)
        act.add_argument("line_user_id", metavar="LINE_USER_ID")


def _term(invite: argparse.ArgumentParser) -> None:
    invite.add_argument("--until", metavar="DATE", help="last day of the term, for example 2027-09-30")


def _rows_of_people(group: Parsers, role: str, of: str) -> None:
    """Who holds the role, and taking it away."""
    listed = _add(group, "list", "people:listed", f"every {role} there is now")
    listed.add_argument("--json", action="store_true")
    remove = _add(group, "remove", "people:remove", f"end the role of a {role}, from this moment")
    remove.add_argument("line_user_id", metavar="LINE_USER_ID")
    for command in (listed, remove):
        command.set_defaults(role=role, agency=None, network=None)
        if of:
            command.add_argument(of, metavar="CODE")


def _reports(commands: Parsers) -> None:
    cases = _add(commands, "cases", "reports:cases", "all cases")
    cases.add_argument("--status", metavar="S")
    case = _add(commands, "case", "reports:case", "one case")
    case.add_argument("code", metavar="CODE")
    networks = _add(commands, "networks", "reports:networks", "all networks")
    network = _add(commands, "network", "reports:network", "one network")
    network.add_argument("code", metavar="CODE")
    outbox = _add(commands, "outbox", "reports:outbox", "what waits, was sent, failed")
    inbox = _add(commands, "inbox", "reports:inbox", "events that came in, and what became of them")
    quota = _add(commands, "quota", "reports:quota", "LINE's monthly messages: allowed, used, planned")
    for command in (cases, case, networks, network, outbox, inbox, quota):
        command.add_argument("--json", action="store_true")
    export = _add(commands, "export", "exports:export", "data out")
    export.add_argument("what", choices=("cases", "networks", "open-data"))
    export.add_argument("--format", choices=("csv", "json"), default="csv")


if __name__ == "__main__":
    sys.exit(main())
