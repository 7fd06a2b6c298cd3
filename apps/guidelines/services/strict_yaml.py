"""YAML as a site writes it: plain mappings, lists, texts and numbers, each meaning one thing."""

import re
from collections.abc import Hashable
from typing import Any

import yaml

from apps.kernel.errors import DomainError
from apps.kernel.plain_text import Kind, check_text
from apps.kernel.text import N_, Param

MAX_DEPTH = 32
_STRING = "tag:yaml.org,2002:str"
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,8})\.[0-9]{1,9}")
_TRUTH = re.compile("true|false")
_NOTHING = re.compile("null|~|")


class _Loader(yaml.SafeLoader):
    """YAML 1.2's numbers and truths only: in 1.1 `1_000` is 1000, `010` is 8, `1:30` is 90 and `no` is false."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        names: set[Any] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag != _STRING:
                raise _invalid(_NAMES, key)
            if key.value in names:
                raise _invalid(_TWICE, key, name=key.value[:80])
            names.add(key.value)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return mapping


for _tag, _pattern, _first in (
    ("int", _WHOLE, "-0123456789"),
    ("float", _DECIMAL, "-0123456789"),
    ("bool", _TRUTH, "tf"),
    ("null", _NOTHING, ["~", "n", ""]),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern.pattern})\\Z"), _first
    )

_NOT_YAML = N_("This is not YAML: look at line %(line)s.")
_TWICE = N_("“%(name)s” is there twice: look at line %(line)s.")
_NAMES = N_("A name must be a text: look at line %(line)s.")
_ALIAS = N_("Write it out instead of referring to another place (* or &): look at line %(line)s.")
_DEEP = N_("This is nested too deep: look at line %(line)s.")
_PLAIN = N_("Only texts, numbers, true, false, lists and mappings can be kept: look at line %(line)s.")
_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map")}


def read_yaml(content: str) -> Any:
    """What a YAML document says. Raises DomainError `site_document_invalid` with the line."""
    try:
        loader = _Loader(content)
        try:
            _look_over(content)
            node = loader.get_single_node()
            _refuse_tags(node)
            return loader.construct_document(node) if node is not None else None
        finally:
            loader.dispose()
    except (yaml.YAMLError, ValueError) as error:
        raise _invalid(_NOT_YAML, getattr(error, "problem_mark", None)) from error


def _look_over(content: str) -> None:
    depth = 0
    for event in yaml.parse(content, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _invalid(_ALIAS, event)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _invalid(_DEEP, event)
        if isinstance(event, yaml.ScalarEvent):
            _refuse_hidden(event)


def _refuse_hidden(event: yaml.ScalarEvent) -> None:
    try:
        check_text(event.value, kind=Kind.NOTE)
    except DomainError as error:
        raise DomainError(error.code, error.message, extra={"field": "content"}, **error.params) from error


def _refuse_tags(node: Any) -> None:
    if node is None:
        return
    if node.tag not in _TAGS:
        raise _invalid(_PLAIN, node)
    if isinstance(node, yaml.ScalarNode):
        return
    children = (
        [part for pair in node.value for part in pair] if isinstance(node, yaml.MappingNode) else node.value
    )
    for child in children:
        _refuse_tags(child)


def _invalid(message: str, place: Any, **params: Param) -> DomainError:
    mark = getattr(place, "start_mark", place)
    line = mark.line + 1 if mark is not None else 1
    return DomainError("site_document_invalid", message, extra={"field": "content"}, line=line, **params)
