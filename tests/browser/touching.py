"""What a thumb can hit: 44 px across and down, around the middle of all that can be pressed."""

#: CSS pixels.
LEAST = 44

#: The sentences about what a thumb misses: where it is, and what lies there instead. Smaller may be a link
#: in the running text of a sentence, and one to an address that another link of the page leads to.
#: Unfolds what is folded (but for menus), to look there too.
TOO_SMALL = """(least) => {
  const PRESSED = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const half = least / 2 - 1;
  const words = /[\\p{L}\\p{N}]{2}/u;

  const shown = (el) => {
    if (el.disabled || !el.checkVisibility({ visibilityProperty: true })) return false;
    for (let at = el; at; at = at.parentElement) if (getComputedStyle(at).clipPath !== "none") return false;
    const { width, height, bottom } = el.getBoundingClientRect();
    return width > 1 && height > 1 && bottom + scrollY > 0;
  };
  // A box is ticked by its label too.
  const areasOf = (el) =>
    [el, ...(/checkbox|radio|file/.test(el.type) ? el.labels : [])].filter(shown);
  const boxOf = (areas) => {
    const boxes = areas.flatMap((el) => [...el.getClientRects()]);
    if (areas.length === 1) return boxes.reduce((a, b) => (b.width * b.height > a.width * a.height ? b : a));
    const [left, top] = ["left", "top"].map((side) => Math.min(...boxes.map((box) => box[side])));
    const [right, bottom] = ["right", "bottom"].map((side) => Math.max(...boxes.map((box) => box[side])));
    return new DOMRect(left, top, right - left, bottom - top);
  };
  const nameOf = (el) => (el ? [el.localName, ...el.classList].join(".") : "nothing");
  const missed = (areas) => {
    areas[0].scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const box = boxOf(areas);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    for (const [across, down] of [[-half, 0], [half, 0], [0, -half], [0, half]]) {
      const there = document.elementFromPoint(x + across, y + down);
      if (areas.some((el) => el.contains(there))) continue;
      const size = `${Math.round(box.width)} x ${Math.round(box.height)}`;
      return `${across ? "width" : "height"} of ${size}, beside it ${nameOf(there)}`;
    }
  };
  const inSentence = (el) =>
    getComputedStyle(el).display === "inline" &&
    ["previousSibling", "nextSibling"].some((next) => {
      for (let at = el[next]; at && at.nodeName !== "BR"; at = at[next])
        if (at.nodeType === Node.TEXT_NODE && words.test(at.data)) return true;
      return false;
    });
  const placeOf = (el) => {
    const path = [];
    for (let at = el; at && at.localName !== "main" && path.length < 4; at = at.parentElement)
      path.unshift(nameOf(at));
    return `${path.join(" > ")} "${(el.textContent || el.name || "").trim().slice(0, 20)}"`;
  };

  const [seen, reached, small] = [new Set(), new Set(), []];
  const look = () => {
    for (const el of document.querySelectorAll(PRESSED)) {
      const areas = seen.has(el) ? [] : areasOf(el);
      if (!areas.length) continue;
      seen.add(el);
      const why = missed(areas);
      if (!why) reached.add(el.href);
      else if (!inSentence(el)) small.push([el, why]);
    }
  };
  look();
  for (const folded of document.querySelectorAll("details:not([data-menu])")) folded.open = true;
  look();
  return small
    .filter(([el]) => !el.href || !reached.has(el.href))
    .map(([el, why]) => `${placeOf(el)}: ${why}`);
}"""
