"""All checks on one page: what is passed, failed, taken on by a person with a reason, still to do; and the start.

Owned by the screen process. The start is "not yet" while the view says that something is missing.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QSizePolicy

from kiosk.line.prepare import CheckPage, Prepare
from kiosk.text.catalogue import _
from ui import theme
from ui.kit import Column, Fixed, Part, Row, Text, rescale, rounded
from ui.kit_alarm import Countdown
from ui.kit_button import Button
from ui.sitter.lower import Lower
from ui.sitter.prepare_parts import StateMark, draw_state
from ui.sitter.sentence import minutes

LEFT_TOP = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
COMPACT, CROWDED = 148.0, 130.0  # height of one of two boxes, in u; where more are named below them
COLUMNS, HEADING, GROUP_GAP = 4, 27.0, 16.0  # the fourth only where three do not hold all
ROWS_HEIGHT, UPRIGHT_BESIDE = 526.0, 424.0
BESIDE, BESIDE_FOUR = 430.0, 344.0  # width of what holds the start; with four columns they need the room


class CheckRow(QPushButton, Part):
    """One check on the page of all: sign, title, value. Pressing it opens the check."""

    def __init__(self, page: CheckPage) -> None:
        super().__init__()
        self.page = page
        self.setObjectName(f"check_{page.key}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        states = {"passed": _("passed"), "failed": _("failed"), "overridden": _("overridden"), "todo": _("to do")}
        named = (page.title, states[page.state], page.value, "" if page.required else _("not required"))
        self.setAccessibleName(", ".join(p for p in named if p))
        self.rescale(1.0)

    def rescale(self, u: float) -> None:
        self.u = u
        self.setFixedHeight(self.px(theme.BUTTON))

    def shown(self) -> str:
        return self.accessibleName()

    def sizeHint(self) -> QSize:
        return QSize(self.px(200), self.px(theme.BUTTON))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus() or self.isDown():
            edge = theme.colour("ink0") if self.hasFocus() else None
            rounded(painter, QRectF(self.rect()), self.pf(6), theme.colour("raised"), edge, self.pf(2))
        loud, todo = self.page.state in ("failed", "overridden"), self.page.state == "todo"
        side = self.px(22)
        draw_state(
            painter, self.page.state, QRectF(0, (self.height() - side) / 2, side, side), self.devicePixelRatioF()
        )
        ink, weight = "ink0" if loud else "ink2" if todo else "ink1", 500 if loud else 400
        room = QRectF(self.pf(32), 0, self.width() - self.pf(34), self.height())
        if not self.page.value:
            self._paint(painter, self.page.title, 18, weight, ink, room)
            return
        half = room.height() / 2
        self._paint(painter, self.page.title, 18, weight, ink, room.adjusted(0, self.pf(6), 0, -half))
        below = room.adjusted(0, half, 0, -self.pf(6))
        self._paint(painter, self.page.value, 15, 400, "yellow" if loud else "ink3", below)

    def _paint(self, painter: QPainter, words: str, size: float, weight: int, ink: str, room: QRectF) -> None:
        """Draw one text; what does not fit gets smaller."""
        chosen = theme.font(size, weight, self.u)
        while QFontMetricsF(chosen).horizontalAdvance(words) > room.width() and size > 9:
            size -= 0.5
            chosen = theme.font(size, weight, self.u)
        painter.setFont(chosen)
        painter.setPen(theme.colour(ink))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)


def _quoted(reason: str, compact: bool) -> tuple[str, float]:
    """The reason and its size: a long one gets smaller. The whole of it stands on the check's own page and in print."""
    if not compact:
        return f"“{reason}”", 18 if len(reason) < 160 else 15
    short = reason if len(reason) < 180 else reason[:178] + "…"
    return f"“{short}”", 16 if len(reason) < 85 else 13


