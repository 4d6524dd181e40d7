"""watching, bookmarks, feeds and kind words"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reaches",
        _member(),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("gives_kind_words", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("kind_words_a_day", sa.Integer(), nullable=False),
        _members("reaches"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_reaches")),
    )
    op.create_table(
        "watches",
        sa.Column("id", sa.Integer(), nullable=False),
        _member(),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("board_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(length=8), nullable=False),
        _members("watches"),
        _place("watches", "topic_id", "topics"),
        _place("watches", "board_id", "boards"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watches")),
        sa.UniqueConstraint("user_id", "board_id", name=op.f("uq_watches_user_id_board_id")),
        sa.UniqueConstraint("user_id", "topic_id", name=op.f("uq_watches_user_id_topic_id")),
    )
    op.create_index(op.f("ix_watches_topic_id"), "watches", ["topic_id"])
    op.create_index(op.f("ix_watches_board_id"), "watches", ["board_id"])
    op.create_table(
        "bookmarks",
        sa.Column("id", sa.Integer(), nullable=False),
        _member(),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _members("bookmarks"),
        _place("bookmarks", "topic_id", "topics"),
        _place("bookmarks", "post_id", "posts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookmarks")),
        sa.UniqueConstraint("user_id", "post_id", name=op.f("uq_bookmarks_user_id_post_id")),
    )
    op.create_index(op.f("ix_bookmarks_topic_id"), "bookmarks", ["topic_id"])
    op.create_index(op.f("ix_bookmarks_post_id"), "bookmarks", ["post_id"])
    op.create_index(
        "ix_bookmarks_user_id_topic_id_whole",
        "bookmarks",
        ["user_id", "topic_id"],
        unique=True,
        postgresql_where=sa.text("post_id IS NULL"),
        sqlite_where=sa.text("post_id IS NULL"),
    )
    op.create_table(
        "feeds",
        _member(),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _members("feeds"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("digest", name=op.f("uq_feeds_digest")),
    )
    op.create_table(
        "thoughts",
        _member(),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        _members("thoughts"),
        _place("thoughts", "topic_id", "topics"),
        sa.PrimaryKeyConstraint("user_id", "topic_id", name=op.f("pk_thoughts")),
    )
    op.create_index(op.f("ix_thoughts_topic_id"), "thoughts", ["topic_id"])
    op.add_column("posts", sa.Column("landed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("posts") as posts:
        posts.drop_column("landed_at")
    for table in ("thoughts", "feeds", "bookmarks", "watches", "reaches"):
        op.drop_table(table)


def _member() -> sa.Column:
    return sa.Column("user_id", sa.Integer(), nullable=False)


def _members(table: str) -> sa.ForeignKeyConstraint:
    return _place(table, "user_id", "users")


def _place(table: str, column: str, place: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{place}")
    return sa.ForeignKeyConstraint([column], [f"{place}.id"], name=name, ondelete="CASCADE")
