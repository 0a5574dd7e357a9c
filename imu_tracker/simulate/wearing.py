"""A worn sensor: from the body's movement to what arrives on a receiver's table.

The sensor rides on a segment, on skin that gives (a damped spring), turned as it was strapped on. It reads specific force
and turn rate, with noise, bias, scale, range and steps, on a clock of its own, and some packets get lost. Readings are worked out
on the movement's grid by central differences of the true poses, so integrating them gives the poses back, and then taken
at the sensor's own sample times by a cubic through the grid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from imu_tracker.errors import UsageError
from imu_tracker.numeric import GRAVITY_M_S2, Floats
from imu_tracker.recording import Recording, Stream, stream_from_samples
from imu_tracker.simulate.body import Build, Posture

# Where each placement's sensor sits in its segment's frame, m at a stature of 1.72 m: (segment, x, y, z).
SITES: Mapping[str, tuple[str, float, float, float]] = {
    "pelvis": ("pelvis", -0.10, 0.0, 0.06),  # over the sacrum
    "chest": ("trunk", 0.11, 0.0, 0.30),
    "thigh_left": ("thigh_left", 0.0, 0.075, -0.33),  # outer side above the knee
    "thigh_right": ("thigh_right", 0.0, -0.075, -0.33),
    "shank_left": ("shank_left", 0.02, 0.05, -0.30),
    "shank_right": ("shank_right", 0.02, -0.05, -0.30),
    "upper_arm_left": ("upper_arm_left", 0.0, 0.05, -0.18),
    "upper_arm_right": ("upper_arm_right", 0.0, -0.05, -0.18),
    "wrist_left": ("forearm_left", 0.0, 0.03, -0.22),
    "wrist_right": ("forearm_right", 0.0, -0.03, -0.22),
}


@dataclass(frozen=True)
class Mounting:
    """How a sensor was put on. turn: (3, 3) sensor to segment axes, identity when nominal. shift_m: off its usual place.

    skin_hz, skin_damping: the spring between bone and sensor, 0 Hz for none; rocking_deg_per_mm: how it tips as the skin gives.
    """

    turn: Floats = field(default_factory=lambda: np.eye(3))
    shift_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    skin_hz: float = 0.0
    skin_damping: float = 0.4
    rocking_deg_per_mm: float = 0.0


@dataclass(frozen=True)
class Sensor:
    """An IMU's faults; the zero values are a perfect one. acc in m/s², gyr in rad/s.

    noise: SD a sample. bias: constant, drawn with this SD for each axis. scale: SD of each axis' gain error. step: of the digits.
    range: readings beyond are cut. drift_ppm: its clock runs fast. jitter_s: SD of the time stamps. lost: share of the samples
    that never arrive, in packets of `packet` samples.
    """

    rate_hz: float = 100.0
    acc_noise: float = 0.0
    gyr_noise: float = 0.0
    acc_bias: float = 0.0
    gyr_bias: float = 0.0
    acc_scale: float = 0.0
    gyr_scale: float = 0.0
    acc_step: float = 0.0
    gyr_step: float = 0.0
    acc_range: float = np.inf
    gyr_range: float = np.inf
    drift_ppm: float = 0.0
    jitter_s: float = 0.0
    lost: float = 0.0
    packet: int = 1


# A current consumer IMU at 100 Hz, worn: data sheets give about 0.1 mg/sqrt(Hz) and 0.005 deg/s/sqrt(Hz), 20-40 mg and 1 deg/s
# of offset before calibration, 16 bits over 8 g and 1000 deg/s.
TYPICAL = Sensor(
    acc_noise=0.01,
    gyr_noise=np.deg2rad(0.07),
    acc_bias=0.06,
    gyr_bias=np.deg2rad(0.4),
    acc_scale=0.004,
    gyr_scale=0.004,
    acc_step=8 * GRAVITY_M_S2 / 2**15,
    gyr_step=np.deg2rad(1000) / 2**15,
    acc_range=8 * GRAVITY_M_S2,
    gyr_range=float(np.deg2rad(1000)),
    drift_ppm=20.0,
    jitter_s=0.0005,
    lost=0.01,
    packet=3,
)


@dataclass(frozen=True)
class Samples:
    """What arrived: t (N,) s by the sensor's clock, acc (N, 3) m/s², gyr (N, 3) rad/s, sensor axes."""

    t: Floats
    acc: Floats
    gyr: Floats

    def stream(self) -> Stream:
        """As a recording's stream."""
        return stream_from_samples(self.t, self.acc, self.gyr)


