"""What every case would read anew is read once: the dictionary of fields and the pack are frozen, and no case's business."""

from functools import cache

import pytest

from jybf import policy
from jybf.commands import own_pack
from jybf.roster import reading
from jybf.vocabulary import fields


@cache
def _pack(region, settings):
    return policy.load_pack(region, dict(settings))


_fields = cache(fields.load_fields)


@pytest.fixture(autouse=True)
def loaded_once(monkeypatch):
    monkeypatch.setattr(own_pack, "load_pack", lambda region, settings, _: _pack(region, tuple(sorted(settings.items()))))
    monkeypatch.setattr(reading, "load_fields", _fields)
