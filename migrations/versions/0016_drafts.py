"""drafts, earlier wordings, planned topics, and what a board asks of its topics"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("boards", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rules", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("template", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("holds_new_members", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("closes_after_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("settings_version", sa.Integer(), server_default="1", nullable=False))
    with op.batch_alter_table("topics", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("split_from_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("was_split", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("merged_after", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_topics_split_from_id"), ["split_from_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_topics_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_topics_split_from_id_topics"), "topics", ["split_from_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_topics_merged_into_id_topics"), "topics", ["merged_into_id"], ["id"]
        )
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=24), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("gist", sa.Text(), nullable=False),
        sa.Column("intent", sa.String(length=12), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("base", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_drafts_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("user_id", "place", name=op.f("uq_drafts_user_id_place")),
    )
    op.create_index(op.f("ix_drafts_updated_at"), "drafts", ["updated_at"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.JSON(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_revisions_post_id_posts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_revisions_user_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("post_id", "number", name=op.f("uq_revisions_post_id_number")),
    )
    op.create_index(op.f("ix_revisions_user_id"), "revisions", ["user_id"], unique=False)
    op.create_table(
        "planned",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("board_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("gist", sa.String(length=200), nullable=False),
        sa.Column("intent", sa.String(length=12), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_planned_board_id_boards")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_planned_author_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_planned_topic_id_topics")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned")),
    )
    for column in ("board_id", "author_id", "topic_id"):
        op.create_index(op.f(f"ix_planned_{column}"), "planned", [column], unique=False)


def downgrade() -> None:
    for table in ("planned", "revisions", "drafts"):
        op.drop_table(table)
    with op.batch_alter_table("topics", schema=None) as batch_op:
        for name in ("merged_into_id", "split_from_id"):
            batch_op.drop_constraint(batch_op.f(f"fk_topics_{name}_topics"), type_="foreignkey")
            batch_op.drop_index(batch_op.f(f"ix_topics_{name}"))
        for name in ("merged_after", "merged_into_id", "was_split", "split_from_id", "reopened_at"):
            batch_op.drop_column(name)
    with op.batch_alter_table("boards", schema=None) as batch_op:
        for name in ("settings_version", "closes_after_days", "holds_new_members", "template", "rules"):
            batch_op.drop_column(name)
