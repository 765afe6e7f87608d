"""Read the values that the columns of a source give to one role."""

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.normalise.distinct import map_distinct
from orchestration.identity.resolve_spec import Role


def role_values(raw: pa.Table, role: Role) -> pa.Array:
    """Return the values of a role, joined from several columns and mapped where asked."""
    columns = [pc.utf8_trim_whitespace(raw[name].combine_chunks()) for name in role.columns]
    values = columns[0]
    if len(columns) > 1:
        # Arrow's own skipping of nulls loses the rows in which all are null.
        filled = [column.fill_null("") for column in columns]
        joined = pc.binary_join_element_wise(*filled, role.separator)
        values = pc.utf8_trim(joined, characters=role.separator + " ")
    if role.value_map is not None:
        known = role.value_map
        values = map_distinct(values, lambda value: known.get(value.lower()))
    return values
