"""A sheet seen as labels: one label in one place, however many cells it is written in."""

from __future__ import annotations

from collections.abc import Callable

from checker.locate.grid import Grid, bare

Draw = Callable[..., Grid]


def places(grid: Grid) -> list[tuple[str, int, int, int, int]]:
    return [(p.label, p.top, p.left, p.bottom, p.right) for p in grid.labels_between(1, grid.last_row)]


def test_a_merged_label_covers_its_cells(grid: Draw) -> None:
    assert places(grid("| 资金 | | 预算数 |\n", "A1:B2")) == [("资金", 1, 1, 2, 2), ("预算数", 1, 3, 1, 3)]


def test_a_label_written_into_every_cell_of_its_merge_is_one(grid: Draw) -> None:
    found = grid("| 资金 | 资金 | 预算数 |\n| 资金 | 资金 | |", "A1:B2")
    assert places(found) == [("资金", 1, 1, 2, 2), ("预算数", 1, 3, 1, 3)]


def test_the_same_label_side_by_side_is_one_even_without_a_merge(grid: Draw) -> None:
    assert places(grid("| 执行率 | 执行率 | 得分 |")) == [("执行率", 1, 1, 1, 2), ("得分", 1, 3, 1, 3)]
    assert places(grid("| 执行率 | | 执行率 |")) == [("执行率", 1, 1, 1, 1), ("执行率", 1, 3, 1, 3)]


def test_the_same_label_in_two_rows_is_two(grid: Draw) -> None:
    assert places(grid("| 产出指标 |\n| 产出指标 |")) == [("产出指标", 1, 1, 1, 1), ("产出指标", 2, 1, 2, 1)]


def test_what_is_stored_under_a_merge_and_says_otherwise_stays_visible(grid: Draw) -> None:
    """Excel hides it; a formula may still use it."""
    assert places(grid("| 资金 | 其他 |", "A1:B1")) == [("资金", 1, 1, 1, 2), ("其他", 1, 2, 1, 2)]


def test_labels_are_found_whatever_surrounds_their_words(grid: Draw) -> None:
    found = grid("| （一） 全年 预算数（万元）： | 其中：财政拨款 | 执行率（B/A） |")
    assert [p.label for p in found.find(("执行率", "财政拨款", "全年预算数"))] == ["全年预算数", "财政拨款", "执行率"]


def test_labels_that_a_sheet_explains_in_brackets_are_found_when_asked_for(grid: Draw) -> None:
    found = grid("| 得分（20分*执行率） | 市(县)级资金 |")
    assert found.find(("得分",)) == []
    assert [(p.label, p.left) for p in found.find_explained(("得分", "市级资金"))] == [("得分", 1), ("市级资金", 2)]
    assert bare("得分(20分*执行率)") == "得分"
    assert bare("得分") == "得分"


def test_prose_is_no_label(grid: Draw) -> None:
    prose = "全年开展科普活动六十二场次，" * 6
    (place,) = grid(f"| {prose} |").labels_between(1, 1)
    assert place.label == prose


def test_numbers_are_no_labels_and_part_their_neighbours(grid: Draw) -> None:
    assert places(grid("| 分值 | 10 | 分值 |")) == [("分值", 1, 1, 1, 1), ("分值", 1, 3, 1, 3)]


def test_a_cell_shows_the_anchor_of_its_merge(grid: Draw) -> None:
    found = grid("| 产出指标 | 1 |\n| | 2 |", "A1:A2")
    cell, row, column = found.covered(2, 1)
    assert cell is not None
    assert (cell.raw, row, column) == ("产出指标", 1, 1)
    assert found.covered(2, 2)[1:] == (2, 2)
    assert found.covered(9, 9) == (None, 9, 9)


def test_an_empty_sheet_has_no_labels(grid: Draw) -> None:
    assert grid("").by_row == {}
    assert grid("").last_row == 0
