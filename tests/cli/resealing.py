"""Writes a file of a site again, with something changed and every seal right."""

from forum import archive


def resealed(path, head=lambda head: head, rows=lambda table, row: row) -> None:
    """Change the head or the rows, and seal the result as if it had been written so."""
    old = path.with_suffix(".old")
    path.rename(old)
    whole = archive.opened(old)
    changed = (
        archive.Table(table.name, table.kinds, (rows(table.name, row) for row in table.rows))
        for table in whole.tables()
    )
    archive.write(path, head(whole.head), changed, lambda rows: None)
    old.unlink()
