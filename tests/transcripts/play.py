"""Plays a chat written down in a text file and writes what really happened.

A file holds what people do; the indented lines are what the bot said, and are compared word by word. Rewrite them
after a wanted change with ``python -m tests.transcripts.play``, then read the difference as a citizen would.

    * คน: เจ้าหน้าที่ WORKS          a person who has agreed already, with a role
    คน: words                        she writes
    คน กด: label                     she taps the newest button that starts so
    คน ส่ง: รูป | สติกเกอร์ | เสียง | วิดีโอ | หมุด 17.48,101.72 ชื่อ
    คน ปุ่ม: do=…                    a tap with data of its own (an edited or stale button)
    ชาวบ้าน 1-60: words              sixty people do the same one after another; alike answers are shown once
    คน ใช้รหัสของ: ใคร               she writes the invite code that somebody was shown last
    จังหวะ: 3 วินาที                 how long each thing takes from here on
    * อีเมล: เปิด                    agencies that are not on LINE get mails
    ที่อยู่ กดลิงก์: label | words + รูป      the button behind a link of the newest mail
    ที่อยู่ ตอบเมล: words + รูป         an answer to the newest mail
    * Traffy: HIGHWAY                that agency works in Traffy Fondue
    Traffy บอก: สถานะ | words        what a reading of its newest ticket finds
    Traffy ตอบ: ล่ม | ปกติ            how a call of Traffy ends
    นาฬิกา: +2 วัน | +3 ชั่วโมง | +20 นาที
"""

from __future__ import annotations

import re
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from handlers.incoming import Kind
from handlers.ports import Sent
from handlers.rules.invites import read_code
from store import Store
from store.models import Base
from store.words import RoleName
from tests.town import Seen, Town

FOLDER = Path(__file__).parent
ROLES = {
    "เจ้าหน้าที่": RoleName.OFFICIAL,
    "หัวหน้า": RoleName.HEAD,
    "ผู้ประสานงาน": RoleName.COORDINATOR,
    "ตัวแทน": RoleName.REPRESENTATIVE,
}
KINDS = {
    "รูป": Kind.PHOTO,
    "สติกเกอร์": Kind.STICKER,
    "เสียง": Kind.VOICE,
    "วิดีโอ": Kind.VIDEO,
    "หมุด": Kind.PLACE,
}
_CROWD = re.compile(r"([^:\d]+?) ([0-9]+)-([0-9]+)((?: \S+)?: .*)", re.DOTALL)
_CODE = re.compile(r"[A-Z0-9]{4}-[A-Z0-9]{4}")
UNITS = {"วัน": "days", "ชั่วโมง": "hours", "นาที": "minutes"}


def play(script: str, town: Town) -> str:
    """The script with the bot's lines as they really are."""
    written: list[str] = []
    for line in script.splitlines():
        if line.startswith("    "):
            continue
        written.append(line)
        if line.strip() and not line.startswith("#"):
            written += [f"    {said}".rstrip() for said in _told(town, _step(town, line))]
    return "\n".join(written).rstrip() + "\n"


def _step(town: Town, line: str) -> list[Seen]:
    if line.startswith("* "):
        crowd = _CROWD.match(line[2:])
        numbers = range(int(crowd[2]), int(crowd[3]) + 1) if crowd else ()
        for one in [f"{crowd[1]}{n}{crowd[4]}" for n in numbers] if crowd else [line[2:]]:
            _settle(town, one)
        return []
    crowd = _CROWD.match(line)
    if crowd:
        names = [f"{crowd[1]}{n}" for n in range(int(crowd[2]), int(crowd[3]) + 1)]
        return [seen for name in names for seen in _step(town, f"{name}{crowd[4]}")]
    who, _, said = line.partition(": ")
    said = said.replace("⏎", "\n").strip()
    if who == "จังหวะ":
        town.pace = timedelta(seconds=int(said.split()[0]))
        return []
    if who == "นาฬิกา":
        amount, unit = re.fullmatch(r"\+(\d+) (\S+)", said).groups()  # type: ignore[union-attr]
        return town.wait(**{UNITS[unit]: int(amount)})
    name, _, act = who.partition(" ")
    if name == "Traffy":
        return _traffy(town, act, said)
    if act in ("กดลิงก์", "ตอบเมล"):
        return _mail(town, name, act, said)
    if act == "กด":
        return town.taps(name, said)
    if act == "ปุ่ม":
        return town.taps_data(name, said)
    if act == "ใช้รหัสของ":
        return town.says(name, town.last_code(said))
    if act == "ส่ง":
        return _send(town, name, said)
    return town.says(name, said)


