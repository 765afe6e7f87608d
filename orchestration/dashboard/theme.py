"""Colours and letters of the dashboard, in light and in dark."""

CATEGORIES = [
    "#2a78d6",
    "#12986f",
    "#e0872a",
    "#8b5fbf",
    "#d6567c",
    "#5b6b7f",
    "#b39a1f",
    "#2aa3b8",
]
CATEGORIES_DARK = [
    "#5fa4f5",
    "#37c696",
    "#f2a65a",
    "#b08be6",
    "#f07fa2",
    "#9db0c6",
    "#d9c04a",
    "#58c8dc",
]
SEQUENCE = [
    "#eaf3fd",
    "#d3e6fb",
    "#b5d4f7",
    "#93bff1",
    "#6fa7e9",
    "#4b8ede",
    "#2f75cc",
    "#205eac",
    "#16488a",
    "#0d3268",
]
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"

THEME: dict[str, object] = {
    "theme.font": FONT,
    "theme.baseFontSize": 15,
    "theme.baseRadius": "0.6rem",
    "theme.showWidgetBorder": True,
    "theme.metricValueFontSize": "1.75rem",
    "theme.headingFontSizes": ["2.2rem", "1.7rem", "1.4rem", "1.2rem", "1.05rem", "1rem"],
    "theme.light.primaryColor": "#1d66c2",
    "theme.light.backgroundColor": "#fbfcfd",
    "theme.light.secondaryBackgroundColor": "#f0f3f7",
    "theme.light.textColor": "#1b2330",
    "theme.light.borderColor": "#dde3ea",
    "theme.light.chartCategoricalColors": CATEGORIES,
    "theme.light.chartSequentialColors": SEQUENCE,
    "theme.dark.primaryColor": "#6fb0ff",
    "theme.dark.backgroundColor": "#12161c",
    "theme.dark.secondaryBackgroundColor": "#1b2129",
    "theme.dark.textColor": "#e8ebf0",
    "theme.dark.borderColor": "#323b47",
    "theme.dark.chartCategoricalColors": CATEGORIES_DARK,
    "theme.dark.chartSequentialColors": SEQUENCE[::-1],
}
