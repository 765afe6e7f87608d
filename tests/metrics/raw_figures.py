"""The figures of the metrics out of the sources' own files, by code that knows nothing of ours.

Files are read with the standard library (Parquet with pyarrow). Given are only two decisions that
no figure can be checked without: who is who, and who is a test account, which is the truth's word.
"""

import csv
import json
import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path

import pyarrow.parquet as pq

CENT = Decimal("0.01")


@dataclass
class RawFiles:
    """The inbox of a sample of one day, and who is who in it."""

    inbox: Path
    rates: Path
    as_of: datetime
    people: dict[str, str]  # source record -> customer
    test_accounts: set[str]  # customers

    def table(self, pattern: str, **form) -> list[dict]:
        (file,) = self.inbox.glob(pattern)
        encoding = form.pop("encoding", "utf-8")
        if file.suffix == ".parquet":
            return pq.read_table(file).to_pylist()
        with file.open(encoding=encoding, newline="") as lines:
            if file.suffix == ".jsonl":
                return [json.loads(line) for line in lines]
            return list(csv.DictReader(lines, **form))

    @cached_property
    def units(self) -> dict[str, Decimal]:
        with self.rates.open(encoding="utf-8") as rates:
            return {
                row["currency_code"]: Decimal(row["units_per_usd"]) for row in csv.DictReader(rates)
            }

    def dollars(self, amount: Decimal, currency: str) -> Decimal:
        return (amount / self.units[currency]).quantize(CENT, ROUND_HALF_UP)

    @cached_property
    def bought(self) -> list[dict]:
        """Orders and receipts alike: id, customer, moment, dollars, currency, is_cancelled."""
        found = []
        for row in self.table("webshop/orders/*.csv"):
            number = row["order_no"]
            record = (
                f"webshop:{row['customer_no']}" if row["customer_no"] else f"webshop_guest:{number}"
            )
            found.append(
                {
                    "id": f"webshop:{number}",
                    "customer": self.people.get(record),
                    "at": datetime.fromisoformat(row["ordered_at"]),
                    "usd": self.dollars(Decimal(row["total_amount"]), row["currency"]),
                    "currency": row["currency"],
                    "is_cancelled": row["order_status"] == "cancelled",
                }
            )
        cards = {row["card_no"]: row["member_id"] for row in self.table("loyalty/cards/*.csv")}
        for row in self.table("pos/receipts/*.txt", encoding="latin-1", delimiter="|"):
            member = cards.get(row["card_no"])
            found.append(
                {
                    "id": f"pos:{row['receipt_no']}",
                    "customer": self.people.get(f"loyalty:{member}"),
                    "at": datetime.fromisoformat(row["sold_at"][:8] + "T" + row["sold_at"][8:]),
                    "usd": self.dollars(Decimal(row["total_amount"]), row["currency"]),
                    "currency": row["currency"],
                    "is_cancelled": False,
                }
            )
        return found

    @cached_property
    def purchases(self) -> dict[str, list[datetime]]:
        """When each customer bought."""
        found = defaultdict(list)
        for order in self.bought:
            if order["customer"] and not order["is_cancelled"] and order["usd"] >= 0:
                found[order["customer"]].append(order["at"])
        return found

    @property
    def known(self) -> set[str]:
        return set(self.people.values()) - self.test_accounts

    def records(self) -> set[str]:
        """Every record that stands for a person, by source and key."""
        with closing(sqlite3.connect(self.inbox / "crm" / "crm.sqlite")) as crm:
            found = {f"crm:{key}" for (key,) in crm.execute("select contact_id from contacts")}
        found |= {
            f"webshop:{row['customer_no']}"
            for row in self.table("webshop/customers/*.csv", delimiter=";")
            if is_day(row["birth_date"])  # the door sets aside what it cannot read
        }
        found |= {
            f"webshop_guest:{row['order_no']}"
            for row in self.table("webshop/orders/*.csv")
            if not row["customer_no"]
        }
        changes = self.table("loyalty/members/*.txt", encoding="utf-16", delimiter="\t")
        last = {row["member_id"]: row for row in sorted(changes, key=lambda row: row["changed_at"])}
        found |= {f"loyalty:{key}" for key, row in last.items() if row["change_type"] != "delete"}
        found |= {f"leads:{row['lead_id']}" for row in self.table("marketing/leads/*.csv")}
        found |= {f"support:{row['ticket_id']}" for row in self.table("support/tickets/*.jsonl")}
        found |= {
            f"social:{row['platform']}/{row['author']['handle']}"
            for row in self.table("social/mentions/*.jsonl")
        }
        return found | {
            f"thirdparty:{row['vendor']}/{row['vendor_record_id']}"
            for row in self.table("thirdparty/demographics/*.parquet")
        }

    def states(self) -> dict[str, int]:
        """How many customers are new, active, lapsing and lost."""
        counted = dict.fromkeys(("new", "active", "lapsing", "lost"), 0)
        for customer, moments in self.purchases.items():
            if customer in self.known:
                since_first = (self.as_of.date() - min(moments).date()).days
                since_last = (self.as_of.date() - max(moments).date()).days
                if since_last > 365:
                    counted["lost"] += 1
                elif since_last > 180:
                    counted["lapsing"] += 1
                elif since_first <= 90:
                    counted["new"] += 1
                else:
                    counted["active"] += 1
        return counted

    def returned_usd(self) -> Decimal:
        """What came back, by the lines of orders and receipts that were not cancelled."""
        currencies = {
            each["id"]: each["currency"] for each in self.bought if not each["is_cancelled"]
        }
        lines = [
            (f"webshop:{row['order_no']}", row) for row in self.table("webshop/order_lines/*.csv")
        ] + [(f"pos:{row['receipt_no']}", row) for row in self.table("pos/receipt_lines/*.parquet")]
        total = Decimal(0)
        for order, row in lines:
            quantity = int(row["quantity"])
            if quantity < 0 and order in currencies:
                amount = quantity * Decimal(str(row["unit_price"]))
                amount -= Decimal(str(row.get("discount_amount") or 0))
                total -= self.dollars(amount.quantize(CENT, ROUND_HALF_UP), currencies[order])
        return total

    def overdue_usd(self) -> Decimal:
        """What customers, and not the accounts of businesses, owe past its due date."""
        paid = defaultdict(Decimal)
        for row in self.table("billing/payments/*.csv", delimiter=";"):
            paid[row["invoice_no"]] += Decimal(row["amount"].replace(",", "."))
        total = Decimal(0)
        for row in self.table("billing/invoices/*.csv", delimiter=";"):
            day, month, year = map(int, row["due_on"].split("."))
            is_owed = row["invoice_status"] != "void" and not row["account_id"]
            is_owed &= f"webshop:{row['customer_no']}" in self.people
            if is_owed and date(year, month, day) < self.as_of.date():
                amount = Decimal(row["total_amount"].replace(",", "."))
                open_amount = max(amount - paid[row["invoice_no"]], Decimal(0))
                total += self.dollars(open_amount, row["currency"])
        return total

    def pipeline(self) -> dict[str, float]:
        """What the CRM's database says of opportunities; without an amount the quote's counts."""
        with closing(sqlite3.connect(self.inbox / "crm" / "crm.sqlite")) as crm:
            stages = dict(crm.execute("select stage, count(*) from opportunities group by stage"))
            worth = crm.execute(
                "select currency, coalesce(expected_amount, (select quoted_amount from quotes"
                " where quotes.opportunity_id = opportunities.opportunity_id"
                " order by revision_no desc limit 1), 0)"
                " from opportunities where stage not in ('won', 'lost')"
            ).fetchall()
        won, lost = stages.get("won", 0), stages.get("lost", 0)
        dollars = (self.dollars(Decimal(str(amount)), currency) for currency, amount in worth)
        return {
            "open_pipeline_usd": float(sum(dollars)),
            "won_opportunities": won,
            "decided_opportunities": won + lost,
            "win_rate": won / (won + lost),
        }

    def figures(self) -> dict[str, float]:
        """Every metric, by name."""
        kept = [order for order in self.bought if not order["is_cancelled"]]
        tickets = self.table("support/tickets/*.jsonl")
        scores = [row["satisfaction"] for row in tickets if row["satisfaction"] is not None]
        buyers = {customer for customer in self.purchases if customer in self.known}
        repeat = {customer for customer in buyers if len(self.purchases[customer]) > 1}
        states = self.states()
        revenue = sum(order["usd"] for order in kept)
        orders = sum(order["usd"] >= 0 for order in kept)
        recorded, records = len(set(self.people.values())), self.records()
        return {
            "customers": len(self.known),
            "new_customers": states["new"],
            "active_customers": states["new"] + states["active"],
            "lapsing_customers": states["lapsing"],
            "lost_customers": states["lost"],
            "buyers": len(buyers),
            "repeat_buyers": len(repeat),
            "repeat_rate": len(repeat) / len(buyers),
            "overdue_amount_usd": float(self.overdue_usd()),
            "revenue_usd": float(revenue),
            "returned_amount_usd": float(self.returned_usd()),
            "orders": orders,
            "average_order_value_usd": float(revenue) / orders,
            "tickets": len({ticket["ticket_id"] for ticket in tickets}),
            "open_tickets": sum(row["ticket_status"] in ("open", "pending") for row in tickets),
            "satisfaction": sum(scores) / len(scores),
            **self.pipeline(),
            "person_records": len(records),
            "recorded_customers": recorded,
            "match_rate": 1 - recorded / len(records),
        }


def is_day(text: str) -> bool:
    """Whether a text is empty or a day as the web shop writes it: 31/12/1999."""
    try:
        return not text or bool(date(*map(int, reversed(text.split("/")))))
    except ValueError:
        return False
