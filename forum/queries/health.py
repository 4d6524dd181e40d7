"""Whether what we stand on answers."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from forum.db import db


def database_answers() -> bool:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True
