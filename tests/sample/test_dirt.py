import numpy as np
import pytest
import yaml

from orchestration.sample.dirt import DIRT_FILE, load_dirt
from orchestration.sample.draws import Draws
from orchestration.sample.errors import SampleConfigError
from tests.sample.test_coherence import count


def put_in(duka, kind, source="crm"):
    found = duka.execute(
        "select sum(count) from truth_dirt where kind = ? and source = ?", [kind, source]
    ).fetchone()[0]
    return int(found or 0)


@pytest.mark.parametrize("kind", sorted(yaml.safe_load(DIRT_FILE.read_text(encoding="utf-8"))))
def test_every_kind_of_dirt_in_the_table_is_put_in(duka, kind):
    assert count(duka, f"from truth_dirt where kind = '{kind}' and count > 0")


@pytest.mark.parametrize(
    "kind", ["missing_sex", "missing_birth_date", "missing_phone", "missing_address"]
)
def test_dirt_is_put_in_as_often_as_the_table_says(duka, kind):
    records = count(duka, "from crm_contacts")
    rate = load_dirt().kinds[kind].rate_in("crm")
    assert put_in(duka, kind) / records == pytest.approx(rate, abs=0.05)


def test_dirt_that_is_not_in_the_table_is_refused():
    with pytest.raises(SampleConfigError, match="sparkle"):
        load_dirt().strikes(Draws(1), "sparkle", "crm", np.arange(3))


def test_the_number_of_one_shop_stands_on_many_members(duka):
    most = duka.execute(
        """
        select max(people) from (
            select count(distinct entity_id) as people
            from loyalty_members
            inner join truth_identities on source_record_id = 'loyalty:' || member_id
            where phone is not null and phone not in ('0000000000', '1234567890', '0700000000')
            group by right(regexp_replace(phone, '[^0-9]', '', 'g'), 7)
        )
        """
    ).fetchone()[0]
    members = count(duka, "from loyalty_members")
    assert most == pytest.approx(members * 0.01, rel=0.6)


@pytest.mark.parametrize("address", ["none@none.com", "noemail@duka.example"])
def test_default_addresses_stand_for_people_who_gave_none(duka, address):
    assert count(duka, f"from loyalty_members where email = '{address}'")


@pytest.mark.parametrize("birth_date", ["1900-01-01", "1970-01-01"])
def test_default_dates_stand_for_births_nobody_knows(duka, birth_date):
    assert count(duka, f"from loyalty_members where birth_date = '{birth_date}'") > 1


def test_twins_share_birthday_and_household_and_not_their_name(duka):
    twins = """
        select household_id, count(distinct birth_date) as birthdays,
            count(distinct given_name || middle_name) as names, count(*) as people
        from truth_persons where contains(tags, 'twin') group by 1
    """
    assert count(duka, twins) > 5
    assert not count(duka, f"from ({twins}) where birthdays != 1 or people != 2")
    same = count(
        duka,
        """
        select household_id from truth_persons where contains(tags, 'twin')
        group by household_id having count(distinct given_name) = 1
        """,
    )
    assert same == 0


def test_father_and_son_of_one_name_live_at_one_address(duka):
    pairs = """
        from truth_persons as father
        inner join truth_persons as son on father.household_id = son.household_id
        where father.suffix = 'Sr' and son.suffix = 'Jr'
    """
    assert count(duka, pairs) > 3
    assert not count(
        duka,
        pairs
        + """
        and (father.sex != 'm' or son.sex != 'm' or father.birth_date >= son.birth_date
            or (father.street, father.city) != (son.street, son.city))
        """,
    )
    assert count(duka, "from loyalty_members where full_name like '% Jr'") + count(
        duka, "from crm_contacts where last_name like '% Jr'"
    )


def test_test_accounts_are_marked_in_the_truth_and_look_like_it(duka):
    tagged = count(duka, "from truth_persons where contains(tags, 'test_account')")
    assert 0 < tagged < 0.01 * count(duka, "from truth_persons")
    assert not count(
        duka,
        """
        from webshop_customers
        inner join truth_identities on source_record_id = 'webshop:' || customer_no
        inner join truth_persons using (entity_id)
        where contains(tags, 'test_account')
            and not (webshop_customers.email like '%@duka.example')
        """,
    )


def test_one_person_has_several_records_in_one_source(duka):
    for source in ("crm", "webshop", "loyalty", "leads"):
        records, people = duka.execute(
            "select count(*), count(distinct entity_id) from truth_identities where source = ?",
            [source],
        ).fetchone()
        assert 0.005 < (records - people) / people < 0.12


def test_households_share_telephone_numbers(duka):
    assert count(
        duka,
        """
        select right(regexp_replace(loyalty_members.phone, '[^0-9]', '', 'g'), 7) as line
        from loyalty_members
        inner join truth_identities on source_record_id = 'loyalty:' || member_id
        inner join truth_persons as person using (entity_id)
        where contains(tags, 'shared_phone')
        group by line, household_id having count(distinct entity_id) > 1
        """,
    )


def test_one_person_is_spelled_in_several_scripts(duka):
    assert count(
        duka,
        r"""
        select entity_id from (
            select entity_id, regexp_matches(full_name, '\p{Arabic}|\p{Cyrillic}') as is_native
            from loyalty_members
            inner join truth_identities on source_record_id = 'loyalty:' || member_id
            union all
            select entity_id, regexp_matches(full_name, '\p{Arabic}|\p{Cyrillic}')
            from marketing_leads
            inner join truth_identities on source_record_id = 'leads:' || lead_id
            union all
            select entity_id, regexp_matches(last_name, '\p{Arabic}|\p{Cyrillic}')
            from crm_contacts
            inner join truth_identities on source_record_id = 'crm:' || contact_id
        )
        group by 1 having bool_or(is_native) and not bool_and(is_native)
        """,
    )


def test_some_dates_of_birth_have_day_and_month_in_each_others_place(duka):
    # Where the day is above twelve the date cannot be read: the door sets such rows aside.
    unreadable = duka.execute(
        """
        select count(*) from webshop_customers
        inner join truth_identities on source_record_id = 'webshop:' || customer_no
        inner join truth_persons using (entity_id)
        where webshop_customers.birth_date is not null
            and month(webshop_customers.birth_date) = day(truth_persons.birth_date)
            and day(webshop_customers.birth_date) = month(truth_persons.birth_date)
            and month(truth_persons.birth_date) != day(truth_persons.birth_date)
        """
    ).fetchone()[0]
    assert unreadable + put_in(duka, "swapped_date", "webshop") > 0


def test_people_move_and_some_records_keep_the_old_address(duka):
    moved = count(
        duka,
        """
        from loyalty_members
        inner join truth_identities on source_record_id = 'loyalty:' || member_id
        inner join truth_persons as person using (entity_id)
        where loyalty_members.street is not null
            and regexp_extract(loyalty_members.street, '[0-9]+')
                != regexp_extract(person.street, '[0-9]+')
        """,
    )
    share = moved / count(duka, "from loyalty_members where street is not null")
    assert 0.03 < share < 0.35
