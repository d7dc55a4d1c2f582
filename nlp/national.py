"""Names of all provinces, districts and subdistricts of Thailand, from geothai, loaded when first asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from nlp.finder import Finder
from nlp.types import Area
from nlp.wording import table

LEVELS = ("province", "district", "subdistrict")


@cache
def _areas(level: str) -> tuple[Area, ...]:
    import geothai

    provinces = tuple(Area(p.code, p.name_th, p.name_en, "province") for p in geothai.provinces())
    if level == "province":
        return provinces
    districts = tuple(
        Area(d.code, d.name_th, d.name_en, "district", p.code)
        for p in provinces
        for d in geothai.districts(p.code)
    )
    if level == "district":
        return districts
    return tuple(
        Area(s.code, s.name_th, s.name_en, "subdistrict", d.code)
        for d in districts
        for s in geothai.subdistricts(d.code)
    )


def by_name(areas: Iterable[Area]) -> dict[str, tuple[Area, ...]]:
    """Areas by each of their names in lower case: Thai, English and aliases."""
    found: dict[str, tuple[Area, ...]] = {}
    for area in areas:
        for name in {area.name_th, area.name_en.lower(), *(alias.lower() for alias in area.aliases)} - {""}:
            found[name] = (*found.get(name, ()), area)
    return found


@cache
def names(level: str) -> dict[str, tuple[Area, ...]]:
    """All areas of one level by name; everyday names of provinces and "the town district" among them."""
    found = by_name(_areas(level))
    data = table("place")
    if level == "province":
        codes = {area.code: area for area in _areas(level)}
        found.update({alias: (codes[code],) for alias, code in data["provinces"]["aliases"].items()})
    if level == "district":
        prefixes = tuple(data["admin"]["district"])
        for area in _areas(level):  # the capital's districts carry their word of level in the name
            bare = next((area.name_th.removeprefix(p) for p in prefixes if area.name_th.startswith(p)), "")
            if bare and bare not in found:
                found[bare] = (area,)
        found[data["capital"]["word"]] = tuple(
            a for a in _areas(level) if a.code[2:] == "01" and a.code[:2] != "10"
        )
    return found


@cache
def everyday_names() -> frozenset[str]:
    """Names of areas that are everyday words, so that only a word of level makes them names."""
    data = table("place")
    return frozenset((*data["provinces"]["everyday"], data["capital"]["word"]))


@cache
def famous() -> dict[str, tuple[Area, ...]]:
    """Districts that people name by themselves, wherever in a sentence."""
    codes = {area.code: area for area in _areas("district")}
    known = table("place")["districts"]["famous"]
    return {name: (codes[code],) for name, code in known.items() if code in codes}


@cache
def by_code(code: str) -> Area | None:
    """The area of that DOPA code of 2, 4 or 6 digits; None when there is none."""
    level = {2: "province", 4: "district", 6: "subdistrict"}.get(len(code), "")
    return next((area for area in _areas(level) if area.code == code), None) if level else None


@cache
def spoken() -> Finder[tuple[Area, ...]]:
    """Finds provinces and districts named without a word of level, save names that are everyday words."""
    everyday = everyday_names()
    known = {**names("district"), **names("province"), **famous()}
    return Finder((name, areas) for name, areas in known.items() if name not in everyday and len(name) > 2)


def named(name: str) -> tuple[Area, ...]:
    """Every area of the country with exactly this name, provinces first; () when there is none."""
    key = name.strip().lower()
    found = [area for level in LEVELS for area in names(level).get(key, ())]
    return tuple(dict.fromkeys(found))
