"""How clear a text is for its reader, in parts that each say what a writer could change; never how clever a person is."""

from cadre.language.clarity.advice import advice
from cadre.language.clarity.measure import SCORED, form, score, version
from cadre.language.clarity.part import PARTS, READERS, parts
from cadre.language.clarity.reading import readable

__all__ = ["PARTS", "READERS", "SCORED", "advice", "form", "parts", "readable", "score", "version"]
