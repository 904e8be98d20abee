"""A small pack in order, and a hundred ways to break it, as people and ill-wishers would."""

from __future__ import annotations

import faulthandler
import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

PACK: Final = """\
schema: checker/pack@1
pack: demo
title: {zh: 示例, en: Demo}
edition: "2020"
prefix: DM
status: inferred
"""
FORM: Final = """\
schema: checker/form@1
form: 收支表
titles: [收支表]
unit: 万元
fields:
  单位名称: {role: unit}
tables:
  收支:
    columns:
      项目: {kind: label}
      预算数: {kind: amount, decimals: 2}
      决算数: {kind: amount, decimals: 2}
      执行率: {kind: percent, unit: "%", decimals: 2}
      备注: {kind: text}
    rows:
      合计: {total: true}
      基本支出: {part_of: 合计}
      项目支出: {part_of: 合计}
"""
CHECKS: Final = """\
schema: checker/checks@1
form: 收支表
rules:
  - id: DM-0101
    name: total
    title: 合计等于各项之和
    severity: error
    source: {document: 示例办法, status: sourced}
    message: "{cell}填{left}，应为{right}"
    check: {kind: sum, table: 收支, total: 合计, columns: [预算数, 决算数]}
  - id: DM-0102
    name: spent-within
    title: 决算数不超过预算数
    severity: warning
    source: {document: 示例办法, status: sourced}
    check: {kind: inequality, table: 收支, rows: all, formula: "[@决算数] <= [@预算数] * 上限"}
"""
PARAMETERS: Final = """\
schema: checker/parameters@1
parameters:
  上限:
    unit: "%"
    values:
      - {since: 2020-01-01, until: 2021-12-31, value: 90%, source: {document: 老办法, status: inferred}}
      - {since: 2022-01-01, value: 95%, source: {document: 新办法, status: sourced}}
"""
CASES: Final = """\
schema: checker/cases@1
form: 收支表
cases:
  - {rule: total, kind: pass, expect: pass, given: {收支: {合计: {预算数: 3}, 基本支出: {预算数: 3}}}}
  - {rule: total, kind: fail, expect: fail, given: {收支: {合计: {预算数: 3}, 基本支出: {预算数: 4}}}}
  - {rule: total, kind: boundary, expect: tail, given: {收支: {合计: {预算数: "3.01"}, 基本支出: {预算数: "3.00"}}}}
  - {rule: total, kind: blank, expect: not_applicable, given: {收支: {合计: {预算数: }}}}
  - {rule: spent-within, kind: pass, expect: pass, given: {收支: {基本支出: {预算数: 4, 决算数: 3}}}}
  - {rule: spent-within, kind: fail, expect: fail, given: {收支: {基本支出: {预算数: 3, 决算数: 4}}}}
  - {rule: spent-within, kind: boundary, expect: fail, given: {收支: {基本支出: {预算数: 3, 决算数: 3}}}}
  - {rule: spent-within, kind: blank, expect: not_applicable, given: {收支: {基本支出: {预算数: }}}}
"""
CODES: Final = (
    "# 科目 | Codes | 分类科目 | sourced\ncode,name,since,until\n201,一般公共服务支出,2020,\n202,外交支出,2020,\n"
)
GOOD: Final[Mapping[str, str]] = {
    "pack.yaml": PACK,
    "forms/a.yaml": FORM,
    "checks/a.yaml": CHECKS,
    "parameters.yaml": PARAMETERS,
    "cases/a.yaml": CASES,
    "dictionaries/科目.csv": CODES,
}
#: The same pack under another name, which every broken one must leave alone.
SOUND: Final = {path: text.replace("pack: demo", "pack: sound").replace("DM", "SD") for path, text in GOOD.items()}
CHILD: Final = PACK.replace("pack: demo", "pack: child").replace("prefix: DM", "prefix: CH") + "extends: [demo]\n"

#: Seconds for one pack on a machine that does much else besides.
DEADLINE: Final = 20
#: What breaks the pack in a folder.
Break = Callable[[Path], object]


def write(root: Path, files: Mapping[str, str | bytes]) -> None:
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())


def put(path: str, content: str | bytes) -> Break:
    return lambda root: write(root, {path: content})


