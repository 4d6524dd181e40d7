"""Who looks after the house: its places, who is in a group, who holds a role, the helplines and the hours.

One answer to all of it, admins and the command line. What one may not do to oneself, or to the last who could put it
right again, the deeds see to while they hold the rows that it depends on.
"""

from forum.models import Actor
from forum.policy.core import Verdict, house_verdict


def can_see_house(actor: Actor) -> Verdict:
    """The pages for looking after the house are there for admins only."""
    return house_verdict(actor)


# Sections and boards


def can_make_section(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_change_section(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_shift_section(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_archive_section(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_bring_section_back(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_make_board(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_change_board(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_shift_board(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_archive_board(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_bring_board_back(actor: Actor) -> Verdict:
    return house_verdict(actor)


# Groups


def can_make_group(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_rename_group(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_end_group(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_add_to_group(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_take_from_group(actor: Actor) -> Verdict:
    return house_verdict(actor)


# Rooms


def can_make_room(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_change_room(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_shift_room(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_archive_room(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_bring_room_back(actor: Actor) -> Verdict:
    return house_verdict(actor)


# Roles


def can_appoint(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_dismiss(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_give_role(actor: Actor) -> Verdict:
    """Only admins, who have nothing left to give themselves."""
    return house_verdict(actor)


# Helplines and hours


def can_hide_line(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_show_line(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_verify_line(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_add_line(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_remove_line(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_set_staffed_hours(actor: Actor) -> Verdict:
    return house_verdict(actor)


def can_write_house_file(actor: Actor) -> Verdict:
    """What recurs is the system's to do."""
    return house_verdict(actor)
