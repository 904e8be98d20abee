"""``halving``: full marks where the measure reaches the target, else half of them."""

from checker import ScoreKind, Text
from checker.scoring.award import Award, one_of
from checker.scoring.ground import target_of


def award(ground):
    target = target_of(ground)

    def marks(number):
        return ground.full if number >= target else ground.full / 2

    measure = ground.measure
    options = one_of([marks(measure.interval.low), marks(measure.interval.high)])
    central = marks(measure.number)
    why = None
    if central < ground.full:
        goal = ground.figure(target)
        why = Text(f"{measure.text}未达到{goal}", f"{measure.text} does not reach {goal}")
    return Award(options, central, f"{measure.text} ≥ {ground.figure(target)}", why)


KIND = ScoreKind("halving", award, doc=Text("达到目标得满分，否则得一半", "Full marks at the target, else half"))
