"""Looking at a page as a careful visitor: all can read and press it, it stands still, it fits a phone."""

from html.parser import HTMLParser

from axe_playwright_python.sync_playwright import Axe

from tests.browser.arriving import is_fault, listening
from tests.browser.touching import LEAST, TOO_SMALL

DESK, PHONE = {"width": 1366, "height": 768}, {"width": 360, "height": 740}
#: All that a program can see of WCAG 2.2 up to AA, and what axe holds for good manners besides.
ALL = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
}
#: What changes with the scheme.
COLOURS = {**ALL, "runOnly": {"type": "rule", "values": ["color-contrast"]}, "rules": {}}

NOTE_JUMPS = """
  window.jumps = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (!entry.hadRecentInput)
        window.jumps.push(...entry.sources.map(({ node, previousRect: a, currentRect: b }) => {
          const moved = node?.nodeType === 1 ? node : node?.parentElement;
          return `${moved?.tagName} ${moved?.getAttribute("class") ?? ""} by ${b.x - a.x},${b.y - a.y}`;
        }));
  }).observe({ type: "layout-shift", buffered: true });
"""
SETTLED = """document.fonts.ready.then(
  () => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))
)"""
#: Pictures are there, and colours of the scheme; a page without our scripts has those from its style sheet.
ARRIVED = """(scheme) => {
  const { theme, bsTheme } = document.documentElement.dataset;
  if (!matchMedia(`(prefers-color-scheme: ${scheme})`).matches) return false;
  return (theme !== "auto" || bsTheme === scheme) && [...document.images].every((each) => each.complete);
}"""
#: What axe says of the page from its top, or what lies under its head seems too small to hit. Of rows and
#: cells built like one before them in the same list, looking at one is enough.
LOOK = """async (options) => {
  const bones = (el) => `${el.tagName} ${el.getAttribute("class")} ${[...el.children].map(bones)}`;
  for (const list of document.querySelectorAll("tbody, tbody tr, ul, ol")) {
    const seen = new Set();
    for (const entry of list.children) {
      const built = bones(entry);
      if (seen.has(built)) entry.dataset.repeated = "";
      seen.add(built);
    }
  }
  scrollTo(0, 0);
  const { violations } = await axe.run({ exclude: ["[data-repeated]"] }, options);
  return {
    scheme: document.documentElement.dataset.bsTheme,
    faults: violations.map(({ id, nodes }) => ({
      id,
      places: nodes.map((node) => node.target.join(" ")),
      why: nodes[0].failureSummary.split("\\n")[1].trim(),
    })),
  };
}"""
#: What makes a page wider than its window; a table may scroll inside a box of its own.
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const boxed = (el) =>
    el !== document.body && (getComputedStyle(el).overflowX !== "visible" || boxed(el.parentElement));
  const wide = [...document.body.querySelectorAll("*")]
    .filter((el) => el.getBoundingClientRect().right > room + 1 && !boxed(el.parentElement))
    .map((el) => `${el.tagName} ${el.getAttribute("class") ?? ""}`);
  return wide.length ? wide : ["something"];
}"""


class Examiner:
    """Examines what a page shows, and notes every fault with the place where it was seen."""

    def __init__(self, page):
        self.page = page
        self._device = page.context.new_cdp_session(page)
        self.findings, self.where, self.expected = [], "", ()
        page.add_init_script(NOTE_JUMPS)
        page.add_init_script(Axe().axe_script)
        page.on("console", lambda message: is_fault(message) and self._complained(message.text))
        page.on("pageerror", lambda error: self._complained(str(error)))

    def note(self, finding):
        entry = f"{self.where}: {finding}"
        if entry not in self.findings:
            self.findings.append(entry)

    def _complained(self, text):
        if not text.startswith(self.expected):
            self.note(f"complains: {text}")

    def at(self, where, *, expected=()):
        """From now on it stands there; the console may say what begins like one of the expected."""
        self.where, self.expected = where, tuple(expected)

    def visit(self, address, size=DESK, scheme="light"):
        """Open an address; a phone is held in the hand."""
        self.page.set_viewport_size(size)
        self._device.send("Emulation.setTouchEmulationEnabled", {"enabled": size == PHONE})
        self.page.emulate_media(color_scheme=scheme)
        self.page.goto(address)
        self.settle(scheme)

    def settle(self, scheme):
        """Wait until what was opened stands there: scripts, fonts, pictures, colours of the scheme."""
        listening(self.page)
        self.page.evaluate(SETTLED)
        self.page.wait_for_function(ARRIVED, arg=scheme)

    def stands_still(self):
        """Nothing moved since the page was opened, unless somebody moved it."""
        for jump in dict.fromkeys(self.page.evaluate("window.jumps")):
            self.note(f"{self._width} px: jumps: {jump}")

    def is_for_everybody(self, options=ALL):
        """Axe finds nothing in what is shown now."""
        seen = self.page.evaluate(LOOK, options)
        for fault in seen["faults"]:
            places = ", ".join(fault["places"][:3])
            self.note(f"{self._width} px {seen['scheme']}: {fault['id']} at {places}: {fault['why']}")

    def is_for_everybody_in_both_schemes(self):
        for scheme, options in (("light", ALL), ("dark", COLOURS)):
            self.page.emulate_media(color_scheme=scheme)
            self.settle(scheme)
            self.is_for_everybody(options)

    def fits(self):
        """The page does not scroll sideways."""
        for element in self.page.evaluate(TOO_WIDE)[:3]:
            self.note(f"{self._width} px: wider than the window: {element}")

    def can_be_touched(self):
        """A thumb hits everything that can be pressed, also in what is folded away: it is open afterwards."""
        for fault in self.page.evaluate(TOO_SMALL, LEAST)[:5]:
            self.note(f"{self._width} px: too small for a thumb: {fault}")

    def examine(self, address):
        """All of it: at the desk in light and dark, and on the phone, where it fits unfolded too."""
        self.visit(address)
        self.is_for_everybody_in_both_schemes()
        self.stands_still()
        self.visit(address, PHONE, "dark")
        self.fits()
        self.is_for_everybody()
        self.stands_still()
        self.can_be_touched()
        self.fits()

    @property
    def _width(self):
        return self.page.viewport_size["width"]


class Skeleton(HTMLParser):
    """What stands where on a page, without its texts: the paths of tags, classes and roles."""

    EMPTY = frozenset(
        ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
    )
    #: The same on every page of a person.
    FRAME = ("header.x-head", "nav.x-bar")

    def __init__(self, html):
        super().__init__()
        self.path, self.frame, self.content = [], set(), set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        kinds = " ".join(said.get(name) or "" for name in ("class", "role", "type"))
        self.path.append(".".join([tag, *kinds.split()]))
        framed = any(step.startswith(self.FRAME) for step in self.path)
        (self.frame if framed else self.content).add(tuple(self.path))
        if tag in self.EMPTY:
            self.path.pop()

    def handle_endtag(self, tag):
        while tag not in self.EMPTY and self.path:
            if self.path.pop().partition(".")[0] == tag:
                break
