"""A topic whose time has come."""

from forum.actions.planned import publish_planned, set_planned_aside
from forum.config import Settings
from forum.errors import ForumError, Retry
from forum.jobs import Dropped
from forum.models import Job, System
from forum.queries.planned import planned_with_id


def publish(_settings: Settings, job: Job) -> None:
    """Keep the promise of a topic, or say on its page why it could not be kept."""
    planned, version = planned_with_id(job.payload["planned"]), job.payload["version"]
    if planned is None:
        return
    try:
        publish_planned(System(), planned, version=version)
    except Retry:
        raise
    except ForumError as refused:
        set_planned_aside(System(), planned, version=version, problem=refused.code)
        raise Dropped(refused.code) from refused
