"""A small pipeline with the shape of the daily run, to drive from the command line's side.

The file named by the environment variable SMALL_PIPELINE_FAULT says what goes wrong in it.
"""

import os
import sys
import time
from pathlib import Path

import dagster as dg

from orchestration.landing.errors import LandingError


def fault() -> str:
    path = Path(os.environ["SMALL_PIPELINE_FAULT"])
    return path.read_text(encoding="utf-8") if path.exists() else ""


@dg.asset(key=["landing", "crm_contacts"])
def crm_contacts(context: dg.AssetExecutionContext) -> None:
    sys.stdout.write(f"noise of the run as of {context.run.tags['c360/as_of']}\n")


@dg.asset_check(asset=["landing", "crm_contacts"], name="gate", blocking=True)
def gate() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=fault() != "gate")


@dg.multi_asset(
    name="conformed",
    specs=[
        dg.AssetSpec(["staging", "stg_crm__contacts"], deps=[["landing", "crm_contacts"]]),
        dg.AssetSpec(["conformed", "int_person_records__normalised"]),
    ],
    can_subset=False,
)
def conformed():
    if fault() == "endless":
        time.sleep(60)
    if fault() == "ours":
        raise LandingError("crm.contacts is not delivered: look into the inbox")
    if fault() == "library":
        raise ValueError("could not convert string 'Wanjiru' to a number")
    yield dg.MaterializeResult(["staging", "stg_crm__contacts"])
    yield dg.MaterializeResult(["conformed", "int_person_records__normalised"])


@dg.asset(key=["publishing", "snapshot"], deps=[["conformed", "int_person_records__normalised"]])
def snapshot() -> None:
    if fault() == "late":
        raise LandingError("nothing is published today")


defs = dg.Definitions(
    assets=[crm_contacts, conformed, snapshot],
    asset_checks=[gate],
    jobs=[dg.define_asset_job("daily", executor_def=dg.in_process_executor)],
)
