"""`imu-tracker convert`: a recording of any known format and unit as a table in SI units."""

from __future__ import annotations

import click

from imu_tracker.cli import options
from imu_tracker.errors import UsageError


@click.command("convert")
@click.argument("recording", metavar="FILE")
@click.option("--out", required=True, metavar="FILE", callback=options.table_path, help="The table to write, .csv or .parquet.")
@options.unit_options
def command(recording: str, out: str, acc_unit: str | None, gyr_unit: str | None, time_unit: str | None) -> None:
    """Turn a recording of any known format and unit into a table.

    The table has the columns t, ax, ay, az and, where there is a gyroscope, gx, gy, gz, in s, m/s2 and rad/s.
    """
    options.check_outputs([recording], [out])
    from imu_tracker.files.reading import read_recording
    from imu_tracker.files.writing import write_table

    read = read_recording([recording], units=options.units(acc_unit, gyr_unit, time_unit))
    if len(read.streams) > 1:
        raise UsageError(f"{recording} holds several sensors ({', '.join(read.streams)}); convert them one by one.")
    (stream,) = read.streams.values()
    write_table(stream, out, read.about)
    for note in read.notes:
        click.echo(f"Note: {note}", err=True)
    click.echo(f"{len(stream)} samples written to {out}.", err=True)