def edit(path: str, old: str, new: str) -> Break:
    assert old in GOOD[path], old
    return put(path, GOOD[path].replace(old, new, 1))


def code(path: str, encoding: str) -> Break:
    return put(path, GOOD[path].encode(encoding))


def beside(**packs: Mapping[str, str]) -> Break:
    """More packs in the folder of the broken one."""
    return lambda root: [write(root.parent / name, files) for name, files in packs.items()]


def both(*breaks: Break) -> Break:
    return lambda root: [one(root) for one in breaks]


def instead(path: str, make: Callable[[Path], object]) -> Break:
    """Something else than a file where a file should be."""

    def do(root: Path) -> None:
        (root / path).unlink(missing_ok=True)
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        make(root / path)

    return do


def formula(text: str) -> Break:
    return edit("checks/a.yaml", "[@决算数] <= [@预算数] * 上限", text)


def rule(extra: str) -> Break:
    return edit("checks/a.yaml", "    check: {kind: sum", f"    {extra}\n    check: {{kind: sum")


def check(text: str) -> Break:
    return edit("checks/a.yaml", "{kind: sum, table: 收支, total: 合计, columns: [预算数, 决算数]}", text)


P, F, C, A, K, D = (
    "pack.yaml",
    "forms/a.yaml",
    "checks/a.yaml",
    "parameters.yaml",
    "cases/a.yaml",
    "dictionaries/科目.csv",
)

