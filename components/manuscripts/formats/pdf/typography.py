"""How a book is set: the size of its letters, its pitch, edges, indents and gaps, as measured.

A typesetter marks a paragraph by an indent, by a gap, or by nothing but the last line's being
short; which of them, and how large, a book itself tells by what comes most often.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from components.manuscripts.formats.pdf.columns import Flow

#: A gap of this many pitches (from baseline to baseline of one paragraph) sets paragraphs apart.
GAP = 1.25
#: An indent, in heights of letters: a first line's; more is a line centered or to the right.
INDENT = (0.6, 6.0)
#: Points between places that are one.
NEAR = 2.0
#: Share of lines that are indented, or set apart, where a book marks paragraphs so.
_USED = 0.02
#: A line longer than this share of the usual begins at the edge of the text more often than not.
_LONG = 0.6


@dataclass(frozen=True, slots=True)
class Typography:
    """How a book is set, as measured: lengths in points, `usual` in characters of a full line."""

    size: float
    pitch: float
    usual: int
    indent: float
    by_indent: bool
    by_gap: bool
    bold: bool
    #: Left edge of the text, where most long lines begin, by (odd or even page, column).
    lefts: dict[tuple[int, int], float]
    paragraph_gap: float


def measure(flows: Sequence[Flow]) -> Typography:
    """Return how the lines of `flows` are set."""
    size = text_size(flows)
    lines = [line for flow in flows for line in flow.lines]
    heavy = sum(len(line.text) if line.bold else -len(line.text) for line in lines)
    lengths = sorted(len(line.text) for line in lines if line.size == size)
    usual = lengths[len(lengths) * 3 // 4]
    edges: dict[tuple[int, int], Counter[float]] = defaultdict(Counter)
    for flow in flows:
        long = (line.x for line in flow.lines if len(line.text) > _LONG * usual)
        edges[flow.page % 2, flow.column].update(long)
    lefts = {key: _smallest(counts, 0.25) for key, counts in edges.items() if counts}
    pairs = [
        (above, above.y - below.y)
        for flow in flows
        for above, below in pairwise(flow.lines)
        if above.size == below.size == size
    ]
    steps: Counter[float] = Counter()
    for above, step in pairs:
        if step > 0.5 * size:
            steps[round(step, 0)] += len(above.text)
    # The most common step; of two nearly as common the smaller, lest gaps be taken for it.
    pitch = _smallest(steps, 0.3) if steps else 1.2 * size
    gaps = Counter(round(step) for _, step in pairs if GAP * pitch < step < 4 * pitch)
    indents: Counter[int] = Counter()
    for flow in flows:
        left = left_of(flow, lefts, 0.0)
        offsets = (line.x - left for line in flow.lines)
        low, high = INDENT[0] * size, INDENT[1] * size
        indents.update(round(offset) for offset in offsets if low <= offset <= high)
    (indent, indented), (gap, apart) = (
        next(iter(counts.most_common(1)), (0, 0)) for counts in (indents, gaps)
    )
    by_indent = indented > _USED * len(lines)
    # Fewer gaps than indents set scenes apart, and paragraphs by their indents.
    by_gap = apart > 2 * _USED * len(lines) and not (by_indent and indented > apart)
    return Typography(
        size=size,
        pitch=pitch,
        usual=usual,
        indent=indent,
        by_indent=by_indent,
        by_gap=by_gap,
        bold=heavy > 0,
        lefts=lefts,
        paragraph_gap=float(gap) if by_gap else pitch,
    )


def text_size(flows: Sequence[Flow]) -> float:
    """Return the size of most letters, in points; 0 where there are none."""
    sizes: Counter[float] = Counter()
    for flow in flows:
        for line in flow.lines:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _smallest(counts: Counter[float], share: float) -> float:
    """Return the smallest value that comes at least `share` as often as the most common one."""
    most = max(counts.values())
    return min(value for value, count in counts.items() if count >= share * most)


def left_of(flow: Flow, lefts: Mapping[tuple[int, int], float], indent: float) -> float:
    """Return the left edge of a flow: the book's, or its own where nothing stands at that."""
    usual = lefts.get((flow.page % 2, flow.column))
    own = sorted(line.x for line in flow.lines)
    if usual is None:
        return own[0] if own else 0.0
    if any(abs(x - usual) <= NEAR for x in own):
        return usual
    for x, following in pairwise(own):
        if following - x <= NEAR:
            return usual if abs(x - usual - indent) <= NEAR else x
    return usual
