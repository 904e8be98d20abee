"""The rules of one county."""

from checker import PackSource, hookimpl


@hookimpl
def checker_rule_packs():
    return [PackSource.from_package("county_rules")]
