"""Recipes that train the models the package ships; see README.md."""