def draw_mounting(rng: np.random.Generator, tilt_deg: float = 8.0, yaw_deg: float = 6.0) -> Mounting:
    """A sensor put on by hand: some degrees off about each axis (SD tilt_deg, and yaw_deg about z), on soft tissue."""
    angles = np.deg2rad(rng.normal(0, 1, 3) * np.array([tilt_deg, tilt_deg, yaw_deg]))
    shift = rng.normal(0, 0.01, 3)
    return Mounting(
        turn=rotation(angles),
        shift_m=(float(shift[0]), float(shift[1]), float(shift[2])),
        skin_hz=float(rng.uniform(9, 16)),
        skin_damping=float(rng.uniform(0.35, 0.6)),
        rocking_deg_per_mm=float(rng.uniform(0.1, 0.4)),
    )


def rotation(vector: Floats) -> Floats:
    """Rotation matrices (..., 3, 3) of rotation vectors (..., 3) in rad (Rodrigues' formula)."""
    angle = np.linalg.norm(vector, axis=-1)[..., None, None]
    zero = np.zeros(vector.shape[:-1])
    x, y, z = np.moveaxis(vector, -1, 0)
    skew = np.stack([np.stack([zero, -z, y], -1), np.stack([z, zero, -x], -1), np.stack([-y, x, zero], -1)], -2)
    out: Floats = np.eye(3) + np.sinc(angle / np.pi) * skew + 0.5 * np.sinc(angle / (2 * np.pi)) ** 2 * (skew @ skew)
    return out


def rotation_vector(turn: Floats) -> Floats:
    """Rotation vectors (..., 3) in rad of small rotations (..., 3, 3), well below 180 degrees."""
    axis = (
        np.stack([turn[..., 2, 1] - turn[..., 1, 2], turn[..., 0, 2] - turn[..., 2, 0], turn[..., 1, 0] - turn[..., 0, 1]], -1)
        / 2
    )
    sine = np.linalg.norm(axis, axis=-1, keepdims=True)
    angle = np.arctan2(sine, (np.trace(turn, axis1=-2, axis2=-1)[..., None] - 1) / 2)
    out: Floats = axis * np.where(sine > 1e-9, angle / np.maximum(sine, 1e-12), 1.0)
    return out


def _second_difference(x: Floats, dt: float) -> Floats:
    inner = (x[2:] - 2 * x[1:-1] + x[:-2]) / dt**2
    return np.concatenate([inner[:1], inner, inner[-1:]])


