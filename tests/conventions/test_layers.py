"""What import-linter cannot see: models named by strings, and rooms outside the contract."""

from __future__ import annotations

import tomllib
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "kundenstamm"


def _layers() -> list[set[str]]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = contracts["contracts"][0]["layers"]
    return [
        {part.strip().removeprefix("kundenstamm.") for part in layer.split("|")} for layer in layers
    ]


def _depth(module: str) -> int | None:
    parts = module.split(".")
    if parts[0] != "kundenstamm":
        return None
    return next(depth for depth, names in enumerate(_layers()) if parts[1] in names)


def test_relations_between_models_only_go_down():
    upward = [
        f"{model.__name__}.{field.name} → {field.related_model.__name__}"
        for model in apps.get_models()
        if (here := _depth(model.__module__)) is not None
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model
        if (there := _depth(field.related_model.__module__)) is not None and there < here
    ]
    assert upward == []


def test_every_room_has_its_layer():
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms - {"locale"} == set().union(*_layers())
