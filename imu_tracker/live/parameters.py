"""How often live looks, how far back, and what it takes to show something."""

from __future__ import annotations

from dataclasses import dataclass

from imu_tracker.reps.parameters import SET_PAUSE_S


@dataclass(frozen=True)
class LiveParameters:
    """Times in seconds of the recording, so that the blocks samples come in don't matter."""

    look_s: float = 0.25
    """While a set goes on, the next rep is looked for so often: half of it is what a rep is announced late by."""
    search_s: float = 1.0
    """While none does, a set is looked for so often, if anything moves ..."""
    found_s: float = 0.5
    """... and so often once something has been seen;"""
    short_s: float = 12.0
    """in the last so many seconds, where quick reps show ..."""
    long_s: float = 30.0
    """... and every second time in so many: three reps with a hold take that long."""
    still_rad_s: float = 0.1
    """A sensor that turns less than this (RMS over the last second) isn't doing reps: people who stand sway at 0.03."""
    likely: float = 0.2
    """A set is shown from this probability on that it is exercise; bows and getting into position have less."""
    fewest: int = 2
    """Reps that show what the next ones will look like."""
    review_s: float = 60.0
    """A set that rests, or has changed, is looked at as a whole as far back as this."""
    settled_s: float = 0.2
    """Reps that end later than this before now may still go on."""
    same_s: float = 0.3
    """A rep is the same as one seen before where its ends moved by less than this ..."""
    looks: int = 2
    """... and firm when it has been the same in so many looks."""
    soonest: float = 0.7
    """No rep takes a smaller share of the usual time: until then there is no look."""
    late_reps: float = 1.5
    """After so many usual reps without one, the set rests, or has changed: it is looked at as a whole ..."""
    late_s: float = 1.5
    """... and so many seconds."""
    pause_s: float = SET_PAUSE_S
    """A set is over after a longer pause (the interface's rule) ..."""
    pause_reps: float = 3.0
    """... or so many of its usual reps, where those are longer."""
    hold_s: float = 1.0
    """A hold is looked for so often ..."""
    longest_hold_s: float = 300.0
    """... and is no longer than this: a plank of five minutes is sport for records."""
    rhythm_s: float = 0.5
    """The rhythm of steps is read so often."""
    around_s: float = 75.0
    """The analysis of a set sees so much of what came before: sets within a minute are judged together."""
    before_s: float = 1.0
    """What is told in the middle of a set is true from so long before it."""
    kept_s: float = 600.0
    """Older motion than this, and than the set that goes on, is forgotten."""
