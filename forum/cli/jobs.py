"""`flask jobs`: what waits to be done, and what could not be."""

import click
from flask.cli import AppGroup

from forum.actions.jobs import retry_job
from forum.cli.told import answer, json_option, whole
from forum.cli.users import told
from forum.models import System
from forum.queries.jobs import dead_jobs, job_for, waiting_jobs

TOLD = ("id", "kind", "dead_at", "problem")
"""What a program reads of a job. Its payload says who is written to, and stays where it is."""

group = AppGroup(
    "jobs", help="Mail, upkeep and whatever else was promised: what waits, and what could not be done."
)


@group.command("list")
@json_option
def list_jobs(as_json: bool) -> None:
    """What could not be done, the latest first."""
    waiting, dead = waiting_jobs(System()), dead_jobs(System())
    answer(
        as_json,
        {"waiting": waiting, "dead": [{name: getattr(job, name) for name in TOLD} for job in dead]},
        f"{waiting} wait to be done.",
        *(f"{job.id:>8}  {job.kind:<16} {job.dead_at:%Y-%m-%d %H:%M} UTC  {job.problem}" for job in dead),
    )


@group.command("retry")
@click.argument("job_id", type=whole)
def retry(job_id: int) -> None:
    """Try the dead job JOB_ID from the beginning."""
    told(lambda actor: retry_job(actor, job_for(actor, job_id)))
    click.echo(f"Job {job_id} is tried again.")
