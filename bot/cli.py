"""The command `saan`. Only the parser is built here; each command's code is loaded when it is called."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

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


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line, as every other error of ours, and where to read more."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"saan: {message} (see `{self.prog} --help`)\n")


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    top = OneLineParser(
        prog="saan", description="A municipality's LINE account as a channel of participation"
    )
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    _service(commands)
    _understanding(commands)
    _people(commands)
    _reports(commands)
    _webhooks(commands)
    _apikeys(commands)
    _routing(commands)
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
    seed.add_argument(
        "--preview", action="store_true", help="only say which cases the new rows would have moved"
    )
    tick = _add(commands, "tick", "ticking:tick", "move the city clock forward and do what falls due")
    tick.add_argument("--at", required=True, metavar="ISO8601", help="for example 2026-11-23T09:00+07:00")
    demo = _add(commands, "demo", "demo:demo", "play half a year of the demo city in some minutes")
    demo.add_argument("--days", type=int, default=180, metavar="N")
    demo.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed plays the same story")
    demo.add_argument("--citizens", type=int, default=600, metavar="N")
    demo.add_argument(
        "--reports", type=float, default=1.2, metavar="X", help="reports per citizen in half a year"
    )
    demo.add_argument("--until", metavar="ISO8601", help="when the play ends; default: this morning")
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
    evaluate.add_argument(
        "file", metavar="FILE", nargs="?", help='JSON lines {"text","gold","acceptable":[…]}'
    )
    evaluate.add_argument(
        "--held-out", action="store_true", help="train without a sixth of our own messages, measure on it"
    )
    evaluate.add_argument("--json", action="store_true")
    evaluate.add_argument("--report", metavar="OUT.html", help="also write a page with plots")
    evaluate.add_argument("--lang", choices=("en", "th"), default="en", help="language of the page")
    train = _add(commands, "train", "training:train", "retrain; a worse model is not put to use")
    train.add_argument(
        "--add", metavar="FILE", action="append", default=[], help='JSON lines {"text","category"}'
    )
    train.add_argument(
        "--if-missing", action="store_true", help="only build the shipped model when it is not there"
    )
    train.add_argument(
        "--fresh", action="store_true", help="without the rows of files that earlier trainings were given"
    )
    train.add_argument("--nightly", action="store_true", help="as the clock does it: at low priority")
    model = _group(commands, "model", "versions of the classifier")
    versions = _add(model, "list", "training:versions", "all versions, their figures, which one is in use")
    versions.add_argument("--json", action="store_true")
    rollback = _add(model, "rollback", "training:rollback", "use an earlier version again")
    rollback.add_argument(
        "version",
        nargs="?",
        metavar="VERSION",
        help="default: the one in use before; `shipped`: the corpus alone",
    )
    for command in (classify, evaluate, train, versions, rollback):
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
        act.add_argument(
            "line_user_id",
            metavar="LINE_USER_ID",
            help="or a case's code: whoever reported it without LINE (by phone, through others, by Open311)",
        )


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
    network = _add(
        commands, "network", "reports:network", "one network; `new` founds one, --link joins it to another"
    )
    network.add_argument("code", metavar="CODE", help="its code, or `new`")
    network.add_argument("--link", metavar="OTHER", help="these two work together from now on")
    founding = network.add_argument_group("network new")
    founding.add_argument("--code", dest="new_code", metavar="NEW", help="capital letters and digits")
    for name, about in (
        ("name", "in Thai"),
        ("name-en", "in English"),
        ("goal", "in Thai"),
        ("goal-en", "in English"),
    ):
        founding.add_argument(f"--{name}", default="", metavar="TEXT", help=about)
    founding.add_argument(
        "--areas", default="*", metavar="LIST", help="codes with commas between; default: all"
    )
    founding.add_argument("--categories", default="*", metavar="LIST", help="likewise")
    founding.add_argument("--integrator", default="", metavar="AGENCY", help="default: the city's")
    founding.add_argument(
        "--level", default="involve", choices=("inform", "consult", "involve", "collaborate", "empower")
    )
    outbox = _add(commands, "outbox", "reports:outbox", "what waits, was sent, failed")
    inbox = _add(commands, "inbox", "reports:inbox", "events that came in, and what became of them")
    audit = _add(commands, "audit", "reports:audit", "who saw the original words of citizens")
    audit.add_argument("--case", help="readings of one case")
    audit.add_argument("--person", type=int, help="readings by one person (her number)")
    quota = _add(commands, "quota", "reports:quota", "LINE's monthly messages: allowed, used, planned")
    for command in (cases, case, networks, network, outbox, inbox, audit, quota):
        command.add_argument("--json", action="store_true")
    traffy = _add(
        _group(commands, "import", "data in"),
        "traffy",
        "imports:traffy",
        "the public table of Traffy Fondue (CSV or JSON lines): it teaches and is counted",
    )
    traffy.add_argument("file", metavar="FILE")
    traffy.add_argument("--skip-bad", action="store_true", help="leave bad rows out and say how many")
    export = _add(commands, "export", "exports:export", "data out")
    export.add_argument("what", choices=("cases", "networks", "open-data"))
    export.add_argument("--format", choices=("csv", "json"), default="csv")


def _webhooks(commands: Parsers) -> None:
    group = _group(commands, "webhook", "signed messages to other systems about what happens to cases")
    add = _add(group, "add", "webhooks:add", "subscribe an address; prints its secret, once")
    add.add_argument("url", metavar="URL", help="a public https address")
    add.add_argument("--events", metavar="LIST", help="names with commas between; default: all")
    add.add_argument("--network", metavar="CODE", help="only cases of this network")
    add.add_argument("--agency", metavar="CODE", help="only cases that this agency leads or helps with")
    listing = _add(group, "list", "webhooks:listing", "all subscriptions")
    remove = _add(group, "remove", "webhooks:remove", "end a subscription")
    log = _add(group, "log", "webhooks:log", "what was sent to a subscription, and what became of it")
    for command in (remove, log):
        command.add_argument("id", type=int, metavar="ID")
    for command in (add, listing, log):
        command.add_argument("--json", action="store_true")


def _apikeys(commands: Parsers) -> None:
    group = _group(commands, "apikey", "keys with which other systems write through Open311")
    new = _add(group, "new", "apikeys:new", "print one API key, once")
    new.add_argument("--name", required=True, metavar="N", help="the system it is for")
    new.add_argument(
        "--tokens", action="store_true", help="answer its requests with tokens, not with numbers"
    )
    listing = _add(group, "list", "apikeys:listing", "all keys by number and name")
    listing.add_argument("--json", action="store_true")
    remove = _add(group, "remove", "apikeys:remove", "end a key, from this moment")
    remove.add_argument("id", type=int, metavar="ID")


def _routing(commands: Parsers) -> None:
    route = _add(commands, "route", "routing:route", "where a message would go, and how well the rows guess")
    route.add_argument("--text", metavar="WORDS", help="what a citizen writes")
    route.add_argument("--place", metavar="WORDS", help="where, in her words")
    route.add_argument("--category", metavar="CODE", help="instead of what the text means")
    route.add_argument("--area", metavar="CODE", help="instead of the place in the words")
    route.add_argument("--urgent", action="store_true")
    look = route.add_mutually_exclusive_group()
    look.add_argument("--stats", action="store_true", help="share right at the first try, per row")
    look.add_argument("--versions", action="store_true", help="every state of the rows that was loaded")
    look.add_argument("--effect", metavar="FOLDER", help="what loading that folder would have moved")
    route.add_argument("--days", type=int, default=90, metavar="N", help="how far --stats looks back")
    agencies = _add(commands, "agencies", "routing:agencies", "promises kept and usual times, per agency")
    for command in (route, agencies):
        command.add_argument("--json", action="store_true")


if __name__ == "__main__":
    sys.exit(main())
