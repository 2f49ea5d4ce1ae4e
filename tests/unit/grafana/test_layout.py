from obsgen.emit.grafana.layout import Block, Section, collapsed_beyond, flow
from obsgen.emit.grafana.panels import Stat


def blocks(*widths, height=4):
    return tuple(Block(Stat(title=str(width)), width, height) for width in widths)


def places(panels):
    return [(panel.gridPos.x, panel.gridPos.y, panel.gridPos.w, panel.gridPos.h) for panel in panels]


def test_panels_flow_from_left_to_right_and_wrap_at_24_columns():
    panels = flow([Section("", blocks(12, 8, 6, 18))])
    assert places(panels) == [(0, 0, 12, 4), (12, 0, 8, 4), (0, 4, 6, 4), (6, 4, 18, 4)]


def test_a_shelf_is_as_high_as_its_highest_panel():
    panels = flow([Section("", (*blocks(12, height=9), *blocks(12, 24, height=4)))])
    assert places(panels)[-1] == (0, 9, 24, 4)


def test_ids_follow_reading_order_into_collapsed_rows():
    first, row, last = flow(
        [Section("", blocks(24)), Section("Row", blocks(12, 12), collapsed=True), Section("", blocks(24))]
    )
    assert [first.id, row.id, *(panel.id for panel in row.panels), last.id] == [1, 2, 3, 4, 5]


def test_what_follows_a_collapsed_row_stands_right_under_its_heading():
    row, below = flow([Section("Row", blocks(12, 12), collapsed=True), Section("", blocks(24))])
    assert places([row, *row.panels, below]) == [(0, 0, 24, 1), (0, 1, 12, 4), (12, 1, 12, 4), (0, 1, 24, 4)]


def test_what_follows_an_open_row_stands_under_its_panels():
    assert places(flow([Section("Row", blocks(24)), Section("", blocks(24))])) == [
        (0, 0, 24, 1),
        (0, 1, 24, 4),
        (0, 5, 24, 4),
    ]


def test_empty_sections_leave_no_heading():
    assert flow([Section("Nothing", ())]) == []


def test_rows_are_collapsed_from_the_one_on_that_opens_too_many_panels():
    sections = [
        Section("", blocks(*[4] * 10)),
        Section("A", blocks(*[4] * 20)),
        Section("B", blocks(*[4] * 11)),
        Section("C", blocks(4)),
    ]
    assert [section.collapsed for section in collapsed_beyond(sections, 40)] == [False, False, True, True]
    assert [section.collapsed for section in collapsed_beyond(sections, 42)] == [False] * 4


def test_rows_that_are_collapsed_anyway_do_not_count():
    sections = [Section("A", blocks(*[4] * 30), collapsed=True), Section("B", blocks(*[4] * 40))]
    assert [section.collapsed for section in collapsed_beyond(sections, 40)] == [True, False]
