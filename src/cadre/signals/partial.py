"""The one shape of partials, and the values that several signals form from it in the same way."""

import ibis
import ibis.expr.types as ir
from ibis import _

from cadre.signals.signal import Window

_DIGITS = "0123456789abcdef"
_LABEL_DIGITS = 8
"""Hexadecimal digits of a label's number: two of a thousand labels share one about once in ten thousand firms."""


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
        # Written 1.0, a number is a decimal to engines, and their products of decimals are rounded; a double stays one.
        quantity=quantity * ibis.literal(1).cast("float64"),
    )
    return rows.group_by("account_id", "other_account_id", "day", "bin").agg(
        n=rows.count(), total=rows.quantity.sum(), total_sq=(rows.quantity * rows.quantity).sum()
    )


def bin_of(label: ir.StringValue) -> ir.IntegerValue:
    """Number that stands for a label in `bin`, the same on every engine and every version of one.

    Args:
        label: Any text; a missing one is as the empty one.

    Returns:
        The first digits of its MD5 (RFC 1321) as a number. An engine's own hash would change with the engine.
    """
    digest = label.fill_null("").hexdigest("md5")
    digits = [ibis.literal(_DIGITS).find(digest.substr(place, 1)) for place in range(_LABEL_DIGITS)]
    # The cast makes the products wide: to Spark a place in a text is a number of 32 bits.
    worth = [digit * ibis.literal(16**place).cast("int64") for place, digit in enumerate(digits)]
    return sum(worth, ibis.literal(0)).cast("int64")


MOST_OF_A_COUNT = 0.52
"""The most that the logarithm of a count, half added, varies by (variance), whatever its mean; at a mean of 1.2 for a Poisson count."""


def log_variance(count: ir.FloatingValue) -> ir.FloatingValue:
    """Variance of the logarithm of a count with half added: 1 / (count + 1/2), and never more than such a logarithm can vary.

    Where nothing was seen the formula says 2, though nothing is what is seen there again and again: people who never do a thing
    would get intervals twice too wide and hide what others differ by.

    References:
        Gart and Zweifel 1967 for the formula, which is meant for counts from about two on.
    """
    plain: ir.FloatingValue = 1 / (count + 0.5)
    return ibis.least(plain, ibis.literal(MOST_OF_A_COUNT))


def share(partials: ir.Table, window: Window) -> ir.Table:
    """Share of observations that count, with the variance of its logit (Jeffreys: half an observation on each side)."""
    del window
    sums = partials.group_by("person_id").agg(k=partials.total.sum(), n=partials.n.sum())
    return sums.select(
        "person_id", "n", raw_value=sums.k / sums.n, variance=log_variance(sums.k) + log_variance(sums.n - sums.k)
    )


def share_of_many(partials: ir.Table, window: Window) -> ir.Table:
    """The same over observations that others make, see `with_weights`, so that two who keep asking each other gain nothing.

    Weights stand for counts in the variance of the logit.

    References:
        Kish 1965 for the effective number of weighted observations.
    """
    del window
    pairs = with_weights(partials).group_by("person_id", "other_account_id", "weight").agg(
        k=_.total.sum(), n=_.n.sum()
    )  # fmt: skip
    sums = pairs.group_by("person_id").agg(
        k=(_.weight * _.k).sum(), w=(_.weight * _.n).sum(), ww=(_.weight * _.weight * _.n).sum(), n=_.n.sum()
    )  # fmt: skip
    worth = sums.w * sums.w / sums.ww
    told = sums.mutate(raw_value=sums.k / sums.w, worth=worth)
    yes, no = told.raw_value * told.worth + 0.5, (1 - told.raw_value) * told.worth + 0.5
    return told.select("person_id", "n", "raw_value", variance=1 / yes + 1 / no)


LEAST_OTHERS = 5
"""Others from which on the one with most observations is left out: a bargain of two is one pair, and the rest shows the habit."""
MOST_OF_ONE = 1 / 20
"""Part of all that one other person's observations may weigh; in a small firm all then weigh alike."""
LEAST_OF_ONE = 2.0


def with_weights(partials: ir.Table) -> ir.Table:
    """Partials with `weight` of each observation: the other with most of them is left out, no other weighs more than a twentieth.

    Of several with as many the last by key is left out, and with fewer than `LEAST_OTHERS` others nobody is.
    """
    pairs = partials.group_by("person_id", "other_account_id").agg(of_pair=_.n.sum())
    first = ibis.window(group_by="person_id", order_by=[ibis.desc("of_pair"), ibis.desc("other_account_id")])
    ranked = pairs.mutate(place=ibis.row_number().over(first), others=_.count().over(ibis.window(group_by="person_id")))
    kept = ranked.filter((ranked.place > 0) | (ranked.others < LEAST_OTHERS))
    whole = kept.group_by("person_id").agg(of_all=_.of_pair.sum())
    joined = kept.join(whole, "person_id")
    most = ibis.greatest(joined.of_all * MOST_OF_ONE, ibis.literal(LEAST_OF_ONE))
    weighed = joined.select(
        "person_id", "other_account_id", weight=ibis.least(most / joined.of_pair, ibis.literal(1.0))
    )
    return partials.join(weighed, ["person_id", "other_account_id"])


def mean(partials: ir.Table, window: Window) -> ir.Table:
    """Mean of the quantity with the variance of the mean; one observation alone gets the quantity's own square."""
    del window
    sums = partials.group_by("person_id").agg(n=partials.n.sum(), x=partials.total.sum(), xx=partials.total_sq.sum())
    middle = sums.x / sums.n
    spread = ibis.greatest(sums.xx / sums.n - middle * middle, ibis.literal(1e-4))
    # n - 1 in place of n for the spread; with one row the spread is zero and the floor stands for "unknown".
    inflated = spread * sums.n / ibis.greatest(sums.n - 1, ibis.literal(1))
    return sums.select("person_id", "n", raw_value=middle, variance=inflated / sums.n)


def mean_over_days(partials: ir.Table, window: Window) -> ir.Table:
    """The same where a day's observations hang together, such as turns in one incident: its variance is that between days.

    One day alone tells nothing of how days differ, so its variance is that of its observations taken four times.

    References:
        Liang and Zeger 1986 for sums that hang together within groups.
    """
    plain = mean(partials, window)
    days = partials.group_by("person_id", "day").agg(n=_.n.sum(), x=_.total.sum())
    joined = days.join(plain.select("person_id", "raw_value"), "person_id")
    rest = joined.x - joined.raw_value * joined.n
    apart = joined.mutate(square=rest * rest).group_by("person_id").agg(
        squares=_.square.sum(), all=_.n.sum(), groups=_.count()
    )  # fmt: skip
    both = plain.join(apart, "person_id")
    between = both.squares / (both.all * both.all) * both.groups / ibis.greatest(both.groups - 1, ibis.literal(1))
    alone = (both.groups < 2).ifelse(both.variance * 4, both.variance)
    return both.select("person_id", "n", "raw_value", variance=ibis.greatest(alone, between))


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


MEANS = (share, mean, mean_against)
"""Value steps that give the mean of a person's rows, so that one row's part can be told; of any other it cannot."""
