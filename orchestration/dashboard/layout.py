"""The parts that pages are put together from: a heading, rows of figures, titled charts, tables."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import altair as alt
import pandas as pd
import streamlit as st

from orchestration.dashboard.app_state import snapshot
from orchestration.dashboard.wording import count, day


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, what it means, and by which name its origin can be asked for."""

    label: str
    value: str
    meaning: str
    column: str  # page.query.column
    change: str | None = None  # against the same span before
    less_is_better: bool = False


def heading(title: str, says: str) -> None:
    """Write the title of a page, what it is about, and of which day it speaks."""
    open_one = snapshot()
    st.title(title, anchor=False)
    st.caption(
        f"{says}  \nAs of {day(open_one.as_of)} · {count(open_one.customers)} customers"
        f" · snapshot {open_one.version}"
    )


def figures(row: Sequence[Figure]) -> None:
    """Write figures side by side; on a phone two of them stand beside each other."""
    with st.container(horizontal=True, gap="small", key=f"figures_{row[0].column}"):
        for figure in row:
            st.metric(
                figure.label,
                figure.value,
                figure.change,
                delta_color="inverse" if figure.less_is_better else "normal",
                help=f"{figure.meaning}\n\nWhere from: `c360 lineage {origin(figure.column)}`",
                border=True,
            )


def origin(column: str) -> str:
    """Return the name under which `c360 lineage` knows a figure of a page."""
    page, _, rest = column.partition(".")
    return f"dashboard_{page}.{rest}"


@contextmanager
def panel(title: str, says: str = "") -> Iterator[None]:
    """Frame a chart or a table, with its title and one line of explanation."""
    with st.container(border=True, height="stretch"):
        st.markdown(f"##### {title}")
        if says:
            st.caption(says)
        yield


def draw(chart: alt.Chart | alt.LayerChart, says: str) -> None:
    """Draw a chart, with words for those who do not see it."""
    st.altair_chart(chart, width="stretch", alt=says)


def table(
    frame: pd.DataFrame, columns: dict[str, object], *, says: str, height: int | None = None
) -> None:
    """Write a table with the given columns, in their order."""
    st.dataframe(
        frame,
        hide_index=True,
        column_order=list(columns),
        column_config=columns,  # type: ignore[arg-type]
        height=height or "auto",
        placeholder="",
        alt=says,
    )