def sensor_pose(posture: Posture, placement: str, mounting: Mounting) -> tuple[Floats, Floats]:
    """Position (N, 3) m and orientation (N, 3, 3) sensor to world, on the movement's grid.

    The skin is a damped spring driven by the bone's acceleration: the sensor lags by `give` and tips with it.
    """
    if placement not in SITES:
        raise UsageError(f"No simulated sensor can be worn on {placement!r}; placements are {', '.join(SITES)}.")
    segment, *site = SITES[placement]
    grown = posture.build.stature / Build(1.72).stature
    offset = grown * np.array(site) + np.array(mounting.shift_m)
    turn = posture.turn[segment]
    part, _, side = segment.partition("_")
    if part in ("thigh", "shank"):
        out = 1.0 if side == "left" else -1.0
        flesh = [sign * posture.channels[f"flesh_{axis}_{side}"] for axis, sign in (("roll", out), ("tilt", 1.0), ("yaw", out))]
        turn = turn @ rotation(np.stack(flesh, -1))
    position = posture.origin[segment] + turn @ offset
    if placement == "pelvis":
        on_belt = np.stack([posture.channels[f"belt_{axis}"] for axis in ("roll", "tilt", "yaw")], -1)
        if np.any(on_belt):
            turn = turn @ rotation(on_belt)
    if mounting.skin_hz > 0:
        from scipy.signal import lfilter

        dt = float(posture.t[1] - posture.t[0])
        omega, zeta = 2 * np.pi * mounting.skin_hz, mounting.skin_damping
        k = 2 / dt  # bilinear: give'' + 2 zeta omega give' + omega² give = -a
        a0, a1, a2 = k * k + 2 * zeta * omega * k + omega**2, 2 * (omega**2 - k * k), k * k - 2 * zeta * omega * k + omega**2
        give = lfilter(np.array([-1, -2, -1]) / a0, np.array([1, a1 / a0, a2 / a0]), _second_difference(position, dt), axis=0)
        position = position + give
        outward = offset / np.linalg.norm(offset)
        in_segment = np.einsum("nji,nj->ni", turn, give)
        tipping = (
            np.cross(np.broadcast_to(outward, in_segment.shape), in_segment) * 1000 * np.deg2rad(mounting.rocking_deg_per_mm)
        )
        turn = turn @ rotation(tipping)
    return position, turn @ mounting.turn


def readings(position: Floats, turn: Floats, dt: float) -> tuple[Floats, Floats]:
    """Specific force (N, 3) m/s² and turn rate (N, 3) rad/s in the sensor's axes, from its poses dt apart; without faults."""
    world = _second_difference(position, dt) + np.array([0.0, 0.0, GRAVITY_M_S2])
    acc = np.einsum("nji,nj->ni", turn, world)
    inner = rotation_vector(np.einsum("nji,njk->nik", turn[:-2], turn[2:])) / (2 * dt)
    return acc, np.concatenate([inner[:1], inner, inner[-1:]])


def wear(posture: Posture, placement: str, mounting: Mounting, sensor: Sensor, rng: np.random.Generator) -> Samples:
    """What arrives from a sensor worn through the whole movement. Raises UsageError for a placement that can't be worn."""
    from scipy.interpolate import CubicSpline

    dt = float(posture.t[1] - posture.t[0])
    acc, gyr = readings(*sensor_pose(posture, placement, mounting), dt)
    n = int((posture.t[-1] - posture.t[0]) * sensor.rate_hz)
    taken = posture.t[0] + np.arange(n) / sensor.rate_hz
    values = CubicSpline(posture.t, np.column_stack([acc, gyr]))(taken)
    for part, noise, bias, scale, step, most in (
        (slice(0, 3), sensor.acc_noise, sensor.acc_bias, sensor.acc_scale, sensor.acc_step, sensor.acc_range),
        (slice(3, 6), sensor.gyr_noise, sensor.gyr_bias, sensor.gyr_scale, sensor.gyr_step, sensor.gyr_range),
    ):
        off, gain, hiss = rng.normal(0, 1, 3), rng.normal(0, 1, 3), rng.normal(0, 1, (n, 3))
        read = values[:, part] * (1 + scale * gain) + bias * off + noise * hiss
        read = np.clip(read, -most, most)
        values[:, part] = np.round(read / step) * step if step else read
    jitter = np.clip(sensor.jitter_s * rng.normal(0, 1, n), -0.4 / sensor.rate_hz, 0.4 / sensor.rate_hz)
    t = taken * (1 + 1e-6 * sensor.drift_ppm) + jitter
    packets = rng.random(n // sensor.packet + 1) >= sensor.lost
    arrived = packets[np.arange(n) // sensor.packet]
    arrived[0] = True  # the recording starts with the movement, so that truth and file share their zero
    t = t - t[0]
    return Samples(t[arrived], values[arrived, :3], values[arrived, 3:])


def recording(worn: Mapping[str, Samples], about: Mapping[str, str] | None = None) -> Recording:
    """The samples of sensors by placement as one recording."""
    return Recording({placement: samples.stream() for placement, samples in worn.items()}, about or {})
