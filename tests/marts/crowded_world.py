"""A made-up world full of ties (times, priorities, identifiers): order could matter anywhere."""

import random
from datetime import date, datetime, timedelta

from tests.marts.conformed_world import AS_OF, Row

PEOPLE = 60
IDENTITY_TABLES = ("identity_map", "membership_history", "customer_aliases")
SYSTEMS = {"crm": 10, "webshop": 20, "loyalty": 20, "thirdparty": 80}
CHANNELS = ("email", "web", "app", "shop", "chat", "phone", "social", "support")
TYPES = {
    "email": ("send", "open", "click", "bounce", "unsubscribe"),
    "web": ("view", "search", "cart", "login", "purchase"),
    "app": ("view", "cart"),
}


def crowded_world(seed: int = 1) -> dict[str, list[Row]]:
    """Return the rows of every table; most times fall on a few moments only."""
    return _World(seed).tables


class _World:
    def __init__(self, seed: int) -> None:
        self.choose = random.Random(seed)
        self.tables: dict[str, list[Row]] = {
            "quality.runs": [{"run_id": "today", "as_of": AS_OF, "started_order": 1}]
        }
        self.records: list[Row] = []
        for number in range(PEOPLE):
            self._person(number)
        self._contact_points()
        self._orders()
        self._interactions()
        self._money()
        self._consents()
        self._pipeline()
        self.add("country_utc_offsets", country_code="KE", utc_offset_minutes=180)
        self.add("half_lives", attribute="email", source_system="any", half_life_days=100)
        self.add("half_lives", attribute="phone", source_system="crm", half_life_days=30)
        self.add("vendor_prices", vendor="v", price_per_record_usd=0.5)

    def add(self, table: str, **row: object) -> None:
        schema = "identity" if table in IDENTITY_TABLES else "conformed"
        self.tables.setdefault(f"{schema}.{table}", []).append(row)  # type: ignore[attr-defined]

    def moment(self) -> datetime:
        return AS_OF - timedelta(days=self.choose.choice((0, 1, 30, 89, 90, 200, 400)))

    def day(self) -> date:
        return self.moment().date()

    def record(self) -> str:
        return str(self.choose.choice(self.records)["source_record_id"])

    def _person(self, number: int) -> None:
        for system in self.choose.sample(sorted(SYSTEMS), self.choose.randint(1, 4)):
            for copy in range(self.choose.randint(1, 2)):
                self._person_record(number, system, copy)

    def _person_record(self, number: int, system: str, copy: int) -> None:
        maybe = self.choose.choice
        identifier = f"{system}:{number}-{copy}"
        name = maybe(("Ann", "Anna", "Ana"))
        row = {
            "source_record_id": identifier,
            "source_system": system,
            "source_priority": SYSTEMS[system],
            "country_code": maybe(("KE", "TZ", None)),
            "full_name_raw": f"{name} {number}",
            "given_name": name.lower(),
            "family_name": maybe((f"family{number}", None)),
            "full_name": name.lower(),
            "birth_date": maybe((date(1980, 1, 1), date(1980, 1, 2), None)),
            "sex": maybe(("f", "m", None)),
            "email": maybe((f"{number}@example.com", f"{number % 7}@home.example.com", None)),
            "phone": maybe((f"+2547{number:03}", f"+2540{number % 5}", None)),
            "street_raw": maybe(("1 First Street", "2 Second Street", None)),
            "city": maybe(("nairobi", "mombasa", None)),
            "account_id": maybe(("A1", "A2", "A3", *[None] * 12)),
            "is_test_record": number == 3,
            "source_created_at": self.moment(),
            "source_updated_at": maybe((self.moment(), None)),
        }
        row |= {"street": row["street_raw"], "unit": str(number % 12)}
        self.records.append(row)
        self.add("int_person_records__normalised", **row)
        if row["street_raw"]:
            self.add(
                "int_addresses__normalised",
                source_record_id=identifier,
                street=row["street_raw"],
                unit=str(number % 12),
                city="nairobi",
                country_code=row["country_code"],
            )
        membership = {
            "source_record_id": identifier,
            "source_system": system,
            "customer_id": f"C{number:03}",
            "assigned_at": AS_OF,
        }
        self.add("identity_map", **membership)
        self.add("membership_history", **membership, valid_from=AS_OF)
        if number % 5 == 0:  # it was somebody else's before, whom nobody has taken the place of
            before = membership | {"customer_id": f"C{number:03}before"}
            then = AS_OF - timedelta(days=9)
            self.add("membership_history", **before, valid_from=then, valid_to=AS_OF)
        if system == "thirdparty":
            self.add(
                "int_demographics__unioned",
                source_record_id=identifier,
                vendor=maybe(("v", "w")),
                income_band=maybe(("low", "high", None)),
                household_size=maybe((1, 2, None)),
                interests=maybe(("tea", "football", None)),
                collected_date=self.day(),
            )

    def _contact_points(self) -> None:
        for row in self.records:
            for kind in ("email", "phone"):
                if row[kind] is not None:
                    self.add(
                        "int_contact_points__normalised",
                        source_record_id=row["source_record_id"],
                        source_system=row["source_system"],
                        kind=kind,
                        value=row[kind],
                        is_placeholder=row[kind] == "+25400",
                    )
        for number in range(40):
            self.add(
                "int_devices__linked",
                device_id=f"d{number % 30}",
                source_record_id=self.record(),
            )

    def _orders(self) -> None:
        for number in range(200):
            identifier = f"webshop:{number}"
            amount = self.choose.choice((10, 10, 25, 100, -5))
            self.add(
                "int_orders__unioned",
                order_id=identifier,
                source_system="webshop",
                order_channel="web",
                source_record_id=self.choose.choice((self.record(), None)),
                ordered_at=self.moment(),
                currency_code="USD",
                order_amount=amount,
                order_amount_usd=amount,
                is_cancelled=self.choose.random() < 0.1,
                is_returned=amount < 0,
            )
            self.add(
                "int_order_lines__unioned",
                order_line_id=f"{identifier}:1",
                order_id=identifier,
                product_id=f"p{number % 3}",
                quantity=1 if amount > 0 else -1,
                unit_price=abs(amount),
                discount_amount=(0, 2, None)[number % 3],
                line_amount=amount,
                line_amount_usd=amount,
            )
        for number in range(3):
            self.add(
                "int_products__unioned",
                product_id=f"p{number}",
                product_name=f"Product {number}",
                category=f"category {number % 2}",
                price_usd=12,
                cost_usd=7,
            )

    def _interactions(self) -> None:
        for number in range(3):
            self.add("int_campaigns__unioned", campaign_id=f"K{number}", channel="email")
            self.add("int_campaign_costs__unioned", campaign_id=f"K{number}", cost_usd=number)
        for number in range(1500):
            channel = self.choose.choice(CHANNELS)
            known = self.choose.choice(self.records)
            self.add(
                "int_interactions__unioned",
                interaction_id=f"events:{number}",
                source_system="web",
                channel=channel,
                interaction_type=self.choose.choice(TYPES.get(channel, ("view",))),
                occurred_at=self.moment(),
                source_record_id=self.choose.choice((known["source_record_id"], None, None)),
                email=self.choose.choice((known["email"], None)),
                phone=self.choose.choice((known["phone"], None)),
                device_id=self.choose.choice((f"d{number % 35}", None)),
                campaign_id=self.choose.choice((f"K{number % 3}", None)),
                ticket_id=f"T{number % 60}" if channel in ("chat", "phone") else None,
                subject=f"p{number % 4}" if channel in ("web", "app") else None,
            )
            # By number and not by chance: what is drawn after them stays as it was.
            if channel == "web":
                self.add(
                    "int_web_signals__daily",
                    device_id=f"d{number % 35}",
                    source_record_id=known["source_record_id"] if number % 2 else None,
                    channel=channel,
                    interaction_type=TYPES["web"][number % 5],
                    signal_date=(AS_OF - timedelta(days=number % 7)).date(),
                    event_count=number % 4 + 1,
                )
            if channel == "social":
                self._mention(number, str(known["source_record_id"]))

    def _mention(self, number: int, record: str) -> None:
        score = (0.5, 0, -0.5, None)[number % 4]
        self.add(
            "int_mentions__rated",
            interaction_id=f"events:{number}",
            source_record_id=record,
            platform=("x", "tiktok")[number % 2],
            mention_type="post",
            topic=("prices", "delivery", None)[number % 3],
            language_code="sw" if score is None else "en",
            occurred_at=AS_OF - timedelta(days=number % 9),
            sentiment_score=score,
            sentiment="no_library" if score is None else "neutral",
        )

    def _money(self) -> None:
        for number in range(60):
            owner = self.choose.choice((None, "A1"))
            self.add(
                "int_invoices__unioned",
                invoice_id=f"I{number}",
                account_id=owner,
                source_record_id=None if owner else self.record(),
                due_date=self.day(),
                invoice_amount=100,
                invoice_amount_usd=50,
                invoice_status=self.choose.choice(("open", "paid", "void")),
            )
            self.add(
                "int_payments__unioned",
                payment_id=f"P{number}",
                invoice_id="gone" if number == 0 else f"I{number // 2}",
                paid_date=(AS_OF + timedelta(days=1)).date() if number == 1 else None,
                payment_amount=40,
            )
            self.add(
                "int_credit_limits__unioned",
                credit_limit_id=f"L{number}",
                account_id=owner,
                source_record_id=None if owner else self.record(),
                credit_limit_usd=number,
                valid_from_date=self.day(),
            )
            self.add(
                "int_tickets__unioned",
                ticket_id=f"T{number}",
                source_record_id=self.choose.choice((self.record(), None)),
                category=self.choose.choice(("complaint", "delivery")),
                satisfaction=self.choose.choice((1, 4, None)),
                opened_at=self.moment(),
                is_open=self.choose.random() < 0.5,
            )
        for account, tax_number in (("A1", "T1"), ("A2", "T2"), ("A3", "T1")):
            self.add(
                "int_accounts__unioned",
                account_id=account,
                account_name=f"Account {account}",
                tax_number=tax_number,
                country_code="KE",
            )

    def _pipeline(self) -> None:
        # By number and not by chance: what is drawn after them stays as it was.
        for number in range(48):
            stage = ("prospecting", "proposal", "won", "lost")[number % 4]
            opened = AS_OF - timedelta(days=(400, 200, 90, 30, -1)[number % 5])
            decided = stage in ("won", "lost")
            self.add(
                "int_opportunities__unioned",
                opportunity_id=f"OP{number}",
                source_record_id=self.records[number % 9]["source_record_id"],
                account_id=("A1", "A2", "A3", None)[number % 7 % 4],
                stage=stage,
                stage_position=number % 4,
                is_open=not decided,
                is_won=stage == "won",
                lost_reason="price" if stage == "lost" else None,
                expected_amount=(100, 100, -5, None)[number % 9 % 4],
                expected_amount_usd=(50, 50, -5, None)[number % 9 % 4],
                expected_close_date=(opened + timedelta(days=60)).date(),
                opened_at=opened,
                closed_at=opened + timedelta(days=20) if decided else None,
            )
            for position, revision in enumerate((1, 1, 2)[: number % 4]):  # a tie of two
                self.add(
                    "int_quotes__unioned",
                    quote_id=f"QU{number}-{position}",
                    opportunity_id=f"OP{number}",
                    revision_number=revision,
                    quote_status=("sent", "accepted", "declined", "draft")[number % 5 % 4],
                    quoted_amount=80 + revision,
                    quoted_amount_usd=40 + revision,
                    valid_until_date=(opened + timedelta(days=40)).date(),
                    drafted_at=opened + timedelta(days=5),
                    sent_at=opened + timedelta(days=6),
                    answered_at=opened + timedelta(days=20),
                )

    def _consents(self) -> None:
        for number in range(200):
            known = self.choose.choice(self.records)
            kind = self.choose.choice(("email", "phone", "source_record_id"))
            self.add(
                "int_consents__unioned",
                consent_id=f"S{number}",
                subject_type=kind,
                subject_value=known[kind],
                channel=self.choose.choice(("email", "sms", "phone", "post", "push")),
                consent_purpose=self.choose.choice(("marketing", "marketing", "service")),
                consent_status=self.choose.choice(("granted", "withdrawn")),
                changed_at=self.moment(),
            )
            self.add(
                "int_channel_preferences__unioned",
                preference_id=f"R{number}",
                email=known["email"],
                phone=known["phone"],
                preferred_channel=self.choose.choice(("email", "sms")),
                contact_frequency=self.choose.choice(("weekly", "never")),
                source_updated_at=self.moment(),
            )
