"""Build the marts of one home with dbt and print the seconds of every model; run as a process.

A process of its own, so that its memory can be measured from outside.
"""

import json
import sys
from pathlib import Path

from orchestration.settings import Settings


def build(selection: list[str]) -> dict[str, float]:
    """Run dbt on the selection and return the seconds of each model.

    Raises:
        SystemExit: dbt failed; its own message is on the standard error.
    """
    from dbt.cli.main import dbtRunner

    settings = Settings()
    target = settings.home_dir / "dbt"
    project = str(settings.dbt_project_dir)
    done = dbtRunner().invoke(
        ["--quiet", "--no-use-colors", "build", *selection]
        + ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
        + ["--project-dir", project, "--profiles-dir", project]
        + ["--target-path", str(target), "--log-path", str(target)]
    )
    if not done.success:
        raise SystemExit(1)
    results = json.loads(Path(target, "run_results.json").read_text(encoding="utf-8"))["results"]
    return {
        result["unique_id"].rsplit(".", 1)[-1]: round(result["execution_time"], 2)
        for result in results
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(build(sys.argv[1:])))
