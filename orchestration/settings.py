"""Where state lives and how large a run may grow; only this module reads the environment.

Every setting has an environment name beginning with `C360_`. Nothing here opens a file.
"""

from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_DIR = Path(__file__).resolve().parent.parent
PACKAGE_DIR = Path(__file__).resolve().parent
DOCS_PORT = 3001


class SettingsError(Exception):
    """A variable of the environment holds what it can't mean."""


class Settings(BaseSettings):
    """Typed, frozen settings of one process; the paths of all state derive from `home`."""

    model_config = SettingsConfigDict(env_prefix="C360_", frozen=True, extra="ignore")

    home: Path = PROJECT_DIR / ".c360"
    company: Path | None = None
    inbox: Path | None = None
    memory_limit: str = Field("6GB", pattern=r"^\d+(\.\d+)? ?[kKmMgGtT][iI]?[bB]$")
    threads: int = Field(2, ge=1)
    snapshots_kept: int = Field(5, ge=1)
    snapshot_days_kept: int = Field(0, ge=0)
    parquet: bool = False
    postgres_target: SecretStr | None = None
    settle_seconds: float = Field(2.0, ge=0)
    decision_store: str | None = None
    notify: str = ""
    docs_address: str = Field(f"http://127.0.0.1:{DOCS_PORT}", pattern=r"^https?://")
    identity_settings: Path | None = None

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 - whatever pydantic is given
        """Read the environment.

        Raises:
            SettingsError: a setting is wrong; the message names it, and never quotes its value.
        """
        try:
            super().__init__(**values)
        except ValidationError as error:
            # A value may hold a password (the address of the decision store).
            problems = (f"C360_{_name(wrong['loc'])}: {wrong['msg']}" for wrong in error.errors())
            raise SettingsError("; ".join(problems)) from None
        if self.company_dir and not (self.company_dir / "sources").is_dir():
            raise SettingsError(
                f"C360_COMPANY: {self.company_dir} has no folder sources; give the folder that "
                "holds sources/, dbt_project/ and expectations/, or leave the variable out"
            )

    @cached_property
    def home_dir(self) -> Path:
        """Folder of all state, absolute."""
        return self.home.expanduser().resolve()

    @cached_property
    def company_dir(self) -> Path | None:
        """Folder of the company overlay (sources, dbt_project, expectations), if one is set."""
        return self.company.expanduser().resolve() if self.company else None

    @cached_property
    def warehouse_path(self) -> Path:
        """The warehouse, which belongs to the run alone (decision D1)."""
        return self.home_dir / "warehouse.duckdb"

    @cached_property
    def serving_dir(self) -> Path:
        """Folder of the published snapshots and of the stable name that readers open."""
        return self.home_dir / "serving"

    @cached_property
    def decision_store_url(self) -> str:
        """SQLAlchemy URL of the steward's decisions: `C360_DECISION_STORE`, or a file of home."""
        return self.decision_store or f"sqlite:///{self.home_dir / 'steward.sqlite'}"

    @cached_property
    def notification_addresses(self) -> tuple[str, ...]:
        """Apprise addresses that are told of grave incidents: `C360_NOTIFY`, between blanks."""
        return tuple(self.notify.split())

    @cached_property
    def notifications_path(self) -> Path:
        """File in which every notification stands, one JSON object a line."""
        return self.home_dir / "notifications.jsonl"

    @cached_property
    def inbox_dir(self) -> Path:
        """Folder into which source systems deliver their files."""
        return (self.inbox or self.home_dir / "inbox").expanduser().resolve()

    @cached_property
    def landing_dir(self) -> Path:
        """Working folder of landing: extracts of databases and APIs that wait for the door."""
        return self.home_dir / "landing"

    @cached_property
    def dagster_dir(self) -> Path:
        """`DAGSTER_HOME`: the instance that the CLI and the UI share."""
        return self.home_dir / "dagster"

    @cached_property
    def docs_dir(self) -> Path:
        """Folder of the Data Docs."""
        return self.home_dir / "docs"

    def docs_link(self, layer: str, table: str) -> str:
        """Return where a page of the Data Docs is found while `c360 docs` shows them.

        A page served over HTTP can't lead to a file, so that Dagster needs an address.
        """
        return f"{self.docs_address.rstrip('/')}/{layer}/{table}.html"

    @cached_property
    def temp_dir(self) -> Path:
        """Folder DuckDB spills to."""
        return self.home_dir / "tmp"

    @cached_property
    def sources_dir(self) -> Path:
        """Folder of the contracts."""
        return self.company_dir / "sources" if self.company_dir else PACKAGE_DIR / "sources"

    @cached_property
    def dbt_project_dir(self) -> Path:
        """The dbt project that is run: the company's, or our own."""
        return (self.company_dir or PROJECT_DIR) / "dbt_project"

    @cached_property
    def identity_settings_path(self) -> Path | None:
        """File of settings of the identity engine: one's own, the company's, or none."""
        if self.identity_settings:
            return self.identity_settings.expanduser().resolve()
        company = self.company_dir / "identity.yml" if self.company_dir else None
        return company if company and company.is_file() else None

    @cached_property
    def expectations_dirs(self) -> tuple[Path, ...]:
        """Folders of suites; a file in a later folder replaces its namesake in an earlier one."""
        own = PROJECT_DIR / "expectations"
        return (own, self.company_dir / "expectations") if self.company_dir else (own,)


def _name(location: tuple[int | str, ...]) -> str:
    return "_".join(str(part) for part in location).upper()
