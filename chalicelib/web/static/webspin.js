// Keys for who likes them: j and k walk the list, o opens, a goes to the approval bar, n begins a post.
// While a post is typed, its length as each network counts it. The page is whole without.
"use strict";
(() => {
  const rows = [...document.querySelectorAll(".list > .row")];
  let at = -1;
  const walk = (step) => {
    if (!rows.length) return;
    at = Math.max(0, Math.min(rows.length - 1, at + step));
    rows.forEach((row, i) => row.toggleAttribute("data-here", i === at));
    const target = rows[at].querySelector("a, summary") || rows[at];
    target.focus();
    rows[at].scrollIntoView({ block: "nearest" });
  };
  const keys = {
    j: () => walk(1),
    k: () => walk(-1),
    o: () => { const link = at >= 0 && rows[at].querySelector(".deed a, .end a, a"); if (link) link.click(); },
    a: () => { const bar = document.querySelector("#approve button.primary"); if (bar) bar.focus(); },
    n: () => { const link = document.querySelector("[data-key=n]"); if (link) link.click(); },
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });

  const form = document.querySelector("form[data-count]");
  if (!form) return;
  let rest = 0;
  let asked = 0;
  const count = async () => {
    const turn = ++asked;
    const answer = await fetch(form.dataset.count, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok || turn !== asked) return;
    for (const [id, { count, over }] of Object.entries(await answer.json())) {
      const place = document.getElementById(`count.${id}`);
      if (!place) continue;
      place.textContent = count;
      if (over) place.dataset.state = "failed";
      else delete place.dataset.state;
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(rest);
    rest = setTimeout(() => count().catch(() => {}), 600); // what was not counted now is when it is kept
  });
})();
