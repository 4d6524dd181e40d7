"""The marks of routes; see forum/marks.py."""

from forum.marks import asks, public

__all__ = ["asks", "public"]
