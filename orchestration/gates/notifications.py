"""Tell people of incidents: into a file, and wherever Apprise can send to.

`C360_NOTIFY` holds Apprise addresses (mail, chat, webhooks and a hundred more), separated by
blanks. What is told holds names, counts and ids, never a value of a row. A message that can't be
sent never stops a run: the incident itself is in the decision store.
"""

import json
import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from orchestration.gates.incidents import Incident

logger = logging.getLogger(__name__)

WORDS = {"open": "new", "reopen": "back", "escalate": "graver", "close": "over"}


@dataclass(frozen=True, slots=True)
class Notifier:
    """Where messages go: a file of JSON lines, and Apprise's addresses."""

    file: Path
    addresses: tuple[str, ...]
    as_of: datetime

    def __call__(self, verb: str, incident: Incident) -> None:
        """Tell of an incident that opened, came back, became graver or is over."""
        word = WORDS.get(verb, verb)
        line = {
            "as_of": self.as_of.isoformat(),
            "event": word,
            "incident_id": incident.incident_id,
            "title": incident.title,
            "severity": incident.severity,
            "customers": incident.customers,
            "hangs_on": list(incident.hangs_on),
            "owner": incident.owner,
        }
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            logger.warning("a notification could not be written to its file: %s", error.strerror)
        if self.addresses and incident.severity == "critical":
            self._send(f"[{word}] {incident.title}", message_of(incident))

    def _send(self, title: str, body: str) -> None:
        # Local: most runs have nothing to tell, and Apprise knows a hundred services.
        import apprise

        messenger = apprise.Apprise()
        known = [messenger.add(address) for address in self.addresses]
        if not all(known) or not messenger.notify(title=title, body=body):
            # An address may hold a password: it is not repeated.
            logger.warning("a notification could not be sent to every address of C360_NOTIFY")


def message_of(incident: Incident) -> str:
    """Return the body of a message: what, how grave, what hangs on it, and what to do."""
    hanging = ", ".join(incident.hangs_on[:8]) or "nothing that is published"
    return "\n".join(
        (
            f"{incident.why}",
            f"About {incident.customers:,} customers; on it hang {hanging}.",
            f"What to do: {incident.what_to_do}",
            f"c360 incidents show {incident.incident_id}",
        )
    )
