"""Open the stable name, read everything, check it against its own version, until told to stop.

Arguments: the stable path, the file whose appearance means stop. Prints one line of JSON:
how many answers, which versions were seen, what went wrong.
"""

import json
import sys
from pathlib import Path

import duckdb

from orchestration.publishing.contents import table_contents

SEEN = """
    select
        (select version from about.snapshot),
        (select list(distinct generation) from marts.customer_360),
        (select list(distinct generation) from marts.customer_timeline)
"""


def read_once(stable: Path) -> str:
    with duckdb.connect(str(stable), read_only=True) as connection:
        version, customers, timeline = connection.execute(SEEN).fetchone()
        tables = connection.execute("select * from about.tables order by table_name").fetchall()
        for table, rows, checksum in tables:
            found = table_contents(connection, "customer_360", "marts", table)
            if (found.rows, found.checksum) != (rows, checksum):
                raise AssertionError(f"{version}: {table} is not what the version says")
    if not customers == timeline == [int(version.rsplit("-", 1)[1])]:
        raise AssertionError(f"{version} mixes {customers} and {timeline}")
    return version


def main(stable: Path, stop: Path) -> None:
    answers, versions, errors = 0, set(), []
    while not stop.exists():
        try:
            versions.add(read_once(stable))
            answers += 1
        except (duckdb.Error, AssertionError) as error:
            errors.append(f"{type(error).__name__}: {error}")
    report = {"answers": answers, "versions": sorted(versions), "errors": errors}
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
