"""What the rep counter can be told; each number with its meaning and where it comes from.

"Chosen on recordings" means: read off the recordings of several data sets together (barbell, watch, physiotherapy), where the
score was flat around the value, so that none is fitted to one set.
"""

from __future__ import annotations

from dataclasses import dataclass

SET_PAUSE_S = 8.0  # a longer pause ends a set: the interface's rule


@dataclass(frozen=True)
class CountParameters:
    """Parameters of set and rep finding; times in seconds unless they say otherwise."""

    # signals
    noise: tuple[float, float, float] = (0.04, 0.25, 0.5)
    """What gravity direction (unit vector), turn rate (rad/s) and linear acceleration (m/s²) show without meaning anything."""
    compression: float = 0.5
    """Power by which a signal's size above its noise counts: strong handling of weights must not drown the reps."""
    idle: float = 0.05
    """Mean square of the compressed signals below which nothing moves: a resting sensor's noise."""
    set_pause_s: float = SET_PAUSE_S
    """A longer pause or gap ends a set (the interface's rule)."""
    # where motion repeats itself
    shortest_s: float = 0.4
    """Shortest repetition looked for: skipping rope takes 0.4 s."""
    longest_s: float = 9.0
    """Longest: therapists ask for 5 s holds, with 2 s up and 2 s down."""
    lag_ratio: float = 1.12
    """Step between the periods tried; a repetition may vary far more than this."""
    alike: float = 0.25
    """Likeness of a stretch with the next one (0-1) from which motion counts as repeating. Chosen on recordings."""
    rival: float = 0.2
    """A period is no candidate where another one is more alike by this much. Chosen on recordings."""
    rivals: int = 2
    """Periods tried for one run."""
    # where the angle and the way turn
    slow: float = 0.25
    """What changes in more than four periods is drift, not movement: this over the period is the high-pass in Hz."""
    fast: float = 2.5
    """Low-pass over the period: out and back, and the difference between them."""
    least_turn: float = 0.3
    """Turning points turn by at least this many standard deviations. Flat from 0.15 to 0.6."""
    quiet: float = 0.15
    """Share of the usual speed below which the motion rests ..."""
    quiet_share: float = 0.15
    """... if for this share of a period: such edges may bound a repetition, too."""
    # repetitions of one movement
    place_share: float = 0.3
    """Share of angle and way in what is compared with the template; the rest is gravity direction, turn rate and acceleration."""
    need: float = 0.45
    """Squared correlation with the movement's template above which a repetition is worth taking. Chosen on recordings."""
    pace_cost: float = 0.2
    """What a repetition loses for its pace: this times the squared logarithm of its duration over the period."""
    slowest: float = 1.8
    """Longest repetition against the usual one."""
    fastest: float = 0.5
    """Shortest repetition against the usual one."""
    fit_share: float = 0.75
    """A repetition that fits worse than this share of the usual fit belongs to another movement. Chosen on recordings."""
    reach: float = 8.0
    """How many periods beyond the clearest stretch a set is looked for: its pace may change, and with it the run."""
    rest: float = 0.8
    """... and where it ends at the latest: nothing moves for so many periods."""
    still: float = 0.05
    """Share of the set's mean power below which nothing moves. Chosen on recordings."""
    vote: float = 0.8
    """Ways of cutting worth this share of the best one have a say in the count."""
    # alternating work
    side_alike: float = 0.65
    """Likeness (0-1) of height or horizontal size after half a repetition from which its halves may be one repetition each ..."""
    sides_alike: float = 0.83
    """... if it is at least this share of their likeness after a whole one. Chosen on recordings and on simulated walks."""
    undone: float = 0.5
    """Correlation after half a repetition, negative, from which horizontal acceleration is undone ..."""
    side_steps: float = 0.65
    """... and where so much of it is, the halves are a side step's two: there it is all, in lunges and walks half at most."""
    fewest_pairs: int = 4
    """Fewer pairs are too few to tell alternating work from a repetition whose halves happen to be alike."""
    beside: float = 0.75
    """Both times this beside alternating work of the same pace."""
    # ends of a set
    half: float = 0.3
    """Likeness from which half repetitions at both ends are seen for what they are."""
    half_alone: float = 0.65
    """The same where only one end shows one, or where beyond both there is another half, no less like than `need`."""
    growing: bool = False
    """More is to come: then the first end alone tells whether the cuts lie at the turns."""
    outside: float = 0.12
    """Distance of an end's posture from all those between, over how far the repetitions go, at which it lies outside the set ...
    Correct simulated sets keep below 0.04. Chosen there and on recordings, like the next."""
    astray: float = 0.2
    """... and share of the same by which its half misses the posture in which repetitions begin."""
    turning: float = 0.3
    """Only where repetitions turn the sensor by so much (about rad): in others gravity is what the sensor happens to do ..."""
    unhurried_s: float = 1.5
    """... and take so long: nobody gets into position faster."""
    # which sets count
    pause: float = 1.2
    """A pause of more usual repetitions than this parts a chain; what a short pause parts is joined later."""
    rounds: int = 8
    """How many movements a bout is searched for, one after the other ..."""
    round_s: float = 10.0
    """... and one more for every so many seconds."""
    faint: float = 0.03
    """Search ends where what still repeats is this small against the clearest."""
    likely: float = 0.1
    """A set counts when it is exercise with at least this probability. Real sets in parts are lost above it ..."""
    likely_named: float = 0.05
    """... and where the caller has named the exercise, only less than this is left out."""
    share: float = 0.2
    """A set counts when its merit is at least this share of the best one's near it, by its probability. Chosen on recordings."""
    near_s: float = 60.0
    """Sets with a shorter pause between them are near."""
    fewest: int = 3
    """Two alike movements are no exercise, unless nothing longer is near."""
