"""How every CSV file of people, clusters, truth or verdicts is read."""

# DuckDB would guess a comment sign from the rows, and drop those whose id begins with '#'.
CSV_AS_TEXT = "all_varchar = true, header = true, comment = ''"
