"""writing without one's name where a board allows it"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "boards", sa.Column("allows_aliases", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("drafts", sa.Column("as_alias", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("drafts", "as_alias")
    op.drop_column("boards", "allows_aliases")
