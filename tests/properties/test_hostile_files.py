"""Whatever has become of a file, reading it ends well or in one sentence of ours, and a person's words stay as they are.

HOSTILE_EXAMPLES=20000 asks for more; `benchmarks/fuzz.py` lets a fuzzer look for itself.
"""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from hostile import TARGETS, survive
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("HOSTILE_EXAMPLES", "30"))
MANY = settings(
    max_examples=EXAMPLES,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
# csv, parquet, zip and model have tests of their own, with more of what is special to them
HERE = sorted(TARGETS.keys() - {"csv", "parquet", "zip", "model"})

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from([1e308, -1, 2**70, "../x"])
)
values = scalars | st.recursive(scalars, lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=4), x, max_size=3))


@st.composite
def damaged(draw: st.DrawFn, good: bytes) -> bytes:
    """Good bytes with some written over, left out or put in between, or cut short; or any bytes at all."""
    data = bytearray(good)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(data)) | st.integers(0, 64) | st.integers(max(0, len(data) - 64), len(data)))
        with_, over = draw(st.binary(max_size=8)), draw(st.integers(0, 12))
        data[at : at + over] = with_
    if draw(st.integers(0, 4)) == 0:
        data = data[: draw(st.integers(0, len(data)))]
    return draw(st.binary(max_size=200)) if draw(st.integers(0, 9)) == 0 else bytes(data)


@st.composite
def retold(draw: st.DrawFn, good: bytes) -> bytes:
    """Good JSON in which something is something else, is missing, or is there beside."""
    raw: Any = json.loads(good)
    for _ in range(draw(st.integers(1, 2))):
        at = raw
        while isinstance(at, dict | list) and at:
            key: Any = draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
            if draw(st.integers(0, 2)) == 0 or not isinstance(at[key], dict | list) or not at[key]:
                if draw(st.booleans()):
                    at[key] = draw(values)
                else:
                    del at[key]
                break
            at = at[key]
    return json.dumps(raw).encode(errors="replace")


@pytest.mark.parametrize("name", HERE)
def test_damage_is_survived(name: str) -> None:
    target = TARGETS[name]
    assert survive(target, target.good()) is None or name == "stream"

    @MANY
    @given(damaged(target.good()))
    def tried(data: bytes) -> None:
        assert "\n" not in (survive(target, data) or "")

    tried()


@pytest.mark.parametrize("name", [n for n in HERE if TARGETS[n].json])
def test_json_that_says_something_else_is_survived(name: str) -> None:
    target = TARGETS[name]

    @MANY
    @given(retold(target.good()))
    def tried(data: bytes) -> None:
        survive(target, data)

    tried()


@pytest.mark.parametrize("name", [n for n in HERE if TARGETS[n].json])
def test_json_as_deep_as_no_stack_is_survived(name: str) -> None:
    for opening in (b"[", b'{"a":'):
        survive(TARGETS[name], opening * 100_000)
