"""Looking after the house: the admins' pages, one module a noun, all on one blueprint."""

from forum.web.house import boards, groups, hours, index, lines, people, replies, rooms
from forum.web.house.doing import bp

__all__ = ["boards", "bp", "groups", "hours", "index", "lines", "people", "replies", "rooms"]
