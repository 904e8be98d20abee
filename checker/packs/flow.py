"""Values written as YAML on one line, as the files of packs have them."""

from __future__ import annotations

__all__ = ["flow"]


def flow(value: object) -> str:
    """A value as YAML on one line, quoted only where it must be."""
    import yaml

    class Dumper(yaml.SafeDumper):
        def choose_scalar_style(self) -> str:
            style = str(super().choose_scalar_style())
            return '"' if style == "'" else style

    text = yaml.dump(value, Dumper=Dumper, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...").rstrip()