BROKEN: Final[dict[str, Break]] = {
    # What a slip of the hand does to YAML.
    "indented-too-far": edit(F, "    rows:", "     rows:"),
    "indented-too-little": edit(C, "    severity: error", "   severity: error"),
    "tab": edit(F, "    columns:", "\tcolumns:"),
    "tab-in-a-list": edit(C, "    name: total", "\tname: total"),
    "colon-missing": edit(P, "edition:", "edition"),
    "space-after-colon-missing": edit(P, "prefix: DM", "prefix:DM"),
    "full-width-colon": edit(P, "prefix: DM", "prefix：DM"),
    "full-width-comma": edit(F, "{kind: amount, decimals: 2}", "{kind: amount，decimals: 2}"),
    "curly-quotes": edit(P, "inferred", "“inferred”"),
    "full-width-bracket": edit(C, "columns: [预算数, 决算数]", "columns: 【预算数，决算数】"),
    "quote-not-closed": edit(C, '应为{right}"', "应为{right}"),
    "brace-not-closed": edit(F, "{total: true}", "{total: true"),
    "bracket-not-closed": edit(F, "titles: [收支表]", "titles: [收支表"),
    "braces-unquoted": edit(C, '"{cell}填{left}，应为{right}"', "{cell}填{left}"),
    "percent-unquoted": edit(A, 'unit: "%"', "unit: %"),
    "at-unquoted": edit(C, 'formula: "[@决算数] <= [@预算数] * 上限"', "formula: @决算数"),
    "duplicate-key": edit(F, "unit: 万元", "unit: 万元\nunit: 元"),
    "duplicate-row": edit(F, "      项目支出:", "      基本支出: {}\n      项目支出:"),
    "duplicate-parameter": put(A, PARAMETERS + PARAMETERS.partition("parameters:\n")[2]),
    "two-documents": put(P, PACK + "---\n" + PACK),
    "key-is-a-number": edit(F, "      备注:", "      2020:"),
    "key-is-a-list": edit(F, "      备注:", "      ? [备注]\n      :"),
    "no-becomes-text": edit(F, "{total: true}", "{total: yes}"),
    "list-for-mapping": edit(F, "    columns:", "    columns: []\n    x-c:"),
    "text-for-list": edit(C, "columns: [预算数, 决算数]", "columns: 预算数"),
    # Encodings and bytes.
    "utf-16": code(P, "utf-16"),
    "utf-16-without-mark": code(F, "utf-16-le"),
    "gbk": code(F, "gbk"),
    "gb18030-dictionary": code(D, "gb18030"),
    "nul": put(C, CHECKS.replace("合计等于", "合计\0等于")),
    "control-character": put(P, PACK.replace("示例", "示\x1b[31m例")),
    "bidi-override": put(F, FORM.replace("titles: [收支表]", "titles: [\u202e表支收]")),
    "not-text": put(F, bytes(range(256)) * 40),
    "empty-pack-file": put(P, ""),
    "empty-form": put(F, ""),
    "empty-checks": put(C, ""),
    "empty-parameters": put(A, ""),
    "empty-dictionary": put(D, ""),
    "only-a-comment": put(C, "# 以后再写\n"),
    "only-a-word": put(F, "收支表"),
    "carriage-returns-and-a-slip": put(C, CHECKS.replace("severity: error", "severity: eror").replace("\n", "\r\n")),
    "byte-order-mark-and-a-slip": put(P, b"\xef\xbb\xbf" + PACK.replace("prefix: DM", "prefix: 示例").encode()),
    # What means to do harm.
    "tag-python": edit(P, "示例", "!!python/object/apply:os.system [echo]"),
    "tag-binary": edit(P, '"2020"', "!!binary MjAyMA=="),
    "tag-own": edit(C, "合计等于各项之和", "!include /etc/passwd"),
    "anchor": edit(F, "{kind: amount, decimals: 2}", "&amount {kind: amount, decimals: 2}"),
    "alias": edit(F, "{kind: amount, decimals: 2}", "*amount"),
    "merge-key": edit(F, "{kind: amount, decimals: 2}", "{<<: {kind: amount}}"),
    "billion-laughs": put(C, "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"),
    "directive": put(P, "%YAML 1.1\n---\n" + PACK),
    "hostile-nesting": put(F, "a: " + "[" * 100_000),
    "hostile-nesting-closed": edit(F, "备注: {kind: text}", "备注: " + "{a: " * 60 + "1" + "}" * 60),
    "ten-megabytes": put(C, CHECKS + "# " + "x" * 10_000_000),
    "ten-megabyte-dictionary": put(D, CODES + "203,x,2020,\n" * 900_000),
    "a-line-of-a-megabyte": edit(C, "合计等于各项之和", "合" * 1_000_000),
    "a-key-of-a-megabyte": edit(F, "备注:", "备" * 400_000 + ":"),
    "ten-thousand-unknown-keys": put(P, PACK + "".join(f"k{n}: 1\n" for n in range(10_000))),
    "enormous-number": edit(A, "95%", "9" * 100_000 + "%"),
    "enormous-integer": edit(F, "decimals: 2", "decimals: 99999999999999999"),
    "negative-decimals": edit(F, "decimals: 2", "decimals: -2"),
    "formula-of-100000-brackets": formula("(" * 100_000 + "1" + ")" * 100_000 + " = 1"),
    "formula-of-1900-brackets": formula("(" * 1900 + "1" + ")" * 1900 + " = 1"),
    "formula-of-3000-signs": formula("-" * 3000 + "1 = 1"),
    "formula-of-a-long-sum": formula("+".join(["1"] * 1900) + " = 1"),
    "formula-attribute": formula("[@决算数].__class__ = 1"),
    "formula-import": formula("__import__('os').system('id') = 1"),
    "formula-lambda": formula("(lambda: 1)() = 1"),
    "formula-unknown-function": formula("EVAL(1) = 1"),
    "formula-power": formula("9^9^9^9 = 1"),
    "message-attribute": edit(C, "{left}", "{left.__class__.__mro__}"),
    "message-index": edit(C, "{left}", "{left[0]}"),
    "message-format": edit(C, "{left}", "{left:>99999999}"),
    "message-conversion": edit(C, "{left}", "{left!r}"),
    "message-positional": edit(C, "{left}", "{0}"),
    "message-brace-open": edit(C, "{left}", "{left"),
    # The frame of files.
    "key-misspelt": edit(P, "status", "statas"),
    "key-missing": edit(P, "prefix: DM\n", ""),
    "year-as-a-number": edit(P, '"2020"', "2020"),
    "title-without-chinese": edit(P, "{zh: 示例, en: Demo}", "{en: Demo}"),
    "comma-cuts-a-text": edit(P, "en: Demo", "en: A demo, or more"),
    "schema-of-another-file": edit(C, "checker/checks@1", "checker/form@1"),
    "schema-of-another-version": edit(F, "checker/form@1", "checker/form@2"),
    "kind-of-column-unknown": edit(F, "{kind: text}", "{kind: txt}"),
    "sum-without-columns": check("{kind: sum, table: 收支, total: 合计}"),
    "sum-in-two-ways": check("{kind: sum, table: 收支, total: 合计, columns: [预算数], total_column: 预算数}"),
    "range-without-bounds": check("{kind: range, table: 收支, columns: [预算数]}"),
    "range-of-nothing": check("{kind: range, table: 收支, columns: [预算数], at_least: 5, at_most: 3}"),
    "kind-of-check-unknown": check("{kind: summ, table: 收支, total: 合计}"),
    "key-of-another-check": check("{kind: sum, table: 收支, total: 合计, columns: [预算数], formula: 1}"),
    "severity-unknown": edit(C, "severity: error", "severity: fatal"),
    "rule-id-malformed": edit(C, "id: DM-0101", "id: DM-1"),
    "rule-id-of-another-pack": edit(C, "id: DM-0101", "id: XX-0101"),
    "rule-name-chinese": edit(C, "name: total", "name: 合计"),
    "name-with-bracket": edit(F, "      项目:", "      项[目:"),
    "prefix-in-lower-case": edit(P, "prefix: DM", "prefix: dm"),
    # Names that lead nowhere.
    "form-unknown": edit(C, "form: 收支表", "form: 收入表"),
    "table-unknown": check("{kind: sum, table: 收入, total: 合计, columns: [预算数]}"),
    "row-unknown": check("{kind: sum, table: 收支, total: 总计, columns: [预算数]}"),
    "column-unknown": check("{kind: sum, table: 收支, total: 合计, columns: [预算]}"),
    "label-unknown-in-formula": formula("[@决算] <= [@预算数] * 上限"),
    "parameter-unknown": formula("[@决算数] <= [@预算数] * 下限"),
    "placeholder-unknown": edit(C, "{left}", "{lefft}"),
    "dictionary-unknown": check("{kind: dictionary, table: 收支, code: 项目, in: 科目表}"),
    "path-escape-in-dictionary": check("{kind: dictionary, table: 收支, code: 项目, in: ../../../etc/passwd}"),
    "follows-unknown": rule("follows: [totl]"),
    "part-of-unknown": edit(F, "part_of: 合计", "part_of: 总计"),
    "case-for-no-rule": edit(K, "rule: total", "rule: totl"),
    "case-for-no-row": edit(K, "合计: {预算数: 3}", "总计: {预算数: 3}"),
    "cases-missing": edit(K, "kind: blank", "kind: pass"),
    # Units, dates and numbers.
    "unit-unknown": edit(F, "unit: 万元", "unit: 万园"),
    "unit-money-and-rate": formula("[@决算数] <= [@执行率]"),
    "unit-added": formula("[@决算数] + [@执行率] = 1"),
    "text-compared-with-money": formula("[@决算数] <= [@备注]"),
    "formula-is-no-condition": formula("[@决算数] + [@预算数]"),
    "date-that-is-none": edit(A, "2021-12-31", "2021-02-30"),
    "date-written-otherwise": edit(A, "2021-12-31", "2021.12.31"),
    "applies-from-no-day": rule("applies: {from: 2021-13-01}"),
    "applies-ends-first": rule("applies: {from: 2022-01-01, until: 2021-01-01}"),
    "parameters-overlap": edit(A, "2021-12-31", "2022-12-31"),
    "parameter-ends-first": edit(A, "until: 2021-12-31", "until: 2019-12-31"),
    "parameter-percent-or-not": edit(A, "95%", "95"),
    "parameter-two-values": edit(A, "value: 95%", "value: 95%, text: 多"),
    "parameter-not-a-number": edit(A, "95%", "九成五"),
    "parameter-nan": edit(A, "95%", "NaN"),
    "decimals-of-a-text": edit(F, "{kind: text}", "{kind: text, decimals: 2}"),
    # Circles and clashes.
    "pack-extends-itself": put(P, PACK + "extends: [demo]\n"),
    "packs-extend-each-other": both(put(P, PACK + "extends: [child]\n"), beside(child={P: CHILD})),
    "pack-extends-nothing": put(P, PACK + "extends: [demmo]\n"),
    "forms-extend-each-other": both(
        put(F, FORM.replace("titles:", "extends: 乙表\ntitles:")),
        put("forms/b.yaml", "schema: checker/form@1\nform: 乙表\nextends: 收支表\n"),
    ),
    "form-extends-itself": edit(F, "titles:", "extends: 收支表\ntitles:"),
    "rows-part-of-each-other": edit(F, "合计: {total: true}", "合计: {part_of: 基本支出}"),
    "rules-follow-each-other": put(
        C,
        CHECKS.replace("    check: {kind: sum", "    follows: [spent-within]\n    check: {kind: sum").replace(
            "    check: {kind: ineq", "    follows: [total]\n    check: {kind: ineq"
        ),
    ),
    "rule-id-twice": edit(C, "DM-0102", "DM-0101"),
    "rule-name-twice": edit(C, "spent-within", "total"),
    "form-twice": put("forms/b.yaml", FORM),
    "pack-twice": beside(zz={P: PACK, F: FORM}),
    "label-twice": edit(F, "决算数: {", "决算数: {aliases: 预算数（元）, "),
    "code-twice": put(D, CODES + "201,又一个,2020,\n"),
    "dictionary-without-header": put(D, "201,一般公共服务支出\n"),
    "dictionary-quote-open": put(D, CODES + '203,"国防支出,2020,\n'),
    "retire-unknown": put(P, PACK + "retire:\n  - {rule: DM-0999, reason: 无}\n"),
    # What stands in the folder.
    "pack-file-missing": lambda root: (root / P).unlink(),
    "folder-misspelt": put("check/b.yaml", CHECKS),
    "yml": put("checks/b.yml", CHECKS),
    "no-forms": lambda root: [(root / name).unlink() for name in (F, C, K)],
    "folder-for-a-file": instead(C, lambda path: path.mkdir()),
    "folder-for-pack-file": instead(P, lambda path: path.mkdir()),
    "link-to-nothing": instead(C, lambda path: path.symlink_to("nowhere.yaml")),
    "link-to-itself": instead(C, lambda path: path.symlink_to(path.name)),
    "link-to-zeros": instead(C, lambda path: path.symlink_to("/dev/zero")),
    "pipe": instead(C, os.mkfifo),
    "pipe-for-cases": instead(K, os.mkfifo),
    "case-link-to-nothing": instead(K, lambda path: path.symlink_to("nowhere.yaml")),
    "folder-for-cases": instead(K, lambda path: path.mkdir()),
    "folder-that-holds-itself": lambda root: (root / "forms" / "again").symlink_to(
        root.resolve(), target_is_directory=True
    ),
    "linked-checks": lambda root: (root / "checks" / "more").symlink_to(
        (root.parent / "sound").resolve(), target_is_directory=True
    ),
    "dictionary-link-to-nothing": instead(D, lambda path: path.symlink_to("../../../../nowhere.csv")),
}
#: What looks broken and is not.
UNBROKEN: Final[dict[str, Break]] = {
    "byte-order-mark": put(P, b"\xef\xbb\xbf" + PACK.encode()),
    "carriage-returns": put(C, CHECKS.replace("\n", "\r\n")),
}