def _settle(town: Town, line: str) -> None:
    name, _, words = line.partition(": ")
    if name == "อีเมล":
        town.turn_on_mail()
        return
    if name == "Traffy":
        town.turn_on_traffy(words)
        return
    role, _, place = words.partition(" ")
    kind = ROLES.get(role)
    where = {"network": place} if kind == RoleName.REPRESENTATIVE else {"agency": place}
    town.settle(name, kind, **(where if kind else {}))


def _mail(town: Town, address: str, act: str, said: str) -> list[Seen]:
    words, _, picture = said.partition(" + ")
    if act == "ตอบเมล":
        return town.answers_mail(address, words, photos=bool(picture))
    label, _, text = words.partition(" | ")
    town.follows_link(address, label, text, photos=bool(picture))
    return town._new()


def _traffy(town: Town, act: str, said: str) -> list[Seen]:
    if act == "ตอบ":
        return town.traffy_answers(Sent.OK if said == "ปกติ" else Sent.UNSURE)
    state, _, text = said.partition(" | ")
    return town.traffy_says(state, text)


def _send(town: Town, name: str, said: str) -> list[Seen]:
    word, _, rest = said.partition(" ")
    kind = KINDS[word]
    if kind != Kind.PLACE:
        return town.sends(name, kind)
    point, _, place = rest.partition(" ")
    lat, lon = (float(number) for number in point.split(","))
    return town.sends(name, kind, lat=lat, lon=lon, place=place)


def _told(town: Town, sends: list[Seen]) -> list[str]:
    """Every send; those to a crowd that differ only in numbers and times are shown once, with how many they are."""
    alike: dict[tuple[str, str], list[Seen]] = {}
    for seen in sends:
        name = town.name_of(seen.to)
        member = re.fullmatch(r"\D+\d+", name)
        key = re.sub(r"\d", "", name + seen.how + seen.text) if member else str(id(seen))
        alike.setdefault((seen.how, key), []).append(seen)
    return [line for group in alike.values() for line in _shown(town, group[0], group)]


def _shown(town: Town, seen: Seen, group: list[Seen]) -> list[str]:
    """A send as a small block: to whom and how, then its lines."""
    held = [_CODE.sub("ABCD-EFGH", line) if read_code(line) else line for line in seen.lines]
    people = len({one.to for one in group})
    many = (
        f" … {town.name_of(group[-1].to)}: {people} คน คนละ {len(group) // people} ครั้ง" if people > 1 else ""
    )
    return [f"→ {town.name_of(seen.to)}{many} ({seen.how})", *[f"| {line}" for line in held]]


def scripts() -> list[Path]:
    return sorted(FOLDER.glob("*.txt"))


def fresh_town(url: str) -> Town:
    store = Store(url)
    Base.metadata.create_all(store.engine)
    return Town(store)


def main() -> None:
    """Rewrite every transcript from what happens now."""
    for path in scripts() if len(sys.argv) < 2 else [Path(name) for name in sys.argv[1:]]:
        with tempfile.TemporaryDirectory() as folder:
            path.write_text(play(path.read_text("utf-8"), fresh_town(f"sqlite:///{folder}/town.db")), "utf-8")
            print(path.name)


if __name__ == "__main__":
    main()
