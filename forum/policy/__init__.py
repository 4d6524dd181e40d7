"""Who may do what: one question a function, one module a noun."""

from forum.policy.accounts import *  # noqa: F403
from forum.policy.boards import *  # noqa: F403
from forum.policy.boundaries import *  # noqa: F403
from forum.policy.cases import *  # noqa: F403
from forum.policy.core import *  # noqa: F403
from forum.policy.factors import *  # noqa: F403
from forum.policy.house import *  # noqa: F403
from forum.policy.jobs import *  # noqa: F403
from forum.policy.rooms import *  # noqa: F403
from forum.policy.strategies import *  # noqa: F403
from forum.policy.tokens import *  # noqa: F403
from forum.policy.watching import *  # noqa: F403
