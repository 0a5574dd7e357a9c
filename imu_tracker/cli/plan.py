"""`imu-tracker plan`: what was prescribed, shown or taken from a file; the app follows it."""

from __future__ import annotations

from pathlib import Path

import click

from imu_tracker.cli.store import store_option


@click.command("plan")
@click.argument("file", required=False)
@store_option
def command(file: str | None, store: str | None) -> None:
    """Show what was prescribed, or take a plan from a file.

    With FILE, such as one that a physiotherapist sent, it becomes the plan, once every word in it is right.
    """
    from imu_tracker.app import texts
    from imu_tracker.session.folders import store_folder
    from imu_tracker.session.plan import NAME, plan_in, read_plan, write_plan

    root = store_folder(store)
    if file is not None:
        write_plan(root, plan_in(Path(file)))
        click.echo(f"Kept in {root / NAME}.", err=True)
    plan = read_plan(root)
    if not plan.rows:
        click.echo(
            "Nothing is prescribed yet: `imu-tracker app` has a page for it, `imu-tracker plan FILE` takes a plan in.", err=True
        )
    for row in plan.rows:
        click.echo(f"{row.exercise.title}{texts.on_side(row)}: {texts.asked(row)}")
