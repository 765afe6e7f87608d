"""Settings of a Superset over the published snapshot: on this machine, and nothing phones home."""

import logging
import os
from copy import deepcopy
from pathlib import Path

from superset.config import TALISMAN_CONFIG as STANDARD

STATE = Path(os.environ["SUPERSET_HOME"])

SECRET_KEY = (STATE / "secret").read_text(encoding="utf-8").strip()
SQLALCHEMY_DATABASE_URI = f"sqlite:///{STATE / 'superset.db'}"
SQLALCHEMY_EXAMPLES_URI = SQLALCHEMY_DATABASE_URI

# Figures change when a run publishes: five minutes old at most, and `force` asks anew.
DATA_CACHE_CONFIG = {"CACHE_TYPE": "SimpleCache", "CACHE_DEFAULT_TIMEOUT": 300}

# The pages come with a counting pixel and with map servers; the browser is told to ask nobody.
TALISMAN_CONFIG = deepcopy(STANDARD)
TALISMAN_CONFIG["content_security_policy"]["img-src"] = ["'self'", "blob:", "data:"]
TALISMAN_CONFIG["content_security_policy"]["connect-src"] = ["'self'"]
TALISMAN_CONFIG["content_security_policy"]["style-src"] = ["'self'", "'unsafe-inline'"]
TALISMAN_CONFIG["content_security_policy"]["font-src"] = ["'self'"]

LOG_LEVEL = logging.WARNING
ALEMBIC_SKIP_LOG_CONFIG = True  # three hundred lines at the first start otherwise
