// Keeps a letter's page up to date while it is on its way. Without this script the page says the same and has a link to refresh it.
(() => {
  "use strict";
  const page = document.querySelector("#page[data-refresh]");
  if (!page) return;

  const announce = document.getElementById("announce");
  const stale = document.getElementById("stale");
  const sayEvery = 10000;
  let lastSaid = Date.now();
  let pressed = false;

  // What is under the pointer must not be exchanged between press and release: the click would be lost.
  addEventListener("pointerdown", () => { pressed = true; }, true);
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(() => { pressed = false; }), true);

  document.querySelectorAll(".refresh").forEach(link => { link.hidden = true; });

  const say = (text, now) => {
    if (!text || announce.textContent === text || (!now && Date.now() - lastSaid < sayEvery)) return;
    announce.textContent = text;
    lastSaid = Date.now();
  };

  const swap = fresh => {
    for (const part of document.querySelectorAll("[data-live]")) {
      const newer = fresh.getElementById(part.id);
      if (!newer || newer.innerHTML === part.innerHTML) continue;
      const focused = part.contains(document.activeElement) ? document.activeElement.id : null;
      part.innerHTML = newer.innerHTML;
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    }
    document.querySelectorAll(".refresh").forEach(link => { link.hidden = true; });
  };

  const refresh = async () => {
    let wait = Number(page.dataset.refresh);
    try {
      const answer = await fetch(location.href.split("#")[0], { headers: { Accept: "text/html" }, cache: "no-store" });
      if (!answer.ok) throw new Error(answer.status);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (pressed) {
        setTimeout(refresh, 300);
        return;
      }
      const now = fresh.getElementById("page");
      if (!now || now.dataset.stage !== page.dataset.stage) {
        location.reload();
        return;
      }
      swap(fresh);
      document.title = fresh.title;
      stale.hidden = true;
      const done = !now.dataset.refresh;
      say(fresh.getElementById("progress-words")?.textContent, done);
      if (done) return;
    } catch {
      stale.hidden = false;
      say(stale.textContent, true);
      wait = sayEvery;
    }
    setTimeout(refresh, wait);
  };

  setTimeout(refresh, Number(page.dataset.refresh));
})();
