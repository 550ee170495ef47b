"""This week: what needs somebody, from every part."""
