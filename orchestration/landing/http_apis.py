"""Offer the items of an HTTP API to dlt: page by page, cut down to the declared columns as text."""

import json
from pathlib import Path
from typing import Any

from dlt.sources.rest_api import rest_api_resources

from orchestration.landing.contract import Contract
from orchestration.landing.contract_parts import HttpEndpoint
from orchestration.landing.databases import Offer
from orchestration.landing.placeholders import fill


def api_items(contract: Contract, endpoint: HttpEndpoint, inbox_dir: Path) -> Offer:
    raise NotImplementedError
