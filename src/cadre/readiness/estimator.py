"""Bayesian logistic regression over competencies known with error, with informative priors.

The chance that a person would be judged a successful lead is logistic in their competencies. Competencies are posteriors, so the
likelihood of an outcome is integrated over them; weights have a normal prior. Without outcomes the prior stands. The posterior of
the weights is found at its mode and corrected by weighing draws around it, which `validation/posterior.py` holds against full
sampling. Written like a scikit-learn estimator, so that it can be studied as one; knows nothing of people or pages.
"""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DRAWS = 4000
_NODES = 15
_PORTION = 1_000_000
_MANY_OUTCOMES = 1000
"""From so many outcomes on the posterior is normal for all purposes (Bernstein and von Mises), and no draws are weighed."""
_FREEDOM = 5.0
"""Degrees of freedom of the draws' distribution: heavier tails than the posterior, so that no weight explodes."""


@dataclass
class ReadinessModel:
    """Logistic model with normal priors on its weights.

    Attributes:
        prior_mean: Intercept first, then one a competency (log odds a standard deviation).
        prior_sd: The same; 0 holds a weight where it is.
        seed: Of the draws; equal seeds give equal posteriors.
        coef_: Posterior means, after `fit`.
        coef_sd_: Posterior standard deviations.
        draws_: Posterior draws (`DRAWS` x weights), equally weighted.
        effective_: Draws that the weighted ones were worth; near `DRAWS` where the posterior is close to normal.
        n_outcomes_: Outcomes it was fitted on.
    """

    prior_mean: Floats
    prior_sd: Floats
    seed: int = 20261121
    coef_: Floats = field(init=False)
    coef_sd_: Floats = field(init=False)
    draws_: Floats = field(init=False)
    effective_: float = field(init=False, default=float(DRAWS))
    n_outcomes_: int = field(init=False, default=0)

    def get_params(self, deep: bool = True) -> dict[str, object]:
        """The arguments it was made with."""
        del deep
        return {"prior_mean": self.prior_mean, "prior_sd": self.prior_sd, "seed": self.seed}

    def set_params(self, **params: object) -> Self:
        """Change arguments."""
        for name, value in params.items():
            if name not in self.get_params():
                raise ValueError(f"no parameter {name!r}; there are prior_mean, prior_sd and seed")
            setattr(self, name, value)
        return self

    def fit(self, means: Floats, outcomes: NDArray[np.bool_] | Floats, variances: Floats | None = None) -> Self:
        """Learn from outcomes.

        Args:
            means: People x competencies, posterior means in sd; no rows at all leaves the prior.
            outcomes: Whether each turned out a successful lead.
            variances: Posterior variances of the competencies; none where they are known.

        Raises:
            ValueError: Shapes disagree, or a number is missing.
        """
        x = np.atleast_2d(np.asarray(means, dtype=np.float64)).reshape(-1, len(self.prior_mean) - 1)
        y = np.asarray(outcomes, dtype=np.float64)
        v = np.zeros_like(x) if variances is None else np.asarray(variances, dtype=np.float64).reshape(x.shape)
        if len(y) != len(x) or not (np.isfinite(x).all() and np.isfinite(v).all() and np.isfinite(y).all()):
            raise ValueError(f"{len(x)} people and {len(y)} outcomes, all finite, were expected to agree")
        posterior = _Posterior(self.prior_mean, self.prior_sd, x, v, y)
        self.n_outcomes_ = len(y)
        self.draws_, self.effective_ = posterior.draws(np.random.default_rng(self.seed))
        self.coef_, self.coef_sd_ = self.draws_.mean(axis=0), self.draws_.std(axis=0)
        return self

    def decision_function(self, means: Floats) -> Floats:
        """Log odds at the posterior means of weights, one a person; competencies as known."""
        odds: Floats = self.coef_[0] + np.asarray(means) @ self.coef_[1:]
        return odds

    def log_odds_draws(self, means: Floats, variances: Floats, draws: int = DRAWS) -> Floats:
        """Draws of each person's log odds: weights and competencies both drawn (people x draws)."""
        dice = np.random.default_rng(self.seed + 1)
        weights = self.draws_[: min(draws, len(self.draws_))]
        x, sd = np.asarray(means, dtype=np.float64), np.sqrt(variances)
        odds = np.tile(weights[:, 0], (len(x), 1))
        for k in range(x.shape[1]):
            odds += (x[:, k, None] + sd[:, k, None] * dice.standard_normal((len(x), len(weights)))) * weights[:, k + 1]
        return odds

    def predict_proba(self, means: Floats, variances: Floats | None = None) -> Floats:
        """Chance of each outcome, in scikit-learn's form (people x [no, yes]), averaged over what is not known."""
        x = np.atleast_2d(np.asarray(means, dtype=np.float64))
        v = np.zeros_like(x) if variances is None else np.asarray(variances, dtype=np.float64)
        yes = logistic(self.log_odds_draws(x, v)).mean(axis=1)
        return np.column_stack([1 - yes, yes])


