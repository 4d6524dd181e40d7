"""`flask jobs`: what waits to be done, and what could not be."""

import click
from flask.cli import AppGroup

from forum.actions.jobs import retry_job
from forum.cli.users import told
from forum.models import System
from forum.queries.jobs import dead_jobs, job_for, waiting_jobs

group = AppGroup(
    "jobs", help="Mail, upkeep and whatever else was promised: what waits, and what could not be done."
)


@group.command("list")
def list_jobs() -> None:
    """What could not be done, the latest first."""
    click.echo(f"{waiting_jobs(System())} wait to be done.")
    for job in dead_jobs(System()):
        click.echo(f"{job.id:>8}  {job.kind:<16} {job.dead_at:%Y-%m-%d %H:%M} UTC  {job.problem}")


@group.command("retry")
@click.argument("job_id", type=int)
def retry(job_id: int) -> None:
    """Try the dead job JOB_ID from the beginning."""
    told(lambda actor: retry_job(actor, job_for(actor, job_id)))
    click.echo(f"Job {job_id} is tried again.")
