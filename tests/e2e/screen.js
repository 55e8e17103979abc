// What is measured of a page, as screen.py asks for it by name.
({
  // The elements as the browser's own parser understands them: how deep each is, and its name.
  tree(html) {
    const found = [];
    const walk = (one, depth) => {
      for (const child of one.children) {
        found.push(`${depth} ${child.localName}`);
        walk(child, depth + 1);
      }
    };
    walk(new DOMParser().parseFromString(html, "text/html"), 0);
    return found;
  },

  // What is smaller than a thumb. A link within a sentence may be as high as its line (WCAG 2.5.8).
  small(least) {
    const shown = (one) => one.getClientRects().length && getComputedStyle(one).visibility === "visible"
      && !one.closest(".unseen") && getComputedStyle(one).clipPath === "none";
    const running = (one) => {
      if (one.localName !== "a" || one.matches(".button")) return false;
      if (!getComputedStyle(one).display.startsWith("inline")) return false;
      const block = one.closest("p, li, td, th, dd, dt, h1, h2, h3, figcaption, caption, summary");
      return block && block.textContent.trim().length > one.textContent.trim().length + 1;
    };
    const operated = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    return [...document.querySelectorAll(operated)].filter((one) => shown(one) && !running(one))
      .map((one) => {
        const boxes = [one, ...(one.labels || [])].map((each) => each.getBoundingClientRect());
        const side = (most, name) => most(...boxes.map((box) => box[name]));
        return {
          one,
          wide: side(Math.max, "right") - side(Math.min, "left"),
          high: side(Math.max, "bottom") - side(Math.min, "top"),
        };
      })
      .filter(({ wide, high }) => wide < least - 0.5 || high < least - 0.5)
      .map(({ one, wide, high }) =>
        `${one.outerHTML.slice(0, 90)}: ${Math.round(wide)} by ${Math.round(high)}`);
  },

  // What is cut off at a side, or makes one scroll sideways. What scrolls in a region of its own does not.
  beyond() {
    const inside = (one) => {
      const box = one.closest("[tabindex='0'][role=region], svg, .unseen, thead");
      const folded = one.closest("details:not([open])");
      return (box && box !== one) || (folded && folded !== one && one.localName !== "summary");
    };
    const wide = document.documentElement.scrollWidth;
    const found = [...document.querySelectorAll("body *:not(.unseen)")]
      .filter((one) => one.getClientRects().length && !inside(one))
      .filter((one) => one.getBoundingClientRect().right > innerWidth + 1
        || one.getBoundingClientRect().left < -1)
      .map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 40)}`).slice(0, 3);
    return wide > innerWidth ? [`${wide} pixels wide`, ...found] : found;
  },

  unfold() {
    document.querySelectorAll("details").forEach((one) => { one.open = true; });
  },

  // What comes later in the source, and stands higher on the page. Bars that stay where they are do not count.
  backwards() {
    const still = (one) => {
      for (let up = one; up; up = up.parentElement) {
        if (["fixed", "sticky"].includes(getComputedStyle(up).position)) return false;
      }
      return getComputedStyle(one).position !== "absolute";
    };
    const read = "main :is(h1, h2, h3, p, label, input, select, textarea, button, a, summary, caption)";
    const seen = [...document.querySelectorAll(read)]
      .filter((one) => one.getClientRects().length && !one.closest(".unseen, svg, thead") && still(one));
    const found = [];
    seen.slice(1).forEach((one, i) => {
      const [last, next] = [seen[i].getBoundingClientRect(), one.getBoundingClientRect()];
      if (next.bottom <= last.top + 1) {
        found.push(`${one.outerHTML.slice(0, 70)} stands above ${seen[i].outerHTML.slice(0, 70)}`);
      }
    });
    return found;
  },

  // What has the focus: where in the source it stands, its ring, and whether anything lies over it.
  focus() {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const style = getComputedStyle(one);
    const box = one.getClientRects()[0];
    const [x, y] = [box.left + Math.min(box.width / 2, 20), box.top + Math.min(box.height / 2, 20)];
    const top = document.elementFromPoint(x, y);
    const over = (each) => each.contains(top) || (top && top.contains(each));
    const all = [...document.querySelectorAll("*")];
    return {
      at: all.indexOf(one),
      said: one.outerHTML.slice(0, 90),
      ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
      seen: !!top && [one, ...(one.labels || [])].some(over),
      first: all.indexOf(document.querySelector("a")),
    };
  },
})
