"""What would have to change, as text: what every way needs, then the ways, then the options."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sanctiongraph.changes import Change, Changes
from sanctiongraph.exposure import exposure_lines
from sanctiongraph.vocabulary import local_name, shorten


def to_text(answer: Changes) -> str:
    """One case; a condition that several ways need is described the first time only."""
    return "\n".join(_lines(answer))


def _lines(answer: Changes) -> Iterator[str]:
    of = ", ".join(local_name(iri) for iri in answer.transactions)
    yield (
        f"{answer.target.name}, {local_name(answer.party)}{f' ({of})' if of else ''}: "
        f"{answer.outcome.value} as of {answer.as_of}, wanted: {answer.target.outcome.value}"
    )
    if not answer.sets:
        reason = "its parts exclude each other" if answer.in_force else "the rule is not in force"
        yield f"nothing can bring it about: {reason}"
    elif answer.sets == ((),):
        yield "nothing has to change"
    else:
        yield from _way_lines(answer)
    if answer.options:
        yield "options of the graph that bring about some of it:"
    for option in answer.options:
        yield f"  {option.scenario.name}: {option.scenario.label}"
        yield f"    brings about: {_names(option.brings)}"
        if option.undoes:
            yield f"    undoes: {_names(option.undoes)}"
        for line in exposure_lines(option.exposures):
            yield f"    sets off: {line}"


def _way_lines(answer: Changes) -> Iterator[str]:
    first, *others = answer.sets
    always = [change for change in first if all(change in other for other in others)]
    described: set[str] = set()
    if always:
        yield "all of this has to change:"
        yield from _change_lines(always, described)
    if not others:
        return
    yield f"and one of these {len(answer.sets)}:" if always else f"one of these {len(answer.sets)}:"
    for number, changes in enumerate(answer.sets, start=1):
        yield f"{number}."
        yield from _change_lines([one for one in changes if one not in always], described)
        if completing := answer.completed_by(changes):
            yield f"  all of it by: {', '.join(completing)}"


def _change_lines(changes: Sequence[Change], described: set[str]) -> Iterator[str]:
    for change in changes:
        condition = change.condition
        if condition.iri in described:
            yield f"  - {condition.name} (see above)"
            continue
        described.add(condition.iri)
        yield f"  - {condition.name}: {condition.label}"
        yield f"    is {change.now.value}, has to be {change.wanted.value}"
        if condition.changed_by:
            yield f"    can change it: {_names(condition.changed_by)}"
        if condition.reserved_to:
            yield f"    for {_names(condition.reserved_to)} alone to judge"
        if not condition.changed_by and not condition.reserved_to:
            yield "    nobody is named who can change it"
        if condition.provision:
            checked = ", checked against no text" if condition.unverified else ""
            yield f"    {shorten(condition.provision)}{checked}"
        if change.options:
            yield f"    options: {', '.join(change.options)}"


def _names(iris: Sequence[str]) -> str:
    return ", ".join(local_name(iri) for iri in iris)
