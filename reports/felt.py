"""How a page feels: what it weighs on the way, when its main part stands, how soon it answers a finger.

Measured in Chromium against a trial site, on a processor made so many times slower, since the machines in
offices and pockets are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

#: How many times slower the processor is made.
SLOWER = 4

#: Kinds of what a page loads, as the browser calls them, that the budget counts.
WEIGHED = {"Document": "HTML", "Stylesheet": "CSS", "Script": "JS"}

#: Told to the page before it begins: keep when its largest part was painted, and each answer to a person.
WATCH = """
window.felt = {painted: 0, events: []};
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) felt.painted = entry.startTime;
}).observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.interactionId) felt.events.push(entry.duration);
}).observe({type: "event", durationThreshold: 16, buffered: true});
"""
#: Two frames later everything that was to be painted is, and has been told of.
SETTLED = (
    "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))"
)

#: When its largest part was painted, as soon as that is known.
PAINTED = """new Promise((done) => {
  (function look() { felt.painted ? done(felt.painted) : setTimeout(look, 50); })();
})"""


@dataclass(frozen=True)
class Felt:
    """Bytes by kind, milliseconds until the largest part was painted, and those of each act (medians)."""

    bytes: dict[str, int]
    painted: float
    acts: dict[str, float]

    @property
    def weight(self) -> int:
        return sum(self.bytes.values())


def month_page(opened, url: str, cookie: dict[str, str], *, rounds: int) -> Felt:
    """The month page of a lead, each round with an empty cache: it is opened, and one item reported on."""
    weights: dict[str, int] = {}
    painted: list[float] = []
    acts: dict[str, list[float]] = defaultdict(list)
    for _round in range(rounds):
        context = opened.new_context(viewport={"width": 1366, "height": 768}, service_workers="block")
        context.add_cookies([cookie])
        page = context.new_page()
        page.add_init_script(WATCH)
        slow = context.new_cdp_session(page)
        slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        weights = _weighed(slow)
        page.goto(url, wait_until="networkidle")
        painted.append(page.evaluate(PAINTED))
        for name, took in _report(page):
            acts[name].append(took)
        context.close()
    return Felt(weights, median(painted), {name: median(took) for name, took in acts.items()})


def _weighed(slow) -> dict[str, int]:
    """Bytes by kind as they travel, filled while the page loads."""
    kinds: dict[str, str] = {}
    weights = dict.fromkeys(WEIGHED.values(), 0)

    def begun(event) -> None:
        kinds[event["requestId"]] = event["type"]

    def finished(event) -> None:
        if kind := WEIGHED.get(kinds.get(event["requestId"], "")):
            weights[kind] += int(event["encodedDataLength"])

    slow.on("Network.responseReceived", begun)
    slow.on("Network.loadingFinished", finished)
    slow.send("Network.enable")
    return weights


def _report(page) -> Iterator[tuple[str, float]]:
    """Report on the first item that one may report on; (act, milliseconds of its slowest answer)."""
    line = page.locator(".x-line", has=page.locator("input[name=percent]")).first
    form = line.locator("form", has=page.locator("input[name=percent]")).first

    def save() -> None:
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            form.locator("button[type=submit]").first.click()

    yield "open the form", _took(page, lambda: line.locator("summary").first.click())
    number = form.locator("input[name=percent]").last
    number.press("Control+a")  # or the keys land before the nought that stands there
    yield "type a number", _took(page, lambda: number.press_sequentially("45"))
    yield "save", _took(page, save)


def _took(page, act) -> float:
    page.evaluate("felt.events.length = 0")
    act()
    page.evaluate(SETTLED)
    return page.evaluate("Math.max(0, ...felt.events)")
