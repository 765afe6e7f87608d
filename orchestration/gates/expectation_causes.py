"""What a failing expectation stands for: `meta.cause` if its suite says so, else its type."""

NOT_COMPUTED = "gate could not be computed"
RULE_BROKEN = "rule broken"
CAUSES_OF_TYPES = {
    "expect_column_values_to_not_be_null": "missing values",
    "expect_column_values_to_be_null": "unexpected values",
    "expect_column_values_to_be_unique": "repeated keys",
    "expect_compound_columns_to_be_unique": "repeated keys",
    "expect_column_values_to_be_in_set": "unknown value",
    "expect_column_distinct_values_to_be_in_set": "unknown value",
    "expect_column_values_to_match_regex": "wrong format",
    "expect_column_values_to_not_match_regex": "wrong format",
    "expect_column_value_lengths_to_be_between": "wrong format",
    "expect_column_values_to_be_between": "out of range",
    "expect_table_columns_to_match_set": "columns changed",
    "expect_column_to_exist": "columns changed",
    "expect_table_row_count_to_be_between": "unusual volume",
}


def cause_of(type_: str, named: object, reason: str) -> str:
    """Return the cause that a failing expectation stands for."""
    if reason:
        return NOT_COMPUTED
    return str(named) if named else CAUSES_OF_TYPES.get(type_, RULE_BROKEN)
