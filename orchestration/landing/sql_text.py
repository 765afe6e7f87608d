"""Quote names and texts for SQL: all that goes into a statement passes through here."""


def literal(text: str) -> str:
    """Return a text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def json_path(path: str) -> str:
    """Return the JSON path of a dotted path of a contract, such as `author.name`."""
    return "$" + "".join(f'."{step}"' for step in path.split("."))
