// A link to a place within folded details opens them: not every browser does that by itself.
(() => {
  "use strict";
  const reveal = () => {
    const place = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    for (let details = place?.closest("details"); details; details = details.parentElement.closest("details")) details.open = true;
    if (place?.closest("details")) place.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  addEventListener("click", event => {
    // The same link pressed again changes no hash.
    if (event.target.closest?.('a[href^="#"]')) setTimeout(reveal);
  });
  reveal();
})();

// Updates a page that can change by itself. Without this script the page says the same and has a link to refresh it.
// It polls for the parts that have changed since its version (ETag); where none has, the answer is an empty 304.
(() => {
  "use strict";
  const page = document.querySelector("#page[data-refresh]");
  if (!page) return;

  const announce = document.getElementById("announce");
  const stale = document.getElementById("stale");
  const changed = document.getElementById("changed");
  const sayEvery = 10000;
  // A connection may hang without an end.
  const patience = 20000;
  const address = new URL(location.href);
  address.hash = "";
  // What came of a press stands outside the parts: no update asks for it again.
  address.searchParams.delete("act");
  address.searchParams.set("parts", "");
  let version = page.dataset.version;
  let lastSaid = Date.now();
  let pressed = false;
  let leaving = false;

  // An element under the pointer, or with the focus, must not be replaced between press and release: the click would be
  // lost. What is released in another window is not heard here.
  const released = () => setTimeout(() => { pressed = false; });
  for (const begin of ["pointerdown", "keydown"]) addEventListener(begin, () => { pressed = true; }, true);
  for (const end of ["pointerup", "pointercancel", "keyup"]) addEventListener(end, released, true);
  addEventListener("blur", released);

  // A form that was sent brings a page that says what came of it: a reload meanwhile would end that, and the words be
  // lost. A press that brings no page, such as a download, holds the updates up for a time only.
  addEventListener("submit", event => {
    if (event.defaultPrevented) return;
    leaving = true;
    setTimeout(() => { leaving = false; }, 30000);
  });
  addEventListener("pageshow", () => { leaving = false; });

  document.querySelectorAll(".refresh").forEach(link => { link.hidden = true; });

  const say = (text, now) => {
    if (!text || announce.textContent === text || (!now && Date.now() - lastSaid < sayEvery)) return;
    announce.textContent = text;
    lastSaid = Date.now();
  };

  // Whether a person is filling in a form in this part: then the part must not be replaced.
  const isFilledIn = field => field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
    : field.tagName === "SELECT" ? field.selectedIndex !== Math.max(0, [...field.options].findIndex(option => option.defaultSelected))
    : field.type !== "hidden" && field.value !== field.defaultValue;
  const isInHand = part => part.querySelector("details[open] form") !== null
    || [...part.querySelectorAll("form input, form select, form textarea")].some(field => field === document.activeElement || isFilledIn(field));

  // Details that were opened stay open, and the focus stays where it was.
  const swap = (part, newer) => {
    const open = [...part.querySelectorAll("details")].filter(details => details.open).map(details => details.querySelector("summary")?.textContent);
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    // Links that come by the hundred, such as tiles, have no ids: the same link is the one that leads to the same place.
    const same = focused && (focused.id ? `#${CSS.escape(focused.id)}` : focused.href ? `a[href="${CSS.escape(focused.getAttribute("href"))}"]` : null);
    part.innerHTML = newer.innerHTML;
    part.querySelectorAll("details").forEach(details => { if (open.includes(details.querySelector("summary")?.textContent)) details.open = true; });
    if (same) part.querySelector(same)?.focus({ preventScroll: true });
  };

  const take = (fresh, tag) => {
    const now = fresh.getElementById("page");
    if (!now || now.dataset.stage !== page.dataset.stage) {
      if (!isInHand(page)) location.reload();
      changed.hidden = false;
      return false;
    }
    let left = false;
    for (const part of document.querySelectorAll("[data-live]")) {
      const newer = fresh.getElementById(part.id);
      if (!newer) continue;
      if (isInHand(part)) left = true;
      else swap(part, newer);
    }
    document.title = fresh.title;
    page.dataset.refresh = now.dataset.refresh;
    // A part that was left as it is keeps the old version, so it is requested again until it can be replaced.
    changed.hidden = !left;
    if (!left) version = tag;
    say(document.getElementById("progress-words")?.textContent, false);
    return true;
  };

  const refresh = async () => {
    let wait = Number(page.dataset.refresh);
    if (document.hidden) {
      document.addEventListener("visibilitychange", refresh, { once: true });
      return;
    }
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html", "If-None-Match": `"${version}"` }, cache: "no-store", signal: AbortSignal.timeout(patience) });
      if (answer.status !== 304) {
        if (!answer.ok) throw new Error(answer.status);
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (pressed || leaving) {
          setTimeout(refresh, 300);
          return;
        }
        const tag = answer.headers.get("ETag")?.replaceAll('"', "").replace(/^W\//, "");
        if (!tag) {
          // No ETag, so not this page: another page has taken its place, or nobody is signed in any more.
          location.reload();
          return;
        }
        if (!take(fresh, tag)) return;
        wait = Number(page.dataset.refresh);
      }
      stale.hidden = true;
    } catch {
      if (leaving) {
        setTimeout(refresh, 300);
        return;
      }
      stale.hidden = false;
      say(stale.textContent, true);
      wait = Math.max(wait, sayEvery);
    }
    setTimeout(refresh, wait);
  };

  setTimeout(refresh, Number(page.dataset.refresh));
})();
