import pytest

from tests.sample.test_coherence import RATES, count

KEYS = {
    "crm": "select contact_id from crm_contacts",
    "webshop": "select customer_no from webshop_customers",
    "webshop_guest": "select order_no from webshop_orders where customer_no is null",
    "loyalty": "select member_id from loyalty_members",
    "leads": "select lead_id from marketing_leads",
    "support": "select ticket_id from support_tickets",
    "social": "select distinct platform || '/' || handle from social_mentions",
    "thirdparty": "select vendor || '/' || vendor_record_id from thirdparty_demographics",
}


@pytest.mark.parametrize("source", sorted(KEYS))
def test_truth_covers_every_person_record_exactly_once(duka, source):
    known = duka.execute(
        f"select record_id from truth_identities where source = '{source}' order by 1"
    ).fetchall()
    delivered = duka.execute(f"select * from ({KEYS[source]}) order by 1").fetchall()
    assert known == delivered


def test_record_names_are_unique_and_carry_their_source(duka):
    assert not count(
        duka, "from truth_identities where source_record_id != source || ':' || record_id"
    )
    assert not count(
        duka, "select source_record_id from truth_identities group by all having count(*) > 1"
    )


def test_every_person_has_a_record_and_every_record_a_person(duka):
    assert not count(duka, "from truth_persons anti join truth_identities using (entity_id)")
    assert not count(duka, "from truth_identities anti join truth_persons using (entity_id)")


def test_there_are_about_one_and_a_half_records_for_a_person(duka):
    assert 1.25 < count(duka, "from truth_identities") / count(duka, "from truth_persons") < 1.5


def test_nobody_reads_the_truth_out_of_the_inbox(duka, sample_home):
    entities = {name for (name,) in duka.execute("select entity_id from truth_persons").fetchall()}
    example = sorted(entities)[len(entities) // 2]
    households = "H00000100"
    for path in (sample_home / "inbox").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for word in (example, households):
                assert word.encode() not in content
                assert word.encode("utf-16-le") not in content


def test_numbers_of_records_do_not_follow_the_people(duka):
    for source in ("crm", "webshop", "loyalty", "leads"):
        correlation = duka.execute(
            f"""
            select corr(rank_of_record, rank_of_person) from (
                select row_number() over (order by record_id) as rank_of_record,
                    row_number() over (order by entity_id) as rank_of_person
                from truth_identities where source = '{source}' and length(record_id) > 0
            )
            """
        ).fetchone()[0]
        assert abs(correlation) < 0.2


def test_metrics_agree_with_the_deliveries(duka):
    rates = " ".join(f"when '{currency}' then {rate}" for currency, rate in RATES.items())
    duka.execute(
        f"""
        create or replace temp view purchases as
        select entity_id, 'web' as kind, ordered_at as moment, order_status as status,
            round(cast(total_amount as double) / case currency {rates} end, 2) as usd
        from webshop_orders
        inner join truth_identities on source_record_id = if(
            customer_no is null, 'webshop_guest:' || order_no, 'webshop:' || customer_no
        )
        union all
        select entity_id, 'shop', sold_at, if(total_amount < 0, 'returned', 'sold'),
            round(cast(total_amount as double) / case currency {rates} end, 2)
        from pos_receipts
        inner join loyalty_cards using (card_no)
        inner join truth_identities on source_record_id = 'loyalty:' || member_id
        """
    )
    recomputed = """
        select entity_id,
            count(*) filter (kind = 'web') as web_orders,
            count(*) filter (kind = 'web' and status = 'cancelled') as cancelled_orders,
            count(*) filter (kind = 'web' and status = 'returned') as returned_orders,
            count(*) filter (kind = 'shop' and status = 'sold') as shop_purchases,
            count(*) filter (kind = 'shop' and status = 'returned') as shop_returns,
            count(*) filter (
                (kind = 'web' and status != 'cancelled') or status = 'sold'
            ) as orders,
            coalesce(sum(usd) filter (status != 'cancelled'), 0) as revenue_usd,
            min(moment) filter (
                (kind = 'web' and status != 'cancelled') or status = 'sold'
            ) as first_purchase_at,
            max(moment) filter (
                (kind = 'web' and status != 'cancelled') or status = 'sold'
            ) as last_purchase_at
        from purchases group by all
    """
    columns = (
        "web_orders, cancelled_orders, returned_orders, shop_purchases, shop_returns, orders, "
        "first_purchase_at, last_purchase_at"
    )
    assert count(duka, recomputed) > 500
    assert not count(
        duka,
        f"select entity_id, {columns} from ({recomputed}) "
        f"except select entity_id, {columns} from truth_customer_metrics",
    )
    assert not count(
        duka,
        f"from ({recomputed}) as found inner join truth_customer_metrics as truth "
        "using (entity_id) where abs(found.revenue_usd - cast(truth.revenue_usd as double)) > 0.02",
    )


def test_tickets_of_the_truth_are_those_delivered(duka):
    assert not count(
        duka,
        """
        from truth_customer_metrics as truth
        left join (
            select entity_id, count(*) as tickets,
                count(*) filter (ticket_status in ('open', 'pending')) as open_tickets
            from support_tickets
            inner join truth_identities on source_record_id = 'support:' || ticket_id
            group by all
        ) as found using (entity_id)
        where truth.tickets != coalesce(found.tickets, 0)
            or truth.open_tickets != coalesce(found.open_tickets, 0)
        """,
    )


def test_golden_names_are_written_in_the_script_of_the_culture(duka):
    scripts = dict(
        duka.execute(
            r"""
            select script, avg(cast(regexp_matches(
                native_name,
                case script when 'arabic' then '^[\p{Arabic} ]+$' else '^[\p{Cyrillic} ]+$' end
            ) as integer))
            from truth_persons where script != 'latin' group by 1
            """
        ).fetchall()
    )
    assert scripts == {"arabic": 1.0, "cyrillic": 1.0}
