"""what its author took back is found without looking at every post"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

WITH_WORDS = sa.text("deleted_at IS NOT NULL AND source != ''")


def upgrade() -> None:
    op.create_index(
        "ix_posts_taken_back",
        "posts",
        ["deleted_at"],
        postgresql_where=WITH_WORDS,
        sqlite_where=WITH_WORDS,
    )
