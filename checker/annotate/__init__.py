"""A copy of a workbook with the findings marked in it, made by patching its package: what is not marked stays as it is,
byte for byte."""

from __future__ import annotations

from checker.annotate.copying import Annotated, annotate, clear, written_to
from checker.annotate.mark import Skipped

__all__ = ["Annotated", "Skipped", "annotate", "clear", "written_to"]
