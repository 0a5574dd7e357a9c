"""`imu-tracker export`: a kept session for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from imu_tracker.cli.store import store_option
from imu_tracker.errors import UsageError

FORMATS = ("csv", "json", "parquet", "sto", "fit")
ONE_FILE = ("json", "sto", "fit")


@click.command("export")
@click.argument("session")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Else as the ending of OUT says.")
@click.option("--out", required=True, metavar="FILE|FOLDER|-", help="A file, or for tables also a folder; - for JSON on stdout.")
@store_option
def command(session: str, form: str | None, out: str, store: str | None) -> None:
    """Write a kept session as tables or JSON, or for OpenSim or Garmin.

    JSON is the session as 'imu-tracker analyze --json' has it, corrected, with what was said of it. As tables: a FILE gets one
    row a rep; a FOLDER gets sets, reps, series and each sensor's samples. sto: the sensors' orientations, for OpenSim. fit: the
    sets as a strength activity, for Garmin Connect and what else reads FIT. SESSION is its name, the beginning of it, or 'last'.
    """
    from imu_tracker.cli.store import opened_store
    from imu_tracker.session import tables
    from imu_tracker.session.store import Store

    target = Path(out)
    ending = target.suffix.lower().removeprefix(".")
    form = form or (ending if ending in FORMATS else None)
    if form is None and out == "-":
        form = "json"
    if form is None:
        raise UsageError(f"{out}: say which format with --format {', '.join(FORMATS[:-1])} or {FORMATS[-1]}.")
    if out == "-" and form != "json":
        raise UsageError("Only JSON goes to stdout; name a file or a folder with --out.")
    kept = Store(opened_store(store))
    opened = kept.open(kept.find(session))
    if out == "-":
        click.echo(tables.as_json(opened).encode(), nl=False)
        return
    if form in ONE_FILE and target.is_dir():
        target = target / f"{opened.name}.{form}"
    written: tuple[Path, ...] = (target,)
    if form == "json":
        tables.write_json(opened, target)
    elif form == "sto":
        tables.write_orientations(opened, target)
    elif form == "fit":
        from imu_tracker.session.fit import write_fit

        write_fit(opened, target)
    elif ending == form and not target.is_dir():
        tables.write_rows(tables.rep_rows(opened), target)
    else:
        written = tables.write_folder(kept, opened, target, "csv" if form == "csv" else "parquet")
    for path in written:
        click.echo(f"Written: {path}", err=True)