def main(folder: Path, names: list[str]) -> None:
    """A line of JSON for each pack of ``names``, broken and judged in ``folder``. A pack that takes longer than the
    deadline ends the process, whatever it is doing."""
    from checker import scoring
    from checker.checks import KINDS
    from checker.model.plugin import PackSource
    from checker.packs.lint import lint
    from checker.packs.load import load_packs

    kinds = {**KINDS, **{kind.name: kind for kind in scoring.checker_check_kinds()}}
    for name in names:
        shutil.rmtree(folder, ignore_errors=True)
        write(folder / "demo", GOOD)
        write(folder / "sound", SOUND)
        {**BROKEN, **UNBROKEN}[name](folder / "demo")
        faulthandler.dump_traceback_later(DEADLINE, exit=True)
        loaded = load_packs([PackSource("broken", folder, "folder")], kinds, use_cache=False)
        told = [
            {"code": remark.code, "where": remark.where.removeprefix(f"{folder}{os.sep}").replace(os.sep, "/"),
             "zh": remark.message.zh, "hint": remark.suggestion.zh if remark.suggestion else ""}
            for remark in lint(loaded, kinds)
        ]  # fmt: skip
        faulthandler.cancel_dump_traceback_later()
        answer: dict[str, Any] = {"name": name, "loaded": [*loaded.packs], "told": told}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or [*BROKEN, *UNBROKEN])
