"""Render pages of the Data Docs with GX's renderers, in a frame that needs nothing from the net.

Importing this module imports Great Expectations, which takes seconds.
"""

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.core.expectation_validation_result import (
    ExpectationSuiteValidationResult,
    expectationSuiteValidationResultSchema,
)
from great_expectations.render.renderer.page_renderer import (
    ExpectationSuitePageRenderer,
    ValidationResultsPageRenderer,
)
from great_expectations.render.view.view import DefaultJinjaPageView

from orchestration.gates.suites import Suite
from orchestration.gates.validation import data_context

OVERVIEWS = ("Overview", "Run Info")
TEMPLATES_DIR = Path(__file__).parent / "data_docs_templates"


class GatePageView(DefaultJinjaPageView):
    """GX's page view with our frame."""

    _template = "gate_page.html"


@cache
def view() -> GatePageView:
    """Return the view, which finds our templates beside GX's."""
    return GatePageView(custom_views_directory=str(TEMPLATES_DIR))


def render_page(suite: Suite, content: Mapping[str, Any] | None, **frame: object) -> str:
    """Return the page of a suite: its latest result, or its expectations if it has none."""
    data_context()  # GX's renderers ask the context of the process
    if content is None:
        expectations = [dict(expectation) for expectation in suite.expectations]
        renderer: Any = ExpectationSuitePageRenderer()
        document = renderer.render(ExpectationSuite(name=suite.name, expectations=expectations))
    else:
        document = ValidationResultsPageRenderer(run_info_at_end=True).render(result_of(content))
    # The frame says more shortly what GX's overview says, and GX's links lead into its own site.
    document.sections = [
        section for section in document.sections if section.section_name not in OVERVIEWS
    ]
    page_view: Any = view()
    return str(page_view.render(document, suite=suite, **frame))


def result_of(content: Mapping[str, Any]) -> ExpectationSuiteValidationResult:
    """Return GX's validation result of a stored one."""
    loaded = deepcopy(dict(content))
    for result in loaded["results"]:
        # GX's page wants a traceback; ours is not kept, as it may quote a row.
        result["exception_info"]["exception_traceback"] = result["meta"]["reason"]
    restored: ExpectationSuiteValidationResult = expectationSuiteValidationResultSchema.load(loaded)
    return restored


def render_index(**content: object) -> str:
    """Return the index page."""
    return str(view().env.get_template("gate_index.html").render(**content))
