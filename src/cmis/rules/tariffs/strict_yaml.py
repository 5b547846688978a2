"""Reading YAML without forgiveness: no duplicate keys, no floats, no key that nobody asked for."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml

from cmis.rules.tariffs.errors import UnableToLoadLaw

#: The loader in C where PyYAML was built with it; five times as fast.
_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_SafeLoader):  # type: ignore[misc, valid-type]
    """SafeLoader that refuses duplicate keys and floating point numbers."""


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[object, object]:
    result: dict[object, object] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in result:
            line = key_node.start_mark.line + 1
            raise UnableToLoadLaw(place=f"line {line}", problem=f"the key {key!r} stands twice")
        result[key] = loader.construct_object(value_node, deep=True)
    return result


def _float(_loader: _StrictLoader, node: yaml.ScalarNode) -> object:
    raise UnableToLoadLaw(
        place=f"line {node.start_mark.line + 1}",
        problem=f"{node.value} is a floating point number; write it in quotes",
    )


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping)
_StrictLoader.add_constructor("tag:yaml.org,2002:float", _float)
#: Dates stay text, so that quoted and unquoted ones read alike.
_StrictLoader.add_constructor("tag:yaml.org,2002:timestamp", lambda _loader, node: str(node.value))


def parse(text: str, place: str) -> "Node":
    """The mapping at the top of a YAML text.

    Raises:
        UnableToLoadLaw: not YAML, duplicate keys, a float, or not a mapping.
    """
    try:
        value = yaml.load(text, _StrictLoader)  # noqa: S506 - a SafeLoader made stricter
    except UnableToLoadLaw as refusal:
        raise UnableToLoadLaw(
            place=f"{place} {refusal.values['place']}", problem=refusal.values["problem"]
        ) from None
    except yaml.YAMLError as error:
        raise UnableToLoadLaw(place=place, problem=" ".join(str(error).split())) from None
    return Node(value, place)


class Node:
    """One mapping of the file; every key is taken once, and :meth:`done` refuses the rest."""

    def __init__(self, value: object, place: str) -> None:
        if not isinstance(value, dict):
            raise UnableToLoadLaw(place=place, problem="a mapping is expected here")
        self._rest: dict[Any, Any] = dict(value)
        self.place = place

    def refuse(self, key: object, problem: str) -> UnableToLoadLaw:
        return UnableToLoadLaw(place=f"{self.place} › {key}", problem=problem)

    def __contains__(self, key: str) -> bool:
        return key in self._rest

    def is_null(self, key: str) -> bool:
        """The key is there and holds nothing."""
        return key in self._rest and self._rest[key] is None

    def raw(self, key: str) -> object:
        """The value of a key that must be there."""
        if key not in self._rest:
            raise self.refuse(key, "the key is missing")
        return self._rest.pop(key)

    def optional(self, key: str) -> object:
        return self._rest.pop(key, None)

    def text(self, key: str) -> str:
        """Text that is not empty."""
        value = self.raw(key)
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(key, "text is expected")
        return value.strip()

    def optional_text(self, key: str) -> str:
        return self.text(key) if key in self._rest else ""

    def integer(self, key: str, *, least: int = 0, most: int = 10**9) -> int:
        value = self.raw(key)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.refuse(key, f"a whole number from {least} to {most} is expected")
        return value

    def boolean(self, key: str) -> bool:
        value = self.raw(key)
        if not isinstance(value, bool):
            raise self.refuse(key, "true or false is expected")
        return value

    def decimal(self, key: str) -> Decimal:
        """An exact decimal, written in quotes."""
        value = self.raw(key)
        try:
            number = Decimal(value) if isinstance(value, str) else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite():
            raise self.refuse(key, "a decimal in quotes is expected")
        return number

    def day(self, key: str) -> date:
        value = self.raw(key)
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise self.refuse(key, "a day such as 2025-05-10 is expected") from None

    def optional_day(self, key: str, missing: date) -> date:
        """A day, or ``missing`` for null; the key itself must be there."""
        if self.is_null(key):
            del self._rest[key]
            return missing
        return self.day(key)

    def child(self, key: str) -> "Node":
        return Node(self.raw(key), f"{self.place} › {key}")

    def children(self, key: str) -> Iterator["Node"]:
        """The mappings of a list that is not empty."""
        for position, value in enumerate(self.items(key), start=1):
            yield Node(value, f"{self.place} › {key} {position}")

    def items(self, key: str) -> list[object]:
        value = self.raw(key)
        if not isinstance(value, list) or not value:
            raise self.refuse(key, "a list that is not empty is expected")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.items(key)
        if not all(isinstance(value, str) for value in values):
            raise self.refuse(key, "a list of texts is expected")
        return tuple(str(value) for value in values)

    def unread(self) -> tuple[str, ...]:
        """Keys that nobody has taken yet."""
        return tuple(str(key) for key in self._rest)

    def rest(self) -> Mapping[str, object]:
        """All that is left, taken as it stands (prose that no rule computes with)."""
        rest, self._rest = self._rest, {}
        return rest

    def done(self) -> None:
        """Refuse keys that no part of the schema knows."""
        if self._rest:
            raise self.refuse(", ".join(map(str, self._rest)), "the schema does not know this key")
