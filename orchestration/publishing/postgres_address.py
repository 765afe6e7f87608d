"""Give a PostgreSQL address limits: a server that hangs must not hang the run.

What the address says itself is left as it is.
"""

from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

CONNECT_SECONDS = 15
SILENCE_MILLISECONDS = 60_000
LOCK_SECONDS = 60
STATEMENT_MINUTES = 30


def patient(address: str) -> str:
    """Return the address with limits to how long connecting, waiting and a statement may take."""
    if "://" not in address:  # libpq's other form, `host=... dbname=...`
        return address
    parts = urlsplit(address)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    options = given.get("options", "")
    for setting, value in (
        ("lock_timeout", f"{LOCK_SECONDS}s"),
        ("statement_timeout", f"{STATEMENT_MINUTES}min"),
    ):
        if setting not in options:
            options = f"{options} -c {setting}={value}".strip()
    limits = {
        "connect_timeout": str(CONNECT_SECONDS),
        "tcp_user_timeout": str(SILENCE_MILLISECONDS),
        **given,
        "options": options,
    }
    return urlunsplit(parts._replace(query=urlencode(limits, quote_via=quote)))
