"""Ask the pages' questions before anybody does, so that the first click is as quick as the second.

The server does it before it says where it is, and a thread of it for every later version. What the
answers are kept in belongs to `app_state.py`; a question about one customer is left to the person
who has it.
"""

import logging
import threading
import time
from importlib import import_module
from pkgutil import iter_modules

import duckdb

from orchestration.dashboard import pages
from orchestration.dashboard.errors import DashboardError
from orchestration.dashboard.query_files import DashboardQuery, dashboard_queries

LOOK_SECONDS = 5.0
OF_A_PERSON = "customer"

logger = logging.getLogger(__name__)


def load_pages() -> None:
    """Import what the pages need: charts and tables are slow to import."""
    for page in iter_modules(pages.__path__, f"{pages.__name__}."):
        import_module(page.name)


def keep_warm(known: str | None) -> threading.Thread:
    """Start the thread that looks for a version after the known one; it ends with the server."""
    thread = threading.Thread(target=_watch, args=[known], name="warming", daemon=True)
    thread.start()
    return thread


def warm(known: str | None) -> str | None:
    """Ask everything once if readers see another version than the known one; return theirs."""
    from orchestration.dashboard import app_state

    try:
        version = app_state.snapshot().version
    except DashboardError:
        return None  # the pages say so
    except (OSError, duckdb.Error) as error:  # a version may be pruned while it is looked at
        logger.info("the snapshot was not looked at (%s)", type(error).__name__)
        return known
    if version != known:
        for query in dashboard_queries():
            if query.page != OF_A_PERSON:
                _ask(query)
    return version


def _ask(query: DashboardQuery) -> None:
    from orchestration.dashboard import app_state

    # As a page asks when it is opened: for every country.
    parameters = {"country": None} if "$country" in query.sql else {}
    try:
        app_state.answer(query.page, query.name, **parameters)
    except (DashboardError, OSError, duckdb.Error) as error:
        logger.info("%s.%s was not asked (%s)", query.page, query.name, type(error).__name__)


def _watch(version: str | None) -> None:
    while True:
        time.sleep(LOOK_SECONDS)
        version = warm(version)
