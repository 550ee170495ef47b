"""How clear a text is for whoever reads it, in parts that a writer can see and change; about the text, never the person."""

from cadre.language.writing.clarity import SCORED, advice, clarity
from cadre.language.writing.parts import PARTS, Reader, parts
from cadre.language.writing.readable import readable

__all__ = ["PARTS", "SCORED", "Reader", "advice", "clarity", "parts", "readable"]
