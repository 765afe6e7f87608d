"""Where the files of a contract lie when the door looks for them."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Arrivals:
    """A folder, a pattern below it, and what was noticed when the files were fetched."""

    below: Path
    pattern: str
    problems: tuple[str, ...] = ()
    undeclared: tuple[str, ...] = ()
    is_working_copy: bool = False

    def forget(self, landed: tuple[Path, ...]) -> None:
        """Remove working copies that are in the warehouse; files of the inbox stay."""
        if self.is_working_copy:
            for path in landed:
                path.unlink(missing_ok=True)
