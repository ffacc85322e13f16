"""What of a report was read, what was written and what is missing, in one line.

It is said from the receipts and the steps, as everything else on the page and in files is.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from components.reports import Read, Receipt, Report
from components.store import State

#: Chapters in a row that are named one by one.
_FEW = 3


def report_status(report: Report) -> str:
    """Say how far a report is: "Read: I, II. Written: Plot. Missing: Continuity, scores."."""
    chosen = [receipt for receipt in report.receipts if receipt.state is not Read.LEFT_OUT]
    read = _names(report, (receipt for receipt in chosen if receipt.is_read))
    unread = _names(report, (receipt for receipt in chosen if not receipt.is_read), _state)
    written, missing = [], []
    for lens in report.lenses:
        noted, without = _noted(report, lens, chosen)
        if report.final(lens).state is State.DONE:
            written.append(lens)
        elif not without:
            written.append(f"findings of {lens}")
            missing.append(f"the summary of {lens}")
        elif len(without) == len(chosen):
            missing.append(lens)
        else:
            written.append(f"{lens} on {', '.join(_names(report, noted))}")
            names = ", ".join(_names(report, without, _state_of_read))
            missing.append(f"{lens} on {names}")
    scored = sum(score.scores is not None for score in report.scores)
    if report.setting.has_scores and scored < len(report.scores):
        parts = f" ({scored:,} of {len(report.scores):,} parts have them)" if scored else ""
        missing.append(f"scores{parts}")
    elif scored:
        written.append("scores")
    said = {"Read": read, "Not read whole": unread, "Written": written, "Missing": missing}
    return " ".join(f"{name}: {_joined(items)}." for name, items in said.items() if items)


def _state(receipt: Receipt) -> str:
    return str(receipt.state)


def _state_of_read(receipt: Receipt) -> str:
    """Return the state of a chapter that was read: of others it was said with that."""
    return str(receipt.state) if receipt.is_read else ""


def _noted(
    report: Report, lens: str, chosen: Sequence[Receipt]
) -> tuple[list[Receipt], list[Receipt]]:
    """Return the chapters in which a lens has all that it was to find, and the others."""
    done: dict[int, bool] = {}
    for step in report.noted:
        if step.question.lens == lens:
            for chapter in (*step.question.chapters, 0):  # 0 is a text without chapters.
                done[chapter] = done.get(chapter, True) and step.state is State.DONE
    noted: tuple[list[Receipt], list[Receipt]] = ([], [])
    for receipt in chosen:
        noted[not done.get(receipt.chapter, False)].append(receipt)
    return noted


def _names(
    report: Report, receipts: Iterable[Receipt], state_of: Callable[[Receipt], str] = lambda _: ""
) -> list[str]:
    """Name chapters with their states; of many in a row in one state the first and the last."""
    listed = {receipt.chapter for receipt in receipts}
    names = []
    for (is_listed, state), group in groupby(
        report.receipts, key=lambda receipt: (receipt.chapter in listed, state_of(receipt))
    ):
        run = [receipt.name for receipt in group] if is_listed else []
        if len(run) > _FEW:
            run = [f"{run[0]} to {run[-1]}"]
        names += [f"{name} ({state})" if state else name for name in run]
    return names


def _joined(items: Sequence[str]) -> str:
    return ("; " if any(", " in item for item in items) else ", ").join(items)