class Held(Column):
    """What holds the start, or was taken on although it failed: the check, what it found, who says so and when."""

    def __init__(self, page: CheckPage, compact: bool) -> None:
        super().__init__(gap=2 if compact else 6, margin=(20, 8 if compact else 18, 20, 8))
        self.page = page
        self.setObjectName(f"held_{page.key}")
        self.plate("yellow_dim", "yellow", 1.5)
        self.again = Button(_("Answer again"), "", "rotate-ccw", "raised", 17 if compact else 18, padding=10)
        self.again.setObjectName(f"again_{page.key}")
        row = Row(StateMark(page.state, 20 if compact else 26), gap=10)
        row.grow(Text(self._head(page), 17 if compact else 20, 600, "yellow", shrink=True))
        if compact:
            row.add(self.again)
        self.add(row, Text(page.title, 19 if compact else 22, 600, "ink0", wrap=not compact, shrink=compact))
        if page.result and not (compact and page.overridden):
            self.add(Text(page.result, 17 if compact else 18, 400, "ink1", wrap=True))
        if page.overridden:
            reason, who, when = (*page.overridden, "", "", "")[:3]
            self.add(Text(*_quoted(reason, compact), 400, "ink1", wrap=True))
            self.add(Text(f"{who}, {when}", 16 if compact else 17, 400, "ink2", shrink=True))
        self.add("stretch")
        if not compact:
            self.add(Row(self.again, "stretch"))

    def _head(self, page: CheckPage) -> str:
        if page.state != "overridden":
            return _("Holds the start")
        return _("Failed, then overridden") if page.result else _("Overridden")


def _heading(name: str) -> Fixed:
    return Fixed(Text(name, 18, 600, "ink3"), height=HEADING)


