"""The one shape of partials, and the values that several signals form from it in the same way."""

import ibis
import ibis.expr.types as ir

from cadre.signals.signal import Window


def daily(
    table: ir.Table, *, quantity: ir.FloatingValue, other: str | None = None, bin_: ir.IntegerValue | None = None
) -> ir.Table:
    """Sums by account (and the other account) and local day.

    Args:
        table: Rows with `account_id` and `local_at`.
        quantity: What is summed, a column of `table`.
        other: Name of the column with the other account.
        bin_: Bin of a histogram, a column of `table`.
    """
    rows = table.filter(table.account_id.notnull() & table.local_at.notnull()).select(
        "account_id",
        other_account_id=table[other] if other else ibis.null("string"),
        day=table.local_at.date(),
        bin=bin_.cast("int64") if bin_ is not None else ibis.null("int64"),
        quantity=quantity.cast("float64"),
    )
    return rows.group_by("account_id", "other_account_id", "day", "bin").agg(
        n=rows.count(), total=rows.quantity.sum(), total_sq=(rows.quantity * rows.quantity).sum()
    )


def share(partials: ir.Table, window: Window) -> ir.Table:
    """Share of observations that count, with the variance of its logit (Jeffreys: half an observation on each side)."""
    del window
    sums = partials.group_by("person_id").agg(k=partials.total.sum(), n=partials.n.sum())
    return sums.select(
        "person_id", "n", raw_value=sums.k / sums.n, variance=1 / (sums.k + 0.5) + 1 / (sums.n - sums.k + 0.5)
    )


def mean(partials: ir.Table, window: Window) -> ir.Table:
    """Mean of the quantity with the variance of the mean; one observation alone gets the quantity's own square."""
    del window
    sums = partials.group_by("person_id").agg(n=partials.n.sum(), x=partials.total.sum(), xx=partials.total_sq.sum())
    middle = sums.x / sums.n
    spread = ibis.greatest(sums.xx / sums.n - middle * middle, ibis.literal(1e-4))
    # n - 1 in place of n for the spread; with one row the spread is zero and the floor stands for "unknown".
    inflated = spread * sums.n / ibis.greatest(sums.n - 1, ibis.literal(1))
    return sums.select("person_id", "n", raw_value=middle, variance=inflated / sums.n)


def against(table: ir.Table, *, quantity: ir.FloatingValue, doubt: ir.FloatingValue) -> ir.Table:
    """Sums by day of a quantity held against an expectation (bin 0), and of the doubt of that expectation (bin 1).

    Args:
        table: Rows with `account_id` and `local_at`.
        quantity: What is summed, a column of `table`.
        doubt: Half the difference of what two halves of the record lead one to expect; a missing one counts as none.
    """
    rows = table.select("account_id", "local_at", quantity=quantity, doubt=ibis.coalesce(doubt, ibis.literal(0.0)))
    rows = rows.filter(rows.quantity.notnull())
    seen = daily(rows, quantity=rows.quantity, bin_=ibis.literal(0))
    return seen.union(daily(rows, quantity=rows.doubt, bin_=ibis.literal(1)))


def mean_against(partials: ir.Table, window: Window) -> ir.Table:
    """Mean of a quantity held against an expectation, its variance with what the fit of the expectation adds.

    What the fit adds for a person is the square of their mean doubt; one square says little, so half of it is everybody's mean.

    References:
        Efron and Tibshirani 1993, ch. 10-11 (half samples), for the doubt.
    """
    seen = mean(partials.filter(partials.bin == 0), window)
    sums = partials.filter(partials.bin == 1).group_by("person_id").agg(d=partials.total.sum(), m=partials.n.sum())
    doubts = sums.select(doubted_id="person_id", square=(sums.d / sums.m) * (sums.d / sums.m))
    joined = seen.left_join(doubts, [("person_id", "doubted_id")])
    common = joined.square.mean().over(ibis.window())
    return joined.select(
        "person_id", "n", "raw_value", variance=joined.variance + (ibis.coalesce(joined.square, common) + common) / 2
    )
