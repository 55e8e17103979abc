// Keys for who likes them, the number of chosen rows, names behind an @, and a post's length as each network
// counts it. The page is whole without. Rows that htmx puts in place are found anew each time.
"use strict";
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const rows = () => [...document.querySelectorAll(".list > .row")];
  const prefix = document.body.dataset.prefix || "";
  const here = () => $(".list > .row[data-here]");
  const help = $("#keys");
  let going = false;

  const walk = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = Math.max(0, Math.min(all.length - 1, all.indexOf(here()) + step));
    all.forEach((row, i) => row.toggleAttribute("data-here", i === at));
    ($(".deed a, summary, a", all[at]) || all[at]).focus();
    all[at].scrollIntoView({ block: "nearest" });
  };
  const press = (selector) => { const found = here() && $(selector, here()); if (found) found.click(); };
  const places = { v: "", m: "mentions", z: "cases", k: "calendar", p: "people", l: "sources", r: "reports" };
  const keys = {
    j: () => walk(1),
    k: () => walk(-1),
    o: () => press(".deed a, .end a, a"),
    x: () => press("[type=checkbox]"),
    c: () => {
      const why = here() && $("details.why", here());
      if (!why) return;
      why.open = true;
      const pick = $(".picks button", why);
      if (pick) pick.focus();
    },
    r: () => { const text = $("#text"); if (text) text.focus(); else press(".deed a, .end a"); },
    a: () => { const bar = $("#approve button.primary"); if (bar) bar.focus(); },
    n: () => { if (document.body.dataset.new) location.assign(document.body.dataset.new); },
    "/": () => { const field = $(".filters input, .filters select"); if (field) { const fold = field.closest("details"); if (fold) fold.open = true; field.focus(); } },
    g: () => { going = true; setTimeout(() => { going = false; }, 1500); },
    "?": () => { if (help && !help.open) help.showModal(); },
  };
  const off = () => localStorage.getItem("keys") === "off";
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select, dialog, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (off() && event.key !== "?") return;
    if (going && event.key in places) { location.assign(`${prefix}/${places[event.key]}`); return; }
    if (!(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });
  const wish = help && $("input", help);
  if (wish) {
    wish.checked = !off();
    wish.addEventListener("change", () => localStorage.setItem("keys", wish.checked ? "on" : "off"));
  }

  const chosen = () => {
    const place = $("[data-chosen-count]");
    if (!place) return;
    const count = document.querySelectorAll(".row :checked").length;
    place.textContent = count ? ` ${count}` : "";
    const bar = place.closest("details");
    if (count && bar) bar.open = true;
  };
  document.addEventListener("change", chosen);
  // a button that stands outside its form is sent along as a browser would
  document.addEventListener("htmx:configRequest", (event) => {
    const pressed = event.detail.triggeringEvent && event.detail.triggeringEvent.submitter;
    if (pressed && pressed.name) event.detail.parameters[pressed.name] = pressed.value;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const row = event.detail.elt && event.detail.elt.closest && event.detail.elt.closest(".row");
    if (row && document.activeElement === document.body) ($("summary", row) || row).focus();
  });
  chosen();

  // a note: who types an @ is offered the colleagues whose name goes on so
  const note = $("textarea[data-names]");
  let names = null;
  if (note) note.addEventListener("input", async () => {
    const typed = () => /(^|\s)@([^\s@]*)$/.exec(note.value.slice(0, note.selectionStart));
    const picks = $("#names");
    picks.replaceChildren();
    if (!typed()) return;
    names = names || fetch(note.dataset.names).then((answer) => (answer.ok ? answer.json() : {})).catch(() => ({}));
    const known = await names;
    const now = typed();
    if (!now) return;
    const begun = now[2].toLowerCase();
    const fits = Object.entries(known).filter((each) => each.some((text) => text.toLowerCase().startsWith(begun)));
    picks.replaceChildren(...fits.slice(0, 6).map(([handle, name]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.addEventListener("click", () => {
        const end = note.selectionStart;
        note.setRangeText(`${handle} `, end - now[2].length, end, "end");
        picks.replaceChildren();
        note.focus();
      });
      return button;
    }));
  });

  const form = $("form[data-count]");
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