class _Posterior:
    """Log posterior of the weights, competencies integrated out by quadrature."""

    def __init__(self, mean: Floats, sd: Floats, x: Floats, v: Floats, y: Floats) -> None:
        self.free = sd > 0
        self.mean, self.sd = mean, np.where(self.free, sd, 1.0)
        self.x, self.v, self.sign = (
            np.column_stack([np.ones(len(x)), x]),
            np.column_stack([np.zeros(len(v)), v]),
            2 * y - 1,
        )
        nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES if self.v.any() else 1)
        self.nodes, self.node_weights = nodes, weights / weights.sum()

    def at(self, free: Floats) -> tuple[float, Floats]:
        """Log posterior, up to a constant, and its gradient, for standardised free weights."""
        w = self.mean.copy()
        w[self.free] += self.sd[self.free] * free
        centre, spread = self.x @ w, np.sqrt(self.v @ w**2)
        eta = self.sign[:, None] * (centre[:, None] + spread[:, None] * self.nodes)
        each = logistic(eta)
        chance = np.maximum(each @ self.node_weights, 1e-300)
        slope = each * (1 - each) * self.sign[:, None] * self.node_weights
        along = slope.sum(axis=1) / chance
        across = (
            np.divide((slope * self.nodes).sum(axis=1), spread, out=np.zeros_like(spread), where=spread > 0) / chance
        )
        gradient = self.x.T @ along + w * (self.v.T @ across)
        value = float(np.log(chance).sum() - 0.5 * (free**2).sum())
        return value, gradient[self.free] * self.sd[self.free] - free

    def many(self, free: Floats) -> Floats:
        """Log posterior of many standardised free weights (draws x weights), one each."""
        w = np.tile(self.mean, (len(free), 1))
        w[:, self.free] += self.sd[self.free] * free
        centre, spread = self.x @ w.T, np.sqrt(self.v @ (w**2).T)
        chance = np.zeros_like(centre)
        for node, weight in zip(self.nodes, self.node_weights, strict=True):
            chance += weight * logistic(self.sign[:, None] * (centre + spread * node))
        told: Floats = np.log(np.maximum(chance, 1e-300)).sum(axis=0) - 0.5 * (free**2).sum(axis=1)
        return told

    def _portions(self) -> int:
        """Into how many parts draws are cut, so that outcomes x draws stay small."""
        return max(1, len(self.sign) * DRAWS // _PORTION)

    def draws(self, dice: np.random.Generator) -> tuple[Floats, float]:
        """Equally weighted draws of all weights, and what they are worth."""
        size = int(self.free.sum())
        mode, root = self._mode(size)
        z = dice.standard_normal((DRAWS // 2, size))
        z = np.concatenate([z, -z])  # pairs of opposites: the mean of a symmetric posterior comes out exactly
        if len(self.sign) >= _MANY_OUTCOMES:
            kept, worth = mode + z @ root.T, float(DRAWS)
        elif len(self.sign):
            scale = np.sqrt(_FREEDOM / dice.chisquare(_FREEDOM, DRAWS // 2))
            scale = np.concatenate([scale, scale])[:, None]
            tried = mode + (z * scale) @ root.T
            proposed = -(_FREEDOM + size) / 2 * np.log1p((z * scale) ** 2 @ np.ones(size) / _FREEDOM)
            log_weight = (
                np.concatenate([self.many(part) for part in np.array_split(tried, self._portions())]) - proposed
            )
            weight = np.exp(log_weight - log_weight.max())
            weight /= weight.sum()
            worth = float(1 / (weight**2).sum())
            kept = tried[_systematic(weight, dice)]
        else:
            kept, worth = z, float(DRAWS)
        made = np.tile(self.mean, (DRAWS, 1))
        made[:, self.free] += self.sd[self.free] * kept
        return made, worth

    def _mode(self, size: int) -> tuple[Floats, Floats]:
        """Mode of the standardised weights, and a root of the covariance there."""
        if not len(self.sign) or not size:
            return np.zeros(size), np.eye(size)
        from scipy.optimize import minimize  # noqa: PLC0415 (half a second)

        found = minimize(lambda f: tuple(-part for part in self.at(f)), np.zeros(size), jac=True, method="BFGS").x
        step = 1e-4
        curve = np.array(
            [(self.at(found + step * e)[1] - self.at(found - step * e)[1]) / (2 * step) for e in np.eye(size)]
        )
        values, vectors = np.linalg.eigh(-(curve + curve.T) / 2)
        return found, vectors / np.sqrt(np.maximum(values, 0.05))  # the prior alone gives 1


def logistic(odds: Floats) -> Floats:
    """Log odds as chances, without overflow."""
    made: Floats = 0.5 * (1 + np.tanh(0.5 * odds))
    return made


def _systematic(weight: Floats, dice: np.random.Generator) -> NDArray[np.int64]:
    """Places drawn in proportion to weights with the least scatter, in random order."""
    at = (dice.random() + np.arange(DRAWS)) / DRAWS
    found: NDArray[np.int64] = np.minimum(np.searchsorted(np.cumsum(weight), at), len(weight) - 1)
    return dice.permutation(found)
