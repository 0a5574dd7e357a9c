"""`imu-tracker convert`: a recording of any known format and unit as a table in SI units, or as orientations for OpenSim."""

from __future__ import annotations

import click

from imu_tracker.cli import options
from imu_tracker.errors import UsageError

ENDINGS = (".csv", ".parquet", ".json", ".sto")


def _out(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if not value.lower().endswith(ENDINGS):
        raise click.BadParameter(f"{value} ends in none of {', '.join(ENDINGS)}.")
    return value


@click.command("convert")
@click.argument("recording", nargs=-1, required=True, metavar="[PLACEMENT=]FILE...")
@click.option("--out", required=True, metavar="FILE", callback=_out, help="What to write: .csv, .parquet, .json or .sto.")
@options.reading_options
def command(
    recording: tuple[str, ...],
    out: str,
    columns: str | None,
    acc_unit: str | None,
    gyr_unit: str | None,
    time_unit: str | None,
) -> None:
    """Turn a recording of any known format and unit into a table, or orientations for OpenSim.

    The table has the columns t, ax, ay, az and, where there is a gyroscope, gx, gy, gz, in s, m/s2 and rad/s. As .sto, which is
    for OpenSim, it has every sensor's orientation in place of that, at 100 Hz; headings aren't aligned with each other.
    """
    options.check_outputs(recording, [out])
    read = options.declared(columns, acc_unit, gyr_unit, time_unit).read(recording)
    for note in read.notes:
        click.echo(f"Note: {note}", err=True)
    if out.lower().endswith(".sto"):
        from imu_tracker.files.sto import write_sto
        from imu_tracker.motion import GRID_HZ, orientations

        t, quaternions = orientations(read)
        write_sto(out, t, quaternions, GRID_HZ)
        click.echo(f"{len(t)} orientations of {len(quaternions)} sensors written to {out}.", err=True)
        return
    from imu_tracker.files.writing import write_table
    from imu_tracker.recording import UNKNOWN_PLACEMENT

    if len(read.streams) > 1:
        several = ", ".join(read.streams)
        raise UsageError(f"A table is for one sensor, and these are several ({several}); convert them one by one.")
    ((placement, stream),) = read.streams.items()
    given = {} if placement == UNKNOWN_PLACEMENT else {"placement": placement}
    write_table(stream, out, {**read.about, **given})
    click.echo(f"{len(stream)} samples written to {out}.", err=True)
