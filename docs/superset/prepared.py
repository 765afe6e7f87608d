"""Superset as `start` serves it: its own tables made, one user, the snapshot as a database.

Loading Superset takes longer than all that is done here: once, in the process that serves it.
"""

import os
from pathlib import Path

from flask_migrate import upgrade
from superset.app import create_app

STATE = Path(os.environ["SUPERSET_HOME"])
# Read-only, and without a way to the files beside it: whoever may write SQL reads the snapshot.
SNAPSHOT = "duckdb:///{}?access_mode=read_only&enable_external_access=false"


def prepare() -> None:
    """Make what is missing, and name the snapshot of this home."""
    from superset.extensions import appbuilder, db, security_manager
    from superset.utils.database import get_or_create_db

    is_made = STATE / "ready"
    if not is_made.exists():
        upgrade()
        appbuilder.add_permissions(update_perms=True)
        security_manager.sync_role_definitions()
        db.session.commit()
        if not security_manager.find_user("admin"):
            role = security_manager.find_role("Admin")
            password = (STATE / "password").read_text(encoding="utf-8").strip()
            security_manager.add_user("admin", "Customer", "360", "admin@localhost", role, password)
        is_made.touch()
    get_or_create_db("Customer 360", SNAPSHOT.format(os.environ["SNAPSHOT"]))
    db.session.commit()
    db.engine.dispose()  # no connection may pass from this process to the worker


app = create_app()
with app.app_context():
    prepare()
