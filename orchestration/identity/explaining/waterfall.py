"""Draw the evidence for one person as a waterfall: what each field adds and takes, in bits.

An Altair chart, which a console shows and a file keeps; field names and levels only, no values.
"""

from dataclasses import asdict, dataclass
from pathlib import Path

import altair
import pandas as pd

from orchestration.identity.explaining.explanation import Explanation
from orchestration.identity.explaining.words import sentences

START, SUM = "everything else", "together"
FOR, AGAINST, TOTAL = "speaks for one person", "speaks against", "together"
_COLOURS = {FOR: "#2f7d6b", AGAINST: "#b5532a", TOTAL: "#5c6470"}


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of a waterfall, in bits."""

    step: str
    begins: float
    ends: float
    side: str

    @property
    def bits(self) -> float:
        """What the step adds."""
        return self.ends - self.begins


def waterfall_steps(found: Explanation) -> list[Step]:
    """Return the bars in order: from where to where each leads, and what it says."""
    parts = sorted((part for part in found.evidence if part.weight), key=lambda part: -part.weight)
    named = [(f"{part.field.replace('_', ' ')}: {part.level}", part.weight) for part in parts]
    steps: list[Step] = []
    here = 0.0
    for name, weight in [(START, found.other_weight), *named]:
        steps.append(Step(name, here, here + weight, FOR if weight >= 0 else AGAINST))
        here += weight
    return [*steps, Step(SUM, 0.0, here, TOTAL)]


def waterfall_chart(found: Explanation) -> altair.LayerChart | altair.FacetChart:
    """Return the waterfall of an explanation."""
    rows = [{**asdict(step), "label": f"{step.bits:+.1f}"} for step in waterfall_steps(found)]
    steps = pd.DataFrame(rows)
    order = steps["step"].tolist()
    base = altair.Chart(steps).encode(
        y=altair.Y("step:N", sort=order, title=None, axis=altair.Axis(labelLimit=260))
    )
    bars = base.mark_bar(height={"band": 0.7}).encode(
        x=altair.X("begins:Q", title="bits of evidence (each doubles the odds)"),
        x2="ends:Q",
        color=altair.Color(
            "side:N",
            title=None,
            scale=altair.Scale(domain=list(_COLOURS), range=list(_COLOURS.values())),
            legend=altair.Legend(orient="bottom"),
        ),
        tooltip=["step", "label"],
    )
    labels = base.mark_text(align="left", dx=4, fontSize=11).encode(
        x=altair.X("right_end:Q"), text="label:N"
    )
    labels = labels.transform_calculate(right_end="max(datum.begins, datum.ends)")
    rule = altair.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color="#999").encode(x="zero:Q")
    first, *rest = sentences(found)
    title = altair.TitleParams(first, subtitle=rest[:1], anchor="start", fontSize=13, limit=900)
    layers = altair.layer(rule, bars, labels)
    return layers.properties(width=620, height=22 * len(steps), title=title)


def write_waterfall(found: Explanation, path: Path) -> None:
    """Write the waterfall to a file: .svg, .png, or .html with all it needs inside."""
    path.parent.mkdir(parents=True, exist_ok=True)
    chart = waterfall_chart(found)
    if path.suffix == ".html":
        chart.save(str(path), inline=True)
    else:
        chart.save(str(path), scale_factor=2 if path.suffix == ".png" else 1)
