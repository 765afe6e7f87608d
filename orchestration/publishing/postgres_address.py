"""Give a PostgreSQL address limits: a server that hangs must not hang the run.

What the address says itself is left as it is.
"""

from urllib.parse import parse_qsl, quote, urlencode

CONNECT_SECONDS = 15
SILENCE_MILLISECONDS = 60_000
LOCK_SECONDS = 60
STATEMENT_MINUTES = 30


def patient(address: str) -> str:
    """Return the address with limits to how long connecting, waiting and a statement may take."""
    if "://" not in address:  # libpq's other form, `host=... dbname=...`
        return address
    # Not by a parser of addresses: a password may hold signs that such a parser takes for its own.
    base, _, query = address.partition("?")
    given = dict(parse_qsl(query.replace("+", "%2B"), keep_blank_values=True))
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
    return f"{base}?{urlencode(limits, quote_via=quote)}"