class AllChecks(Row):
    """`chosen`: key of a check to open; `start`: the button was pressed; `forward`: to the next open check."""

    chosen = Signal(str)
    start_pressed = Signal()
    forward = Signal()

    def __init__(self, below: Lower) -> None:
        super().__init__(gap=20)
        self.setObjectName("allChecks")
        self.below = below
        self.lists = [Column(gap=0) for _column in range(COLUMNS)]
        self.rows: list[CheckRow] = []
        self.boxes = Column(gap=12)
        self.boxes.upright = QBoxLayout.Direction.LeftToRight
        self.more = Text("", 17, 400, "yellow", shrink=True)
        self.told = Text(_("The report begins with each override."), 18, 400, "ink2", shrink=True)
        self.ring, self.left = Countdown(34), Text("", 22, 600, "ink1", name="allHoldLeft")
        self.hold = Row(self.ring, self.left, Text(_("until it is measured again"), 17, 400, "ink2"), "stretch", gap=12)
        self.start = Button(_("Start the session"), "Enter", "", "primary", 24, 76, 600, fill_width=True)
        self.start.setObjectName("startSession")
        self.start.clicked.connect(self.start_pressed)
        self.next = Button(
            _("Next open check"), "Enter", "arrow-right", "primary", 20, fill_width=True, name="nextCheck"
        )
        self.next.clicked.connect(self.forward)
        self.missing = Text("", 17, 400, "ink2", LEFT_TOP, wrap=True, name="missingChecks")
        self._hold_s = self._hold_of_s = 0.0
        self._drawn: object = None
        self._missing_u = 17.0
        self.turning()
        self.grow(self._left())
        self.beside = Fixed(self._right(), BESIDE, upright=(None, UPRIGHT_BESIDE))
        self.add(self.beside)

    def _left(self) -> Column:
        columns = Row(gap=16)
        for column in self.lists:
            columns.grow(column)
        self.columns = columns
        self.left_side = Column(gap=0)
        return self.left_side.grow(columns)

    def _right(self) -> Column:
        missing = Fixed(self.missing, height=58)
        said = Column(self.boxes, 4.0, self.more, 8.0, self.told, self.hold, "stretch", gap=0)
        return said.add(self.next, 12.0, self.start, 8.0, missing)

    def show_all(self, ready: Prepare) -> None:
        """Draw rows, overrides and the start of a view."""
        can = ready.start is not None
        self.start.setEnabled(can)
        self.next.setVisible(not can)
        self.missing.say(ready.summary if can else ready.missing)
        self.missing.style_as("ink3" if can else "ink1", self._missing_u / theme.text_of(self.u))
        held = max((p.hold_s for p in ready.pages if p.hold_s is not None), default=None)
        self.hold.setVisible(held is not None)
        self._hold_s = held or 0.0
        self._hold_of_s = max(self._hold_of_s if held else 0.0, self._hold_s)
        self.count_on(0.0)
        if self._drawn != (ready.pages, can, self.u):
            self._drawn = (ready.pages, can, self.u)
            self._draw_rows(ready.pages)
            self._draw_boxes(ready.pages, can)
        self.arrange()

    def host(self) -> None:
        """Let the alarm's panel and the open forms stand on this page."""
        self.left_side.add(self.below)

    def arrange(self) -> None:
        """An alarm's panel or an open form takes the rows' place."""
        tall = self.below.tall()
        self.below.setVisible(tall)
        self.columns.setVisible(not tall)

    def count_on(self, since_s: float) -> None:
        """The hold counts down between two views."""
        left = max(0.0, self._hold_s - since_s)
        self.left.say(minutes(left))
        if self._hold_of_s:
            self.ring.leave(left / self._hold_of_s)

    def step_focus(self, by: int) -> None:
        """Up and down through the rows; Space opens the one in focus."""
        now = next((i for i, row in enumerate(self.rows) if row.hasFocus()), None)
        if self.rows:
            at = (0 if by > 0 else len(self.rows) - 1) if now is None else (now + by) % len(self.rows)
            self.rows[at].setFocus(Qt.FocusReason.TabFocusReason)

    def _draw_rows(self, pages: tuple[CheckPage, ...]) -> None:
        focus = next((row.page.key for row in self.rows if row.hasFocus()), "")
        groups: dict[str, list[CheckPage]] = {}
        for page in pages:
            groups.setdefault(page.group, []).append(page)
        self.rows = []
        for column in self.lists:
            column.clear()
        at, free = 0, self._room()
        for name, members in groups.items():
            head = HEADING + (GROUP_GAP if free < self._room() else 0)
            for page in members:
                needs = theme.BUTTON + (head if page is members[0] else 0)
                if free < needs and at < COLUMNS - 1:  # a group may go on in the next column, under its name again
                    at, free, head = at + 1, self._room(), HEADING
                    needs = theme.BUTTON + head
                if needs > theme.BUTTON:
                    self.lists[at].add(*([head - HEADING] if head > HEADING else []), _heading(name))
                self.lists[at].add(self._row(page))
                free -= needs
        for index, column in enumerate(self.lists):
            column.add("stretch")
            column.setVisible(index <= max(at, COLUMNS - 2))
            rescale(column, self.u)
        if self.beside.width_u is not None:
            narrow = at == COLUMNS - 1 and theme.text_of(self.u) <= 1
            self.beside.width_u = BESIDE_FOUR if narrow else BESIDE
            self._missing_u = 14.5 if narrow else 17.0
            self.beside.rescale(self.u)
        for row in self.rows:
            if row.page.key == focus:
                row.setFocus()

    def _room(self) -> float:
        """Height for rows, in u."""
        return max(self.columns.height() / self.u, ROWS_HEIGHT)

    def _row(self, page: CheckPage) -> CheckRow:
        row = CheckRow(page)
        row.clicked.connect(lambda: self.chosen.emit(page.key))
        self.rows.append(row)
        return row

    def _draw_boxes(self, pages: tuple[CheckPage, ...], startable: bool) -> None:
        self.boxes.clear()
        held = [p for p in pages if p.state == "failed" and p.required] + [p for p in pages if p.state == "overridden"]
        held.sort(key=lambda p: p.crisis is None)  # what cannot wait stands first
        compact = COMPACT if len(held) == 2 else CROWDED
        for page in held[:2]:
            box = Held(page, compact=len(held) > 1)
            box.again.clicked.connect(lambda _checked=False, key=page.key: self.chosen.emit(key))
            self.boxes.add(Fixed(box, height=compact if len(held) > 1 else 292 if startable else 220))
        self.more.setVisible(len(held) > 2)
        self.more.say(_("and {n} more, marked in the list").format(n=len(held) - 2))
        self.told.setVisible(startable and any(p.state == "overridden" for p in held))
        rescale(self.boxes, self.u)
