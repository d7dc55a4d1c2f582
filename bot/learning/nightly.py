"""The training of the night, in a process of its own: what it needs of memory and time is nobody else's.

It runs at a low priority. When the clock may not go on, it is ended; a model comes into use by its very last write, so
that a training that dies anywhere leaves everything as it was.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable, Sequence

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "bot.cli", "train", "--nightly")
ASK_S = 2.0
"""How often is asked whether the training may go on."""
END_S = 10.0
"""How long a training that was told to end is waited for."""


def train_apart(go_on: Callable[[], bool], command: Sequence[str] = COMMAND) -> int:
    """Train; gives 1 when a training came to its end (whether it promoted or not), else 0."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        said = _waited(process, go_on)
    finally:
        _end(process)
    if process.returncode:
        log.warning(
            "the nightly training broke off (exit %s); the next night tries again", process.returncode
        )
        return 0
    log.info("nightly training: %s", said.strip())
    return 1


def _waited(process: subprocess.Popen[str], go_on: Callable[[], bool]) -> str:
    while go_on():
        try:
            return process.communicate(timeout=ASK_S)[0]
        except subprocess.TimeoutExpired:
            continue
    return ""


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.communicate(timeout=END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
