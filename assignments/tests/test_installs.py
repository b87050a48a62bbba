"""The kit's environment holds what its list pins, and the list serves every Python that the kit is for."""

from __future__ import annotations

from importlib.metadata import metadata, version

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

import build


def test_what_is_installed_is_what_is_pinned_and_serves_every_python():
    lines = (build.HERE / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line.split(" #")[0]) for line in lines if line[:1] not in ("", "#")]
    here = {pin.name: pin for pin in pins if pin.marker is None or pin.marker.evaluate()}
    assert {name: f"=={version(name)}" for name in here} == {name: str(pin.specifier) for name, pin in here.items()}
    for name in here:
        served = SpecifierSet(metadata(name).get("Requires-Python", ""))
        assert served.contains("3.11.0") and served.contains("3.14.0"), f"{name} is for Python {served}"
