"""The walk from a column to its origins and its uses, and how people name a column."""

import pytest

from orchestration.lineage.columns import ColumnName
from orchestration.lineage.errors import UnknownColumnError
from orchestration.lineage.graph import ColumnGraph

SOURCE = ColumnName("source", "crm.contacts", "email")
LANDED = ColumnName("landing", "crm_contacts", "email")
OTHER = ColumnName("landing", "web_events", "email")
CONFORMED = ColumnName("conformed", "people", "email")
MART = ColumnName("marts", "customer_360", "email")


@pytest.fixture
def graph():
    graph = ColumnGraph()
    graph.add(LANDED, [SOURCE])
    graph.add(CONFORMED, [LANDED, OTHER])
    graph.add(MART, [CONFORMED])
    return graph


def test_up_leads_to_everything_a_column_is_made_of(graph):
    walk = graph.walk(MART, "up")
    assert walk.columns == (SOURCE, LANDED, OTHER, CONFORMED, MART)
    assert walk.ends == (SOURCE, OTHER)


def test_down_leads_to_everything_that_is_made_of_a_column(graph):
    walk = graph.walk(SOURCE, "down")
    assert walk.columns == (SOURCE, LANDED, CONFORMED, MART)
    assert walk.ends == (MART,)


def test_a_column_that_is_made_of_itself_ends_the_walk(graph):
    graph.add(MART, [CONFORMED, MART])
    assert (MART, MART) not in graph.walk(MART, "up").edges


def test_a_column_is_found_with_and_without_its_layer(graph):
    assert graph.find("customer_360.email") == MART
    assert graph.find(" Marts.Customer_360.Email ") == MART
    assert graph.find("crm.contacts.email") == SOURCE


def test_a_name_that_fits_several_columns_is_asked_back(graph):
    graph.add(ColumnName("staging", "people", "email"))
    with pytest.raises(UnknownColumnError, match="name the layer as well"):
        graph.find("people.email")


def test_an_unknown_column_brings_those_of_its_table_with_it(graph):
    with pytest.raises(UnknownColumnError, match="customer_360 has 1 columns, among them email"):
        graph.find("customer_360.mail")
    with pytest.raises(UnknownColumnError, match=r"name it as TABLE\.COLUMN"):
        graph.find("nonsense")
