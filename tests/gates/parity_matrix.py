"""Questions of every kind on which DuckDB and pandas are compared, about the rows of a test."""

from tests.gates.conftest import expect

NAMES = [
    "Nguyễn Thị Mai",
    "محمد",
    "Алишер",
    "O'Brien",
    "Ann  Lee",
    "ann@example.com",
    "",
    " ",
    "日本",
]
ABOVE_TWO = {
    "type": "comparison",
    "column": {"name": "number"},
    "operator": ">",
    "parameter": 2,
}
TYPES = {
    "key": "varchar",
    "text": "varchar",
    "amount": "decimal(18,2)",
    "number": "bigint",
    "ratio": "double",
    "share": "double",
    "day": "date",
    "moment": "timestamp",
}

EXPECTATIONS = {
    "not null": expect("expect_column_values_to_not_be_null", column="text"),
    "null": expect("expect_column_values_to_be_null", column="text"),
    "unique key": expect("expect_column_values_to_be_unique", column="key"),
    "unique text": expect("expect_column_values_to_be_unique", column="text"),
    "unique amount": expect("expect_column_values_to_be_unique", column="amount"),
    "unique pair": expect("expect_compound_columns_to_be_unique", column_list=["text", "number"]),
    "unique key pair": expect(
        "expect_compound_columns_to_be_unique", column_list=["key", "number"]
    ),
    "in set of text": expect(
        "expect_column_values_to_be_in_set", column="text", value_set=[*NAMES[:4], ""]
    ),
    "in set of numbers": expect(
        "expect_column_values_to_be_in_set", column="number", value_set=[0, 1, 2]
    ),
    "not in set": expect(
        "expect_column_values_to_not_be_in_set", column="text", value_set=["O'Brien", "محمد"]
    ),
    "number between": expect(
        "expect_column_values_to_be_between", column="number", min_value=1, max_value=3
    ),
    "number strictly between": expect(
        "expect_column_values_to_be_between",
        column="number",
        min_value=1,
        max_value=3,
        strict_min=True,
        strict_max=True,
    ),
    "amount not negative": expect(
        "expect_column_values_to_be_between", column="amount", min_value=0
    ),
    "amount between": expect(
        "expect_column_values_to_be_between", column="amount", min_value=0.25, max_value=1
    ),
    "ratio between": expect(
        "expect_column_values_to_be_between", column="ratio", min_value=0, max_value=0.75
    ),
    "moment between": expect(
        "expect_column_values_to_be_between",
        column="moment",
        min_value="2020-01-03 00:00:00",
        max_value="2020-01-20 12:00:00",
    ),
    "day between": expect(
        "expect_column_values_to_be_between",
        column="day",
        min_value="2020-01-03",
        max_value="2020-01-20",
    ),
    "day up to the run": expect(
        "expect_column_values_to_be_between", column="day", max_value={"$PARAMETER": "today"}
    ),
    "moment up to the run": expect(
        "expect_column_values_to_be_between", column="moment", max_value={"$PARAMETER": "as_of"}
    ),
    "length between": expect(
        "expect_column_value_lengths_to_be_between", column="text", min_value=1, max_value=8
    ),
    "length equals": expect("expect_column_value_lengths_to_equal", column="text", value=4),
    "word characters": expect("expect_column_values_to_match_regex", column="text", regex=r"^\w+$"),
    "has a space": expect("expect_column_values_to_match_regex", column="text", regex=r"\s"),
    "e-mail": expect(
        "expect_column_values_to_match_regex", column="text", regex=r"^[^@\s]+@[^@\s]+\.[a-z]+$"
    ),
    "no at sign": expect("expect_column_values_to_not_match_regex", column="text", regex="@"),
    "any pattern": expect(
        "expect_column_values_to_match_regex_list",
        column="text",
        regex_list=["@", "^O'"],
        match_on="any",
    ),
    "all patterns": expect(
        "expect_column_values_to_match_regex_list",
        column="text",
        regex_list=["n", "e"],
        match_on="all",
    ),
    "none of the patterns": expect(
        "expect_column_values_to_not_match_regex_list", column="text", regex_list=["@", "日"]
    ),
    "pair greater": expect(
        "expect_column_pair_values_a_to_be_greater_than_b",
        column_A="number",
        column_B="ratio",
        or_equal=True,
        ignore_row_if="either_value_is_missing",
    ),
    "pair greater where one is missing": expect(
        "expect_column_pair_values_a_to_be_greater_than_b",
        column_A="ratio",
        column_B="share",
        ignore_row_if="both_values_are_missing",
    ),
    "pair equal": expect(
        "expect_column_pair_values_to_be_equal",
        column_A="ratio",
        column_B="share",
    ),
    "pair in set": expect(
        "expect_column_pair_values_to_be_in_set",
        column_A="text",
        column_B="number",
        value_pairs_set=[[NAMES[0], 0], [NAMES[1], 1], [NAMES[4], None]],
    ),
    "different within a row": expect(
        "expect_select_column_values_to_be_unique_within_record",
        column_list=["ratio", "share"],
    ),
    "sum of a row": expect(
        "expect_multicolumn_sum_to_equal", column_list=["ratio", "share"], sum_total=1
    ),
    "unique among some rows": expect(
        "expect_column_values_to_be_unique",
        column="text",
        row_condition=ABOVE_TWO,
    ),
    "unique pair among some rows": expect(
        "expect_compound_columns_to_be_unique",
        column_list=["text", "number"],
        row_condition=ABOVE_TWO,
    ),
    "unique pair without missing": expect(
        "expect_compound_columns_to_be_unique",
        column_list=["text", "number"],
        ignore_row_if="any_value_is_missing",
    ),
    "median": expect("expect_column_median_to_be_between", column="ratio", min_value=0.1),
    "spread": expect("expect_column_stdev_to_be_between", column="ratio", min_value=0.1),
    "quantiles": expect(
        "expect_column_quantile_values_to_be_between",
        column="ratio",
        quantile_ranges={"quantiles": [0.1, 0.5], "value_ranges": [[0, 0.5], [0.1, 0.9]]},
        allow_relative_error=False,
    ),
    "contains values": expect(
        "expect_column_distinct_values_to_contain_set", column="number", value_set=[0, 1]
    ),
    "equals values": expect(
        "expect_column_distinct_values_to_equal_set", column="number", value_set=[0, 1, 2, 3, 4]
    ),
    "most common": expect(
        "expect_column_most_common_value_to_be_in_set", column="number", value_set=[0]
    ),
    "z score": expect(
        "expect_column_value_z_scores_to_be_less_than",
        column="ratio",
        threshold=1.2,
        double_sided=True,
    ),
    "only some rows": expect(
        "expect_column_values_to_be_in_set",
        column="text",
        value_set=NAMES[:3],
        row_condition=ABOVE_TWO,
    ),
    "row count": expect("expect_table_row_count_to_be_between", min_value=2, max_value=100),
    "column set": expect(
        "expect_table_columns_to_match_set", column_set=list(TYPES), exact_match=True
    ),
    "column exists": expect("expect_column_to_exist", column="day"),
    "mean": expect("expect_column_mean_to_be_between", column="ratio", min_value=0.1, max_value=9),
    "sum": expect("expect_column_sum_to_be_between", column="ratio", min_value=1, max_value=99),
    "smallest": expect("expect_column_min_to_be_between", column="ratio", min_value=0),
    "largest": expect("expect_column_max_to_be_between", column="ratio", max_value=1),
    "distinct share": expect(
        "expect_column_proportion_of_unique_values_to_be_between", column="text", min_value=0.2
    ),
    "distinct count": expect(
        "expect_column_unique_value_count_to_be_between", column="text", min_value=1, max_value=8
    ),
    "filled share": expect(
        "expect_column_proportion_of_non_null_values_to_be_between", column="text", min_value=0.9
    ),
    "distinct values in set": expect(
        "expect_column_distinct_values_to_be_in_set", column="number", value_set=[0, 1, 2, 3, 4]
    ),
}
TAKES_MOSTLY = [
    name
    for name, expectation in EXPECTATIONS.items()
    if expectation["type"].startswith(("expect_column_value", "expect_column_pair"))
    and not expectation["type"].endswith("to_exist")
]
