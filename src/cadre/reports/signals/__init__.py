"""Signals: what each is, its values over time, the rows behind them."""
