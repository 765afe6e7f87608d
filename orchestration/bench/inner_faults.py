"""Faults behind the files: in a source's database, in models and settings, in who is who."""

from orchestration.bench.delivered_faults import DELIVERED_FAULTS
from orchestration.bench.faults import KNOWN, MIX, ONE_VALUE, SIZE, VOLUME, Fault
from orchestration.bench.further_faults import FURTHER_FAULTS
from orchestration.bench.quiet_faults import QUIET_FAULTS

TODAY = "updated_at = (select max(updated_at) from contacts)"
TODAY_DATE = "date(updated_at) = (select max(date(updated_at)) from contacts)"
LINKED = ("linked otherwise", "strangers linked", "ids changed", "model less sure", "rule broken")
DRIFT = "main metrics drifted"
OTHERS = "figures of other customers"
MAP = "identity.identity_map"
FORGET = "delete from identity.{table};"

INNER_FAULTS: tuple[Fault, ...] = (
    Fault("office phone on many contacts", "crm_contacts", (ONE_VALUE,),
          statement=f"update contacts set mobile = '+254700000001', {TODAY} where rowid % 6 = 0",
          seen_at=("contact_points",)),
    Fault("every contact touched at once", "crm_contacts", VOLUME,
          statement=f"update contacts set {TODAY}"),
    Fault("contacts flagged as deleted", "crm_contacts", (MIX, "rule broken", *VOLUME),
          statement=f"update contacts set is_deleted = 1, {TODAY} where rowid % 3 = 0"),
    Fault("keys of contacts moved by one", "crm_contacts", ("keys taken over by others", *VOLUME),
          statement=f"""
            create temp table moved as select rowid as place, * from contacts;
            update contacts set {TODAY}, (first_name, last_name, birth_date) = (
                select first_name, last_name, birth_date from moved
                where moved.place = contacts.rowid + 1
            ) where rowid % 4 = 0 and rowid < (select max(place) from moved)
          """),
    Fault("e-mails moved to other contacts", "crm_contacts", (KNOWN,),
          statement=f"""
            create temp table moved as
                select rowid as place, row_number() over (order by rowid) as number, email
                from contacts where {TODAY_DATE};
            update contacts set email = (
                select other.email from moved as own
                inner join moved as other
                    on other.number = own.number % (select count(*) from moved) + 1
                where own.place = contacts.rowid
            ) where {TODAY_DATE}
          """),
    Fault("normaliser that reads no number", "int_person_records", ("coverage lost", "rule broken"),
          spoils={"conformed": "update conformed.int_person_records__normalised set phone = null "
                  "where source_system = 'loyalty'"}),
    Fault("normaliser that forgets names", "int_person_records", ("coverage lost", "rule broken"),
          spoils={"conformed": "update conformed.int_person_records__normalised "
                  "set full_name = null, given_name = null, family_name = null "
                  "where source_system = 'webshop'"}),
    Fault("orphaned order lines", "int_order_lines", ("rule broken",),
          spoils={"conformed": "delete from conformed.int_orders__unioned "
                  "where hash(order_id) % 10 = 0"}),
    Fault("amounts converted twice", "orders", (DRIFT, SIZE, "rule broken"),
          spoils={"conformed": "update conformed.int_orders__unioned "
                  "set order_amount_usd = order_amount_usd / 100"}),
    Fault("records lost in a join", "row_balance", ("rule broken", "unknown value"),
          spoils={"conformed": "update conformed.row_balance "
                  "set rows_out = rows_out - 9, is_balanced = false "
                  "where table_name = 'int_person_records__normalised'"}),
    Fault("lower match threshold", "identity.", LINKED, threshold=0.01),
    Fault("higher match threshold", "identity.", LINKED, threshold=0.999),
    Fault("strangers linked by a default", "identity.", LINKED,
          spoils={"identity": "update identity.identity_map set customer_id = "
                  "(select min(customer_id) from identity.identity_map) "
                  "where hash(source_record_id) % 40 = 0"}),
    Fault("another person's national id", "identity.", LINKED,
          spoils={"conformed": "update conformed.int_person_records__normalised "
                  "set national_id = source_record_id where source_system = 'crm'",
                  "identity": "update identity.identity_map set customer_id = "
                  "(select min(customer_id) from identity.identity_map) where source_record_id in "
                  "(select source_record_id from identity.identity_map "
                  "where source_system = 'crm' order by source_record_id limit 2)"}),
    Fault("memory of ids lost", "identity.", LINKED,
          spoils={"conformed": FORGET.format(table="identity_map")
                  + FORGET.format(table="id_history") + FORGET.format(table="membership_history")}),
    Fault("golden values overwritten", "customer_360", ("golden values flipped",),
          spoils={"marts": "update marts.customer_360 set email = 'x' || email "
                  "where hash(customer_id) % 8 = 0"}),
    Fault("everybody contactable", "customer_360", ("rule broken", DRIFT),
          spoils={"marts": "update marts.customer_360 set is_contactable_email = true"}),
    Fault("join that doubles orders", "fct_orders", ("repeated keys", "rule broken"),
          spoils={"marts": "insert into marts.fct_orders from marts.fct_orders limit 500"}),
    Fault("customers without their revenue", "customer_360", (DRIFT,),
          spoils={"marts": "update marts.customer_360 set revenue_usd = 0 "
                  "where hash(customer_id) % 2 = 0"}),
    Fault("revenue of other customers", "customer_360", (DRIFT, OTHERS), seen_at=("fct_orders",),
          spoils={"marts": "update marts.customer_360 as mine set revenue_usd = theirs.revenue_usd "
                  "from (select customer_id, lag(revenue_usd, 1, 0) over (order by customer_id) "
                  "as revenue_usd from marts.customer_360) as theirs "
                  "where mine.customer_id = theirs.customer_id"}),
    Fault("a source missing in the timeline", "customer_timeline", (OTHERS, "rule broken"),
          spoils={"marts": "delete from marts.customer_timeline where source_system = 'pos'"},
          seen_at=("row_balance",)),
    Fault("people who exchange their records", "identity.", LINKED,
          spoils={"identity": "update identity.identity_map as mine set customer_id = "
                  "theirs.customer_id from (select source_record_id, lag(customer_id, 1, "
                  "customer_id) over (order by hash(source_record_id), source_record_id) as "
                  "customer_id from identity.identity_map where hash(source_record_id) % 20 = 0) "
                  "as theirs where mine.source_record_id = theirs.source_record_id"}),
)  # fmt: skip

FAULTS: tuple[Fault, ...] = (
    *DELIVERED_FAULTS,
    *INNER_FAULTS,
    *QUIET_FAULTS,
    *FURTHER_FAULTS,
)
