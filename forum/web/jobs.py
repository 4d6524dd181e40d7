"""The admins' page of what was promised and could not be done."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug import Response

from forum.actions import jobs as deeds
from forum.identity import current_actor
from forum.policy.jobs import can_retry_job, can_see_jobs
from forum.queries import jobs as asked
from forum.web.marks import asks

bp = Blueprint("jobs", __name__)


@bp.get("/jobs")
@asks(can_see_jobs)
def index() -> str:
    actor = current_actor()
    return render_template("jobs/index.html", dead=asked.dead_jobs(actor), waiting=asked.waiting_jobs(actor))


@bp.post("/jobs/<int:job_id>/again")
@asks(can_retry_job)
def retry(job_id: int) -> Response:
    actor = current_actor()
    deeds.retry_job(actor, asked.job_for(actor, job_id))
    flash("It is tried again now. If it keeps failing, you will find it here again in about an hour.")
    return redirect(url_for("jobs.index"), 303)
