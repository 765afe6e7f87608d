"""Which columns of an expression its value is made of, and which merely decide or are merely read.

In `case when rank = 1 then email end` the value is an e-mail address: `email` is what it is made
of, `rank` decides whether it is taken. Where all that can be taken are constants, what decides is
the value: `case when opened > 0 then 'active' else 'lapsing' end` is made of `opened`.
"""

from collections.abc import Callable, Iterator

from sqlglot import exp

Part = exp.Column | exp.Star  # a star stands for the rows that are counted
Parts = Callable[[exp.Expr], Iterator[Part]]


def value_parts(expression: exp.Expr) -> Iterator[Part]:
    """Yield what the value of an expression is made of."""
    if isinstance(expression, exp.Column | exp.Star):
        yield expression
    elif isinstance(expression, exp.Case | exp.If):
        yield from _chosen(expression)
    elif isinstance(expression, exp.Window):
        ordered = [*(expression.args.get("partition_by") or []), expression.args.get("order")]
        yield from _first_with_columns(expression.this, ordered)
    elif isinstance(expression, exp.Filter | exp.ArgMax | exp.ArgMin):
        yield from _first_with_columns(expression.this, [expression.expression])
    elif isinstance(expression, exp.Order):  # inside an aggregate: string_agg(name order by rank)
        yield from value_parts(expression.this)
    elif isinstance(expression, exp.Exists):
        yield from expression.find_all(exp.Column)
    elif isinstance(expression, exp.Query):
        for projection in expression.selects:
            yield from value_parts(projection)
    else:
        for child in expression.iter_expressions():
            yield from value_parts(child)


def all_parts(expression: exp.Expr) -> Iterator[Part]:
    """Yield every column that stands in an expression, those that only decide included."""
    yield from expression.find_all(exp.Column)
    yield from (star for star in value_parts(expression) if isinstance(star, exp.Star))


def _chosen(expression: exp.Case | exp.If) -> Iterator[Part]:
    """Yield the values that can be taken; when all of them are constants, what decides."""
    branches = expression.args["ifs"] if isinstance(expression, exp.Case) else [expression]
    default = expression.args.get("default") or expression.args.get("false")
    taken = [branch.args["true"] for branch in branches]
    values = [part for value in [*taken, default] if value for part in value_parts(value)]
    if values:
        yield from values
        return
    decides = [branch.this for branch in branches]
    if isinstance(expression, exp.Case) and expression.this:
        decides.append(expression.this)
    for condition in decides:
        yield from value_parts(condition)


def _first_with_columns(value: exp.Expr, deciding: list[exp.Expr | None]) -> Iterator[Part]:
    """Yield what the value is made of, and what decides only if the value has no column."""
    parts = list(value_parts(value))
    yield from parts
    if not any(isinstance(part, exp.Column) for part in parts):
        for condition in deciding:
            if condition is not None:
                yield from condition.find_all(exp.Column)
