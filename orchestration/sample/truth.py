"""The truth about the sample, apart from the inbox: who is who, golden values, metrics, dirt."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.sample.accounts import contact_keys
from orchestration.sample.business import Business
from orchestration.sample.columns import joined, numbered
from orchestration.sample.draws import Ints, Keys
from orchestration.sample.loyalty import member_keys
from orchestration.sample.marketing import lead_keys
from orchestration.sample.metrics import metrics_table
from orchestration.sample.persons import persons_table
from orchestration.sample.social import profile_handles
from orchestration.sample.support import ticket_keys
from orchestration.sample.thirdparty import sold_by, vendor_names, vendor_record_keys
from orchestration.sample.webshop import customer_keys, order_keys


def entity_keys(person: Keys) -> pa.Array:
    """Return the keys by which the truth knows people."""
    return numbered("E", person, 8)


@dataclass(slots=True)
class Truth:
    """Writes the truth as of the last day."""

    folder: Path
    business: Business

    def note_dirt(self, day: int) -> None:
        """Keep what was put into the deliveries of a day."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._note_duplicates(day)
        counts = sorted(self.business.world.dirt.take_counts().items())
        meanings = self.business.world.dirt.kinds
        table = pa.table(
            {
                "day": pa.array([day] * len(counts), pa.int64()),
                "kind": pa.array([kind for (kind, _), _ in counts], pa.string()),
                "source": pa.array([source for (_, source), _ in counts], pa.string()),
                "count": pa.array([count for _, count in counts], pa.int64()),
                "meaning": pa.array(
                    [meanings[kind].meaning for (kind, _), _ in counts], pa.string()
                ),
            }
        )
        path = self.folder / "dirt.parquet"
        if day > 1:
            # A day that was begun before and cut short is told anew.
            earlier = pq.read_table(path)
            table = pa.concat_tables([earlier.filter(pc.less(earlier["day"], day)), table])
        pq.write_table(table, path)

    def _note_duplicates(self, day: int) -> None:
        """Count the second records of people who came into a source on a day."""
        registers = self.business.registers
        for register in (registers.crm, registers.webshop, registers.loyalty, registers.leads):
            second = (register.day == day) & (register.key % 2 == 1)
            self.business.world.dirt.note("duplicate", register.source, second)

    def write(self) -> int:
        """Write identities, persons and metrics; return the number of person records."""
        identities = self._identities()
        pq.write_table(identities, self.folder / "identities.parquet")
        pq.write_table(persons_table(self.business, entity_keys), self.folder / "persons.parquet")
        pq.write_table(
            metrics_table(self.business, entity_keys), self.folder / "customer_metrics.parquet"
        )
        return int(identities.num_rows)

    def _identities(self) -> pa.Table:
        """Return whom every person record is about, one row per record."""
        business = self.business
        registers, orders, tickets = business.registers, business.orders, business.tickets
        guest = np.flatnonzero(orders.customer < 0)
        profiles = np.arange(len(registers.social.person))
        vendors = sold_by(business, business.world.config.days)
        parts: list[tuple[str, pa.Array, Ints]] = [
            ("crm", contact_keys(np.arange(len(registers.crm.person))), registers.crm.person),
            (
                "webshop",
                customer_keys(np.arange(len(registers.webshop.person))),
                registers.webshop.person,
            ),
            ("webshop_guest", order_keys(guest), orders.person[guest]),
            (
                "loyalty",
                member_keys(np.arange(len(registers.loyalty.person))),
                registers.loyalty.person,
            ),
            ("leads", lead_keys(np.arange(len(registers.leads.person))), registers.leads.person),
            ("support", ticket_keys(np.arange(tickets.count)), tickets.person),
            (
                "social",
                joined(*profile_handles(business, profiles), separator="/"),
                registers.social.person,
            ),
            (
                "thirdparty",
                joined(
                    vendor_names(business, vendors),
                    vendor_record_keys(business, vendors),
                    separator="/",
                ),
                registers.thirdparty.person[vendors],
            ),
        ]
        return pa.concat_tables([_identity_rows(*part) for part in parts])


def _identity_rows(source: str, record: pa.Array, person: Ints) -> pa.Table:
    return pa.table(
        {
            "source": pa.array([source]).take(pa.array(np.zeros(len(person), dtype=np.int64))),
            "record_id": record,
            "source_record_id": joined(f"{source}:", record),
            "entity_id": entity_keys(person),
        }
    )
