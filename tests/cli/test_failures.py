import sqlite3

import duckdb
import pytest

from orchestration.cli.failures import describe_exception, describe_messages, exit_code_of
from orchestration.gates.errors import GateConfigurationError
from orchestration.gates.suites import load_suites
from orchestration.publishing.errors import PublishingError


def raised(action) -> BaseException:
    with pytest.raises(Exception) as caught:  # noqa: PT011  whatever it is, its description counts
        action()
    return caught.value


def test_exception_of_ours_is_quoted_in_one_line():
    assert describe_exception(PublishingError("the disk\n  is full")) == "the disk is full"


def test_exception_of_ours_behind_one_of_a_library_is_found():
    def fail():
        try:
            raise PublishingError("the disk is full")
        except PublishingError as error:
            raise RuntimeError("step failed") from error

    assert describe_exception(raised(fail)) == "the disk is full"


def test_broken_suite_is_told_with_its_place_as_wrong_input(tmp_path):
    (tmp_path / "marts").mkdir()
    (tmp_path / "marts" / "fct_orders.json").write_text('{ "name": ', encoding="utf-8")
    error = raised(lambda: load_suites([tmp_path]))

    assert isinstance(error, GateConfigurationError)
    told = "marts/fct_orders.json: line 1, column 11: Expecting value"
    assert (describe_exception(error), exit_code_of(error)) == (told, 2)


def test_value_that_a_library_quotes_is_not_repeated():
    def cast_a_name():
        duckdb.sql("select cast('Wanjiru' as integer)").fetchall()

    error = raised(cast_a_name)
    assert "Wanjiru" in str(error)
    assert describe_exception(error) == "ConversionException (`--debug` shows where)"


@pytest.mark.parametrize(
    ("messages", "sentence"),
    [
        (
            [
                "dagster._core.errors.DagsterExecutionStepExecutionError: Error occurred\n",
                "orchestration.landing.errors.LandingError: crm.contacts: no header\n",
            ],
            "crm.contacts: no header",
        ),
        (
            [
                "dagster_dbt.errors.DagsterDbtCliRuntimeError: The dbt process failed\n"
                "Runtime Error in model int_orders__unioned (models/int_orders__unioned.sql)\n"
                "  Conversion Error: Could not convert string 'Wanjiru' to INT32"
            ],
            "dbt could not build model int_orders__unioned",
        ),
        (["builtins.ValueError: 'Wanjiru' is no number"], "ValueError"),
        (["ValueError: 'Wanjiru' is no number"], "ValueError"),
        ([], "no reason"),
    ],
)
def test_failure_of_a_step_is_one_sentence_without_values(messages, sentence):
    assert describe_messages(messages) == sentence


def test_full_disk_is_told_by_its_name_whichever_tool_met_it():
    sentence = describe_messages(
        [
            "dagster._core.errors.DagsterExecutionStepExecutionError: Error occurred\n",
            'duckdb.IOException: IO Error: Could not write file "w": No space left on device\n',
        ]
    )
    assert sentence.startswith("the disk is full: ")
    assert describe_exception(sqlite3.OperationalError("database or disk is full")) == sentence


def test_what_the_system_refuses_is_said_with_the_path(tmp_path):
    path = tmp_path / "home"
    path.write_text("a file in the place of a folder", encoding="utf-8")
    assert describe_exception(raised(path.mkdir)) == f"File exists: {path}"
