"""what admins look after: places put away, marks on helplines, staffed hours"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for place in ("sections", "boards", "rooms"):
        op.add_column(place, sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "line_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=320), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.Column("line", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["verified_by_id"],
            ["users.id"],
            name=op.f("fk_line_notes_verified_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_notes")),
        sa.UniqueConstraint("key", name=op.f("uq_line_notes_key")),
    )
    op.create_index(op.f("ix_line_notes_verified_by_id"), "line_notes", ["verified_by_id"], unique=False)
    op.create_table(
        "staffed_days",
        sa.Column("weekday", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", sa.Time(), nullable=True),
        sa.Column("until", sa.Time(), nullable=True),
        sa.PrimaryKeyConstraint("weekday", name=op.f("pk_staffed_days")),
    )


def downgrade() -> None:
    op.drop_table("staffed_days")
    op.drop_table("line_notes")
    for place in ("rooms", "boards", "sections"):
        op.drop_column(place, "archived_at")
