"""The dashboard's script: what runs at every click, whichever page is open.

Pages are in `pages/`; how a person gets in is decided before, in `access.py`.
"""

import streamlit as st

from orchestration.dashboard import app_state
from orchestration.dashboard.errors import SnapshotUnavailableError
from orchestration.dashboard.pages import (
    campaigns,
    changes,
    customer,
    data_health,
    growth,
    overview,
    pipeline,
    segments,
    service,
    use_cases,
)

PAGES = {
    "": [
        st.Page(overview.page, title="Overview", icon=":material/monitoring:", default=True),
        st.Page(
            changes.page,
            title="What changed",
            icon=":material/compare_arrows:",
            url_path="changes",
        ),
        st.Page(
            customer.page,
            title="One customer",
            icon=":material/person_search:",
            url_path="customer",
        ),
    ],
    "Customers": [
        st.Page(growth.page, title="Growth", icon=":material/trending_up:", url_path="growth"),
        st.Page(
            segments.page, title="Segments", icon=":material/donut_small:", url_path="segments"
        ),
    ],
    "Work": [
        st.Page(
            campaigns.page, title="Campaigns", icon=":material/campaign:", url_path="campaigns"
        ),
        st.Page(pipeline.page, title="Pipeline", icon=":material/handshake:", url_path="pipeline"),
        st.Page(service.page, title="Service", icon=":material/support_agent:", url_path="service"),
    ],
    "Data": [
        st.Page(
            data_health.page,
            title="Data health",
            icon=":material/health_and_safety:",
            url_path="data_health",
        ),
        st.Page(
            use_cases.page, title="Use cases", icon=":material/checklist:", url_path="use_cases"
        ),
    ],
}
# Streamlit has no setting for these: a page that is not too wide to read, and figures that stand
# two by two on a phone.
STYLE = """
<style>
.stMainBlockContainer { max-width: 78rem; padding-top: 3.2rem; padding-bottom: 4rem; }
[class*="st-key-figures_"] {
  display: grid; align-items: stretch;
  grid-template-columns: repeat(auto-fit, minmax(9.3rem, 1fr));
}
[class*="st-key-figures_"] > div, [class*="st-key-figures_"] [data-testid="stMetric"] {
  width: 100% !important; height: 100%;
}
[data-testid="stMetricValue"] { font-variant-numeric: tabular-nums; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding-left: .9rem; padding-right: .9rem; padding-top: 3.4rem; }
  h1 { font-size: 1.7rem !important; }
  [data-testid="stMetricValue"] { font-size: 1.5rem; }
}
</style>
"""


def unavailable(problem: SnapshotUnavailableError) -> None:
    """Say what is wrong with the snapshot and what to do; nothing else can be shown."""
    st.title("Nothing to show yet", anchor=False)
    st.warning(f"**{problem.title}** {problem.advice}", icon=":material/inventory_2:")
    st.button("Look again", type="primary")


def main() -> None:
    """Show the page that was asked for, or why there is nothing to show."""
    st.set_page_config(page_title="Customer 360", page_icon=":material/hub:", layout="wide")
    st.html(STYLE)
    page = st.navigation(PAGES)
    try:
        app_state.snapshot()
        page.run()  # a file may be damaged where only one page looks
    except SnapshotUnavailableError as problem:
        unavailable(problem)


main()
