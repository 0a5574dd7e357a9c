"""A fuzzer that looks for bytes which break a reader; tests/properties/test_hostile_files.py draws them by chance.

    pip install atheris && python benchmarks/fuzz.py TARGET [--seconds 60]

TARGET is a kind of file (csv, parquet, zip, manifest, model, session, corrections, said, parcel, index, guide, journal ...). It
begins with a good file of that kind. What breaks is written to crash-... in the present folder; then the exit status isn't 0.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import warnings
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1] / "tests"


def main() -> None:
    """Fuzz one kind for so long; never returns."""
    import atheris

    sys.path.insert(0, str(TESTS))
    with atheris.instrument_imports(include=["imu_tracker", "json", "zipfile"]):
        from hostile import TARGETS, survive

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args()
    target = TARGETS[asked.target]
    warnings.simplefilter("ignore")  # such as zipfile's on names that come twice
    with tempfile.TemporaryDirectory() as corpus:
        (Path(corpus) / "good").write_bytes(target.good())
        atheris.Setup(
            [sys.argv[0], corpus, f"-max_total_time={asked.seconds}", "-rss_limit_mb=4096", "-timeout=20", "-max_len=65536"],
            lambda data: survive(target, data),
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()
