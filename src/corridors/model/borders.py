"""Which state of the borders a network or an answer is of, in words for headings, and what is doubtful of a date."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from corridors.base.cache import Slot, unchanged
from corridors.base.dates import calendar_month, first_day, last_day
from corridors.base.errors import AfterDataWarning, CorridorsWarning, UndatedLinksWarning
from corridors.base.languages import ENGLISH, Words, words
from corridors.data.tables import Tables
from corridors.model.targets import Scope, Target, scope
from corridors.model.view import View, closed_now, dated_closures, usable

SEASONS = {"winter": (12, 1, 2), "spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11)}
"""Calendar months of the seasons of the northern hemisphere, as meteorologists count them."""

_MOST = 8
_STATES = Slot[str]("state of the borders by view", most=64, carried=unchanged)


def border_state(tables: Tables, view: View, lang: str = ENGLISH) -> str:
    r"""State of the borders in words, for headings.

    Parameters
    ----------
    tables, view
        The network in view.
    lang
        Code of the language.

    >>> import corridors as co
    >>> border_state(co.load().tables, View())
    'normal operation; open here, shut in November 2026: AF-PK'
    >>> border_state(co.load().tables, View(date="2024-06"))
    'June 2024: KG-TJ (road), bordobo (road), karamyk (road), wagah closed'
    >>> border_state(co.load().tables, View(), "ru")
    'обычная работа; здесь открыто, хотя закрыто (ноябрь 2026\xa0г.): AF-PK'
    """
    return tables.cache.get(_STATES, (view, lang), lambda: _border_state(tables, view, words(lang)))


def _border_state(tables: Tables, view: View, say: Words) -> str:
    dated = set(dated_closures(tables, view.date)) & set(closed_now(tables, view))
    parts = [_by_date(tables, view, view.date, dated, say) if view.date else _normal(tables, view, say)]
    by_hand = [("state.closed_by_hand", view.closed - dated), ("state.opened_by_hand", view.opened)]
    parts += [say(key, targets=_listed(tables, targets, say)) for key, targets in by_hand if targets]
    if view.season:
        parts.append(_season(view.season, say))
    elif season := _season_left_out(tables, view):
        parts.append(say("state.season_left_out", season=_season(season, say)))
    if view.horizon:
        parts.append(say("state.horizon", date=say.date(view.horizon)))
    if after_data(tables, view.date):
        parts.append(say("state.known_to", date=say.date(tables.as_of)))
    return "; ".join(parts)


def _season(season: str, say: Words) -> str:
    """Name of a season; those that tables add themselves stay as they are."""
    return say(f"state.{season}") if season in SEASONS else season


def _by_date(tables: Tables, view: View, date: str, dated: set[Target], say: Words) -> str:
    """What is closed and what is reduced at the date of a view."""
    targets = _listed(tables, dated, say) or say("state.nothing")
    found = say("state.closed", date=say.date(date), targets=targets)
    ships = sorted(usable(tables, view).headway.items())
    rarer = [f"{_named(tables, port, say)} ({1 / factor:.0%})" for port, factor in ships]
    return say("state.fewer_ships", found=found, ports=", ".join(rarer)) if rarer else found


def _normal(tables: Tables, view: View, say: Words) -> str:
    """Normal operation, and what it has open that is shut at the end of the data."""
    open_here = [
        part
        for target in dated_closures(tables, tables.as_of or None)
        for part in _open_parts(tables, view, target, say)
    ]
    if not open_here:
        return say("state.normal")
    return say("state.open_here", date=say.date(tables.as_of), targets=_listed(tables, open_here, say))


def _open_parts(tables: Tables, view: View, target: Target, say: Words) -> list[str]:
    """What of a target is in use, in words: all of it, all but a few parts, or single parts; nothing where none is."""
    now, plain = (_in_use(tables, one, target) for one in (view, replace(view, closed=frozenset(), opened=frozenset())))
    if now >= plain or not now:
        return [str(target)] if now else []
    here, shut = ({tables.ident(table, row) for table, row, _ in part} for part in (now, plain - now))
    if len(shut) < len(here - shut):
        return [say("state.but_for", target=_named(tables, target, say), parts=_listed(tables, sorted(shut), say))]
    return sorted(here - shut) or [str(target)]


def _in_use(tables: Tables, view: View, target: Target) -> Scope:
    """Rows of a target that are in use."""
    now = usable(tables, view)
    return frozenset(
        (table, row, mode)
        for table, row, mode in scope(tables, target)
        if (now.crossings[mode][row] if mode else getattr(now, table)[row])
    )


def _listed(tables: Tables, targets: Collection[Target | str], say: Words) -> str:
    names = sorted(_named(tables, target, say) for target in targets)
    shown = ", ".join(names[:_MOST])
    return say("state.more", targets=shown, number=len(names) - _MOST) if len(names) > _MOST else shown


def _named(tables: Tables, target: Target | str, say: Words) -> str:
    """Target as it is listed: by its id in English, which closes and opens it, else by its name where it has one."""
    if say.lang == ENGLISH:
        return str(target)
    ident, modes = (target.ident, target.modes) if isinstance(target, Target) else (target, ())
    tables_of = (name for name in ("crossings", "places", "terminals", "services") if ident in tables.rows(name))
    name = next((say.name(str(tables.find(table, ident)["name"])) for table in tables_of), ident)
    return name + (f" ({', '.join(say(f'mode.{mode}') for mode in modes)})" if modes else "")


def _season_left_out(tables: Tables, view: View) -> str:
    """Season of the month of a view that has parameters of its own, which a date alone does not put in force."""
    month = calendar_month(view.date) if view.date else None
    named = set(tables.parameters["season"])
    return next((season for season, months in SEASONS.items() if month in months and season in named), "")


def after_data(tables: Tables, date: str | None) -> bool:
    """Whether a date lies after the end of what is known of closures and openings.

    >>> import corridors as co
    >>> after_data(co.load().tables, "2026-11"), after_data(co.load().tables, "2027-03")
    (False, True)
    """
    return bool(date and tables.as_of) and last_day(str(date)) > last_day(tables.as_of)


def undated(tables: Tables, view: View) -> bool:
    """Whether a view looks back before the data, so that openings of unknown date matter."""
    return view.date is not None and last_day(view.date) < first_day(tables.as_of or "9999")


def doubts(tables: Tables, view: View, links: list[str]) -> list[tuple[type[CorridorsWarning], str]]:
    """Warnings about a date: class and text.

    Parameters
    ----------
    tables, view
        The network in view.
    links
        Ids of the links in use whose opening date is unknown.
    """
    found: list[tuple[type[CorridorsWarning], str]] = []
    if links:
        text = f"{len(links)} links of unknown opening date are kept in {view.date}; net.undated lists them."
        found.append((UndatedLinksWarning, text))
    if after_data(tables, view.date):
        text = (
            f"{view.date} lies after {tables.as_of}, to which closures and openings are known (net.known_until): "
            "the network has what held then."
        )
        found.append((AfterDataWarning, text))
    return found
