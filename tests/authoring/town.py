# ruff: noqa: E501
"""A small rule pack, and one that extends it, in two editions: what changed from one to the next is written out in ``LATER``."""

from __future__ import annotations

from pathlib import Path

PACK = {
    "town-meals/pack.yaml": """\
schema: checker/pack@1
pack: town-meals
title: {zh: 学生餐补助（示例）, en: School meals (example)}
edition: "2024"
prefix: TWN
status: unverified
remarks:
  - {zh: 示例规则包, en: A pack for examples}
""",
    "town-meals/parameters.yaml": """\
schema: checker/parameters@1
parameters:
  人均上限:
    title: {zh: 每名学生的补助上限（万元）, en: The most per pupil (10 000 yuan)}
    values:
      - {since: "2020-01-01", until: "2023-12-31", value: "0.10", source: {document: 示例〔2019〕1号, status: sourced}}
      - {since: "2024-01-01", value: "0.12", source: {document: 示例〔2023〕8号, article: 第三条, status: sourced}}
  满分:
    title: {zh: 总分, en: Full marks}
    unit: 分
    values:
      - {value: "100", source: {document: 示例〔2019〕1号, status: unverified}}
""",
    "town-meals/forms/meals.yaml": """\
schema: checker/form@1
form: 学生餐补助表
title: {zh: 学生餐补助表, en: School meals}
titles: [学生餐补助表]
unit: 万元
fields:
  填报单位: {kind: text, role: unit, english: Unit}
  联系电话: {kind: text, english: Telephone}
tables:
  补助:
    columns:
      项目: {kind: label}
      预算数: {kind: amount, decimals: 2, english: Budget}
      决算数: {kind: amount, decimals: 2, english: Spent}
      得分: {kind: score, decimals: 2, english: Marks}
    rows:
      补助合计: {total: true, english: All}
      小学补助: {part_of: 补助合计, english: Primary}
      中学补助: {part_of: 补助合计, english: Secondary}
      学生人数: {english: Pupils}
""",
    "town-meals/checks/meals.yaml": """\
schema: checker/checks@1
form: 学生餐补助表
rules:
  - id: TWN-0001
    name: meals-total
    title: {zh: 补助合计等于小学、中学补助之和, en: All meals are those of both schools}
    severity: error
    catalogue: [WT-01]
    rationale: {zh: "拨款以合计为准，<b>不</b>以[明细](x)为准。", en: "Money is paid by the total, <b>not</b> by [details](x)."}
    source: {document: 示例〔2019〕1号, article: 附件, status: sourced}
    message: {zh: "{cell} {label}填{left}，应为{right}，请核对", en: "{cell} {label} is {left} and should be {right}"}
    remedy: {zh: 核对各校金额，更正合计。, en: Check each school; correct the total.}
    check: {kind: sum, table: 补助, total: 补助合计, columns: [预算数, 决算数]}
  - id: TWN-0002
    name: meals-within-limit
    title: {zh: 补助合计不超过人均上限, en: No more than the limit for each pupil}
    severity: warning
    source: {document: 示例〔2023〕8号, status: inferred}
    follows: [meals-total]
    applies: {from: "2024-01-01"}
    check: {kind: inequality, formula: "补助[补助合计, 决算数] <= 补助[学生人数, 决算数] * 人均上限"}
""",
    "town-meals/cases/meals.yaml": """\
schema: checker/cases@1
form: 学生餐补助表
cases:
  - {rule: meals-total, kind: pass, expect: pass, name: 两校相加, given: {补助: {补助合计: {预算数: 100}, 小学补助: {预算数: 60}, 中学补助: {预算数: 40}}}}
  - {rule: meals-total, kind: fail, expect: fail, given: {补助: {补助合计: {预算数: 100}, 小学补助: {预算数: 60}, 中学补助: {预算数: 30}}}}
  - {rule: meals-total, kind: boundary, expect: tail, given: {补助: {补助合计: {预算数: "100.01"}, 小学补助: {预算数: "60.00"}, 中学补助: {预算数: "40.00"}}}}
  - {rule: meals-total, kind: blank, expect: not_applicable, given: {补助: {}}}
  - {rule: meals-within-limit, kind: pass, expect: pass, given: {补助: {补助合计: {决算数: 12}, 学生人数: {决算数: 100}}}}
  - {rule: meals-within-limit, kind: fail, expect: fail, given: {填报单位: 甲镇, 补助: {补助合计: {决算数: 13}, 学生人数: {决算数: 100}}}}
""",
    "town-meals/scoring/meals.yaml": """\
schema: checker/scoring@1
scheme: 学生餐评分
title: {zh: 学生餐评分, en: Marks for meals}
form: 学生餐补助表
source: {document: 示例〔2019〕1号, status: unverified}
claims: {table: 补助, levels: [项目], claimed: 得分}
total: 满分
grades: [{word: 优, lowest: "90"}, {word: 差, lowest: "0"}]
criteria:
  - name: 补助合计
    full: 60
    kind: ladder
    measure: "补助[补助合计, 决算数] / 补助[补助合计, 预算数]"
    unit: "%"
    steps: [{when: ">= 90%", marks: 60}, {otherwise: 0}]
  - {name: 学生人数, full: 40, kind: manual}
""",
    "village/pack.yaml": """\
schema: checker/pack@1
pack: village
title: {zh: 村小学（示例）, en: Village (example)}
edition: "1"
prefix: VIL
status: unverified
extends: [town-meals]
retire:
  - {rule: TWN-0001, reason: {zh: 村里没有中学, en: no secondary school}}
""",
}

#: File, what stands in it, and what stands there in the next edition.
LATER = (
    ("town-meals/pack.yaml", 'edition: "2024"', 'edition: "2025"'),
    ("town-meals/parameters.yaml", 'value: "0.12"', 'value: "0.13"'),
    ("town-meals/checks/meals.yaml", "severity: error", "severity: warning"),
    ("town-meals/checks/meals.yaml", "columns: [预算数, 决算数]", "columns: [预算数]"),
    (
        "town-meals/checks/meals.yaml",
        "TWN-0002\n    name: meals-within-limit",
        "TWN-0003\n    name: meals-within-limit-2025",
    ),
    ("town-meals/cases/meals.yaml", "meals-within-limit", "meals-within-limit-2025"),
    ("town-meals/forms/meals.yaml", "titles: [学生餐补助表]", "titles: [学生餐补助表, 营养餐补助表]"),
    (
        "town-meals/forms/meals.yaml",
        "      学生人数: {english: Pupils}\n",
        "      学生人数: {english: Pupils}\n      教师人数: {english: Teachers}\n",
    ),
    (
        "town-meals/forms/meals.yaml",
        "      小学补助: {part_of: 补助合计, english: Primary}\n      中学补助: {part_of: 补助合计, english: Secondary}\n",
        "      中学补助: {part_of: 补助合计, english: Secondary}\n      小学补助: {part_of: 补助合计, english: Primary}\n",
    ),
    ("town-meals/scoring/meals.yaml", "full: 60", "full: 50"),
)


def write(folder: Path, *, later: bool = False) -> Path:
    """The folder with the packs in it; ``later`` is the next edition."""
    files = dict(PACK)
    for name, before, after in LATER if later else ():
        assert before in files[name], (name, before)
        files[name] = files[name].replace(before, after)
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    return folder
