"""boundaries between members, and how open somebody is"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "boundaries",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("persona_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_boundaries_user_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["persona_id"],
            ["personas.id"],
            name=op.f("fk_boundaries_persona_id_personas"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "persona_id", name=op.f("pk_boundaries")),
    )
    op.create_index(op.f("ix_boundaries_persona_id"), "boundaries", ["persona_id"], unique=False)
    with op.batch_alter_table("personas", schema=None) as batch_op:
        batch_op.add_column(sa.Column("openness", sa.String(length=8), server_default="open", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("personas", schema=None) as batch_op:
        batch_op.drop_column("openness")
    op.drop_table("boundaries")
