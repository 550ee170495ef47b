"""Lead seats: the sheet, who fits which, which leads the firm needs, how they turned out."""
