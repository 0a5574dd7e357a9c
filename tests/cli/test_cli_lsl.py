"""Samples and events over LSL: received by another process, on the loopback only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from imu_tracker.cli import main
from imu_tracker.cli.demo import bundled_folder
from imu_tracker.cli.outlets import as_line
from imu_tracker.live import DropSeen, LiveRep, RepSeen, SetOver

SQUATS = bundled_folder() / "single_leg_squat.csv"

LOOPBACK = """
[ports]
IPv6 = disable
[multicast]
ResolveScope = machine
ListenAddress = 127.0.0.1
[lab]
KnownPeers = {127.0.0.1}
"""

SENDER = """
import sys
import numpy as np
from imu_tracker.cli.outlets import Outlets
from imu_tracker.ingest.placed import Samples
from imu_tracker.live import LiveRep, RepSeen

def block(k):
    t = (np.arange(10) + 10 * k) / 100
    return Samples("pelvis", t, np.column_stack([t, -t, 9.8 + 0 * t]), np.column_stack([t, t, t]), False)

outlets = Outlets()
outlets.push(block(0))
for one in (outlets._sensors["pelvis"], outlets._events):
    one.wait_for_consumers(15.0)
for k in range(1, 11):
    outlets.push(block(k))
outlets.tell([RepSeen(1.0, 1, LiveRep(0.25, 0.75, True))])
sys.stdin.readline()
"""

RECEIVER = """
import json
import pylsl

inlets = []
for name in ("imu-tracker pelvis", "imu-tracker events"):
    found = pylsl.resolve_byprop("name", name, 1, 10.0)
    if not found:
        print("null")
        raise SystemExit
    inlets.append(pylsl.StreamInlet(found[0]))
for one in inlets:
    one.open_stream(10.0)
samples, events = inlets
rows, times = samples.pull_chunk(timeout=10.0, max_samples=100)
event, when = events.pull_sample(timeout=10.0)
channel = samples.info().desc().child("channels").child("channel")
print(json.dumps({"rows": rows, "times": times, "event": event, "when": when, "first": channel.child_value("label")}))
"""


def test_another_process_receives_samples_and_events(tmp_path: Path) -> None:
    pytest.importorskip("pylsl", reason="the extra lsl isn't installed")
    (tmp_path / "lsl.cfg").write_text(LOOPBACK)
    environment = {**os.environ, "LSLAPICFG": str(tmp_path / "lsl.cfg")}
    command = [sys.executable, "-c"]
    with subprocess.Popen([*command, SENDER], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as sender:
        try:
            done = subprocess.run([*command, RECEIVER], capture_output=True, text=True, env=environment, timeout=60, check=True)
        finally:
            sender.communicate(b"\n", timeout=60)
    heard = json.loads(done.stdout)
    if heard is None:
        pytest.skip("LSL finds no streams over this machine's loopback")
    rows, times = np.array(heard["rows"]), np.array(heard["times"])
    assert len(rows) == 100  # all that was sent once somebody listened
    np.testing.assert_allclose(rows[:, 0], np.arange(10, 110) / 100)
    np.testing.assert_allclose(rows[:, 1], -rows[:, 0])
    np.testing.assert_allclose(np.diff(times), 0.01, atol=1e-6)
    event = json.loads(heard["event"][0])
    assert event == {"event": "rep", "number": 1, "start_s": 0.25, "end_s": 0.75, "firm": True, "t_s": 1.0}
    assert heard["when"] - times[0] == pytest.approx(1.0 - rows[0, 0], abs=1e-6)
    assert heard["first"] == "ax"


def test_replay_sends_while_it_plays(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pylsl", reason="the extra lsl isn't installed")
    assert main(["replay", str(SQUATS), "--exercise", "single_leg_squat", "--side", "right", "--speed", "max", "--lsl"]) == 0
    assert "8 reps" in capsys.readouterr().out


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "pylsl", None)
    assert main(["replay", str(SQUATS), "--lsl"]) == 1
    heard = capsys.readouterr().err
    assert heard.startswith("Error: --lsl: ")
    assert heard.endswith('pip install "imu-tracker[lsl]".\n')


def test_every_event_is_a_line() -> None:
    assert json.loads(as_line(RepSeen(3.00001, 2, LiveRep(1.0, 2.5, False)))) == {
        "event": "rep",
        "number": 2,
        "start_s": 1.0,
        "end_s": 2.5,
        "firm": False,
        "t_s": 3.0,
    }
    drop = json.loads(as_line(DropSeen(5.0, 4.5, 7.25, "left")))
    assert drop == {"event": "drop", "since_s": 4.5, "drop_deg": 7.25, "side": "left", "t_s": 5.0}
    assert json.loads(as_line(SetOver(9.0, None))) == {"event": "set_over", "t_s": 9.0}
