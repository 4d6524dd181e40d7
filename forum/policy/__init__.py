"""Who may do what: one question a function, one module a noun."""

from forum.policy.accounts import *  # noqa: F403
from forum.policy.agreements import *  # noqa: F403
from forum.policy.aliases import *  # noqa: F403
from forum.policy.boards import *  # noqa: F403
from forum.policy.boundaries import *  # noqa: F403
from forum.policy.cases import *  # noqa: F403
from forum.policy.core import *  # noqa: F403
from forum.policy.factors import *  # noqa: F403
from forum.policy.house import *  # noqa: F403
from forum.policy.jobs import *  # noqa: F403
from forum.policy.joining import *  # noqa: F403
from forum.policy.leaving import *  # noqa: F403
from forum.policy.profile import *  # noqa: F403
from forum.policy.rooms import *  # noqa: F403
from forum.policy.site import *  # noqa: F403
from forum.policy.strategies import *  # noqa: F403
from forum.policy.tokens import *  # noqa: F403
from forum.policy.watching import *  # noqa: F403
from forum.policy.writing import *  # noqa: F403
