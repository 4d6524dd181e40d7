"""ways in, profiles, time zones, and versions of the agreement"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

FIRST = (
    "Speak from your own life: Say what was true for you. Advice is welcome when somebody asks for it.\n"
    "Distance is given the first time: When someone asks for space, or stops answering, leave it there. "
    "Nobody owes a reason or a reply.\n"
    "Be kind, also when you disagree: Answer the person as well as the point. No insults, no mocking, no "
    "contempt for what someone is or where they come from.\n"
    "No methods and no amounts: You can write that you want to die or hurt yourself, and people will "
    "answer. Leave out how, with what and how much, because someone having a hard night may read it.\n"
    "No diagnosing: We don’t tell each other what they have, what they should take, or what is wrong with"
    " someone who isn’t here.\n"
    "Nothing that could find someone: No full names, addresses, numbers, workplaces or pictures of "
    "people, your own included.\n"
    "No selling and no recruiting: No offers, no fundraising, no inviting people to a group, a study, a "
    "belief or a treatment elsewhere.\n"
    "What is written here stays here: Don’t copy, quote or screenshot other people’s words outside. The "
    "limits to our own silence are on the page about what we keep.\n"
    "Safety comes first, and we are all adults: This is a place for people of 18 and over. If someone may"
    " be in danger, tell a moderator: “I’m worried about them” is in the menu of every post.\n"
)
"""What everybody had agreed to when versions came to be kept here."""


def upgrade() -> None:
    _agreements()
    _joining()
    _profiles()
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entry", sa.String(length=8), server_default="in", nullable=False))
        batch_op.add_column(sa.Column("timezone", sa.String(length=64), nullable=True))
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("agreement_version", sa.Integer(), server_default="1", nullable=False))
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("profile_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_cases_profile_id"), ["profile_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_cases_profile_id_profiles"),
            "profiles",
            ["profile_id"],
            ["id"],
            ondelete="SET NULL",
        )


def _agreements() -> None:
    agreements = op.create_table(
        "agreements",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("changed", sa.String(length=300), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["users.id"],
            name=op.f("fk_agreements_published_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_agreements")),
    )
    op.create_index(op.f("ix_agreements_published_by_id"), "agreements", ["published_by_id"], unique=False)
    first = {"version": 1, "lines": FIRST, "changed": "", "published_at": datetime.now(UTC)}
    op.bulk_insert(agreements, [first])


def _joining() -> None:
    site_settings = op.create_table(
        "site_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sign_up", sa.String(length=12), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_settings")),
    )
    question = "What would you like us to know before you come in?"
    op.bulk_insert(site_settings, [{"id": 1, "sign_up": "open", "question": question}])
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=80), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["users.id"], name=op.f("fk_invitations_made_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitations_digest")),
    )
    op.create_index(op.f("ix_invitations_made_by_id"), "invitations", ["made_by_id"], unique=False)
    op.create_table(
        "invitation_groups",
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_invitation_groups_group_id_groups"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_invitation_groups_invitation_id_invitations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("invitation_id", "group_id", name=op.f("pk_invitation_groups")),
    )
    op.create_index(op.f("ix_invitation_groups_group_id"), "invitation_groups", ["group_id"], unique=False)
    op.create_table(
        "arrivals",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_arrivals_invitation_id_invitations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_arrivals_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_arrivals")),
    )
    op.create_index(op.f("ix_arrivals_invitation_id"), "arrivals", ["invitation_id"], unique=False)
    op.create_table(
        "applications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("verdict", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("letter", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["users.id"],
            name=op.f("fk_applications_decided_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_applications_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("user_id", name=op.f("uq_applications_user_id")),
    )
    op.create_index(op.f("ix_applications_decided_at"), "applications", ["decided_at"], unique=False)
    op.create_index(op.f("ix_applications_decided_by_id"), "applications", ["decided_by_id"], unique=False)


def _profiles() -> None:
    op.create_table(
        "profiles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pronouns", sa.String(length=40), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("persona_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_profiles_author_id_users"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["persona_id"], ["personas.id"], name=op.f("fk_profiles_persona_id_personas")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profiles")),
        sa.UniqueConstraint("persona_id", name=op.f("uq_profiles_persona_id")),
    )
    op.create_index(op.f("ix_profiles_author_id"), "profiles", ["author_id"], unique=False)
    op.create_index(op.f("ix_profiles_persona_id"), "profiles", ["persona_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_cases_profile_id_profiles"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_cases_profile_id"))
        batch_op.drop_column("profile_id")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_column("agreement_version")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_column("timezone")
        batch_op.drop_column("entry")
    for table in (
        "profiles", "applications", "arrivals", "invitation_groups", "invitations", "site_settings", "agreements",
    ):  # fmt: skip
        op.drop_table(table)
