"""Give a PostgreSQL address limits: a server that hangs must not hang the run.

What the address says itself is left as it is.
"""

import re
from urllib.parse import parse_qsl, quote, urlencode

CONNECT_SECONDS = 15
SILENCE_MILLISECONDS = 60_000
LOCK_SECONDS = 60
STATEMENT_MINUTES = 30

SCHEMES = ("postgresql://", "postgres://")  # whatever begins otherwise is libpq's other form
WORD = re.compile(r"\s*(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|(?!')(?:[^\s\\]|\\.)*)", re.DOTALL)


def patient(address: str) -> str:
    """Return the address with limits to how long connecting, waiting and a statement may take."""
    return _patient_url(address) if address.startswith(SCHEMES) else _patient_words(address)


def _patient_url(address: str) -> str:
    # Not by a parser of addresses: a password may hold signs that such a parser takes for its own.
    base, _, query = address.partition("?")
    given = dict(parse_qsl(query.replace("+", "%2B"), keep_blank_values=True))
    return f"{base}?{urlencode(_limited(given), quote_via=quote)}"


def _patient_words(address: str) -> str:
    """Do it for the form `host=... dbname=...`, in which a value may stand in quotes."""
    if WORD.sub("", address).strip():
        return address  # libpq refuses it, and says why
    given = {name: _plain(value) for name, value in WORD.findall(address)}
    return " ".join(f"{name}={_quoted(value)}" for name, value in _limited(given).items())


def _limited(given: dict[str, str]) -> dict[str, str]:
    options = given.get("options", "")
    for setting, value in (
        ("lock_timeout", f"{LOCK_SECONDS}s"),
        ("statement_timeout", f"{STATEMENT_MINUTES}min"),
    ):
        if setting not in options:
            options = f"{options} -c {setting}={value}".strip()
    return {
        "connect_timeout": str(CONNECT_SECONDS),
        "tcp_user_timeout": str(SILENCE_MILLISECONDS),
        **given,
        "options": options,
    }


def _plain(value: str) -> str:
    inner = value[1:-1] if value.startswith("'") else value
    return re.sub(r"\\(.)", r"\1", inner, flags=re.DOTALL)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
