"""The tab of the ribbon: which buttons there are, as one table, and their customUI XML ([MS-CUSTOMUI])."""

from __future__ import annotations

from typing import Final, NamedTuple
from xml.sax.saxutils import quoteattr

from checker.messages import Text, tr

__all__ = ["ACTIONS", "CALLBACK", "GROUPS", "Button", "Group", "custom_ui"]

NAMESPACE: Final = "http://schemas.microsoft.com/office/2006/01/customui"
#: The VBA procedure that all buttons call; see ``CheckerRibbon.bas``.
CALLBACK: Final = "CheckerRibbon.CheckerAction"


class Button(NamedTuple):
    """A button. ``action`` is its identifier too; ``image`` is the name of a picture that Excel has."""

    action: str
    label: Text
    tip: Text
    image: str


class Group(NamedTuple):
    id: str
    label: Text
    buttons: tuple[Button, ...]


GROUPS: Final = (
    Group(
        "checking",
        tr("Check and score"),
        (
            Button(
                "check",
                tr("Check"),
                tr("Check the whole workbook, mark what is wrong and list it in a result sheet."),
                "Spelling",
            ),
            Button(
                "check_sheet",
                tr("Check this sheet"),
                tr("Mark and list only what concerns the sheet in front, also where rules compare it with others."),
                "CalculateSheet",
            ),
            Button(
                "score", tr("Scoring"), tr("Compute the scores anew and compare them with those claimed."), "Calculator"
            ),
        ),
    ),
    Group(
        "findings",
        tr("Deal with problems"),
        (
            Button("next", tr("Next problem"), tr("Go to the next cell that has a problem."), "ReviewNextComment"),
            Button(
                "explain",
                tr("Write an explanation"),
                tr("What belongs in this cell, which rules look at it, and where to explain a warning about it."),
                "ReviewEditComment",
            ),
            Button(
                "clear",
                tr("Clear marks"),
                tr("Take away all marks and result sheets; your own colours and comments come back."),
                "DataValidationClearValidationCircles",
            ),
        ),
    ),
    Group("guide", tr("Help"), (Button("help", tr("Help"), tr("How to use these buttons."), "Help"),)),
)
#: What the buttons ask for: all that ``checker.excel.main`` may be called with.
ACTIONS: Final = tuple(button.action for group in GROUPS for button in group.buttons)


def custom_ui(language: str = "zh") -> bytes:
    """The ribbon as the add-in carries it."""

    def say(text: Text) -> str:
        return quoteattr(text.render(language))

    lines = [
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
        f'<customUI xmlns="{NAMESPACE}">',
        "<ribbon><tabs>",
        f'<tab id="checker" label={say(tr("Performance check"))}>',
    ]
    for group in GROUPS:
        lines.append(f'<group id="{group.id}" label={say(group.label)}>')
        lines += (
            f'<button id="{button.action}" label={say(button.label)} screentip={say(button.label)}'
            f' supertip={say(button.tip)} imageMso="{button.image}" size="large" onAction="{CALLBACK}"/>'
            for button in group.buttons
        )
        lines.append("</group>")
    lines += ["</tab>", "</tabs></ribbon>", "</customUI>", ""]
    return "\n".join(lines).encode()
