"""What this distribution adds. A hook imports what it gives, so that a start without it costs nothing."""

from checker import PackSource, hookimpl


@hookimpl
def checker_rule_packs():
    return [PackSource.from_package("checker_extras")]


@hookimpl
def checker_check_kinds():
    from checker_extras.multiple import KIND

    return [KIND]


@hookimpl
def checker_score_kinds():
    from checker_extras.halving import KIND

    return [KIND]


@hookimpl
def checker_functions():
    from checker_extras.average import AVERAGE

    return [AVERAGE]


@hookimpl
def checker_match_form(sheet):
    """The county's own software exports the form without its title, on a sheet called by a code."""
    return "培训经费自评表" if sheet.name.startswith("TR-") else None


@hookimpl
def checker_report_formats():
    from checker_extras.markdown import FORMAT

    return [FORMAT]


@hookimpl
def checker_commands():
    from checker_extras.tally import COMMAND

    return [COMMAND]
