// The form of a letter: keeps it as one types, tells beside each field what is found there, names the weekday of each date,
// and shows page 1 as it was saved last.
// Without this script the buttons do the same.
(() => {
  "use strict";
  const keep = document.getElementById("keep");
  const form = keep?.closest("form");
  if (!form) return;

  const version = form.querySelector("input[name=version]");
  const shownAs = form.querySelector("input[name=shown]");
  const turn = form.querySelector("input[name='shown.turn']");
  const discardVersion = document.querySelector("#discard-part input[name=version]");
  const kept = document.getElementById("kept");
  const notKept = document.getElementById("not-kept");
  const page = document.getElementById("first-page");
  // After so long without a key; whoever goes on typing is kept all the same.
  const pause = 400;
  const longest = 3000;
  // A connection may hang without an end, and a press waits for what is being kept.
  const patience = 20000;
  let since = 0;
  let timer = 0;
  let saving = false;
  let pressed = null;
  let again = false;
  let stopped = false;
  let leaving = false;
  let staying = 0;
  let unsaved = false;
  let changes = 0;
  // Whether the service takes what is typed here. What it does not take is lost with this page.
  let isTaken = !document.getElementById("conflict");
  let lastPress = null;

  // What to say in the page's language stands with the form, with numbered braces for what is put in.
  const words = (name, ...values) => keep.dataset[`say${name}`].replace(/\{(\d)\}/g, (_, place) => values[place]);

  // Nobody hears twice what stands there already.
  const say = text => {
    if (notKept.textContent !== text) notKept.textContent = text;
    notKept.hidden = text === "";
  };

  const refuse = text => {
    isTaken = false;
    kept.textContent = words("NotSaved");
    say(text);
    remember();
  };

  const retry = () => {
    clearTimeout(timer);
    timer = setTimeout(schedule, 15000);
  };

  // What is sent later counts, also where it arrives before.
  const typed = () => {
    turn.value = Number(turn.value) + 1;
    const data = new FormData(form);
    data.delete("files");
    return data;
  };

  const schedule = () => {
    if (stopped) return;
    kept.textContent = words("Changed");
    if (!unsaved) since = Date.now();
    unsaved = true;
    changes++;
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(pause, since + longest - Date.now())));
  };

  const save = async () => {
    if (stopped || leaving) return;
    if (saving) {
      again = true;
      return;
    }
    saving = true;
    again = false;
    since = Date.now();
    const sent = changes;
    try {
      const answer = await fetch(keep.dataset.keep, { method: "PUT", body: typed(), redirect: "manual", signal: AbortSignal.timeout(patience) });
      const read = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
      if (answer.ok && read?.version) {
        version.value = read.version;
        if (discardVersion) discardVersion.value = read.version;
        // What was typed meanwhile is on its way.
        unsaved = changes !== sent;
        isTaken = true;
        if (!unsaved) kept.textContent = read.at ? words("SavedAt", read.at) : words("Saved");
        say("");
        if (read.recipients) document.getElementById("recipients-count").textContent = read.recipients;
        renew();
        check();
      } else if (answer.status === 409 && read) {
        stopped = true;
        refuse(words("SavedBy", read.by, read.at));
      } else if (answer.status === 404 && read) {
        stopped = true;
        refuse(words("Gone"));
      } else if (read?.words) {
        refuse(read.words);
      } else if (answer.status === 413) {
        refuse(words("TooLong"));
      } else {
        // Not signed in any more, or a page that has been open for very long.
        refuse(words(answer.status === 400 ? "Old" : "SignedOut"));
        retry();
      }
    } catch {
      refuse(words("Lost"));
      retry();
    } finally {
      saving = false;
      const press = pressed;
      pressed = null;
      if (press) form.requestSubmit(press.submitter);
      else if (again) schedule();
    }
  };

  // Whoever is chosen from the list of missions is ticked at once; the service says how many they are. A name that is in no
  // list goes to the service, as without this script.
  const recipients = document.getElementById("recipients");
  const recipient = document.getElementById("audience");
  const known = new Map();
  for (const { value, dataset } of document.getElementById("missions-known").options) {
    known.set(value.toLowerCase(), { entry: dataset.entry, called: value });
    known.set(dataset.entry.toLowerCase(), { entry: dataset.entry, called: value });
  }

  const tick = (entry, called) => {
    let box = [...recipients.querySelectorAll("input")].find(other => other.value === entry);
    if (!box) {
      const line = document.createElement("li");
      box = document.createElement("input");
      const label = document.createElement("label");
      box.type = "checkbox";
      box.name = "audience";
      box.value = entry;
      box.id = label.htmlFor = `audience-${entry}`;
      label.textContent = called;
      line.append(box, " ", label);
      recipients.append(line);
    }
    const isNew = !box.checked;
    box.checked = true;
    return isNew;
  };

  const named = entry => {
    const word = entry.replace(/^not /, "");
    const called = known.get(word)?.called ?? word;
    return word === entry ? called : leaveOut.dataset.say.replace("{0}", called);
  };

  const choose = leavesOut => event => {
    const found = known.get(recipient.value.trim().toLowerCase());
    if (!found) return;
    event.preventDefault();
    const left = `not ${found.entry}`;
    for (const box of recipients.querySelectorAll("input"))
      if (box.value === (leavesOut ? found.entry : left)) box.checked = false;
    tick(leavesOut ? left : found.entry, named(leavesOut ? left : found.entry));
    recipient.value = "";
    recipient.focus();
    schedule();
  };

  const add = document.getElementById("add-recipient");
  const leaveOut = document.getElementById("leave-out");
  add.addEventListener("click", choose(false));
  leaveOut.addEventListener("click", choose(true));
  recipient.addEventListener("keydown", event => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (recipient.value.trim()) add.click();
  });

  // What the service finds in what was kept last is told beside its field, once a person has been there.
  const places = [...form.querySelectorAll("[data-field]")];
  const been = new Set(places.filter(place => place.querySelector(".said").childElementCount > 0));
  // Of what was typed since, nothing is known yet.
  const changed = new Set();
  let found = null;
  let asking = null;

  const tell = place => {
    const list = place.querySelector(".said");
    const caret = place.contains(document.activeElement) ? document.activeElement : null;
    const chosen = place.querySelector("input[type=file]")?.files.length > 0;
    const stood = [...list.children].map(line => line.textContent);
    // What is half typed is no mistake yet, and a file that was chosen is not missing.
    const isHalf = ({ words, lacks }) => !stood.includes(words) && (caret?.matches("[type=text], [type=search]") || (lacks && (caret || chosen)));
    const said = been.has(place) ? (found[place.dataset.field] ?? []).filter(one => !isHalf(one)) : [];
    // Nobody hears twice what stands there already.
    if (said.length === stood.length && said.every(({ words }, at) => words === stood[at])) return;
    list.replaceChildren(...said.map(({ words, warns, lacks }) => {
      const line = document.createElement("p");
      line.className = warns ? "hint" : "wrong";
      if (!lacks) line.lang = "en";
      line.textContent = words;
      return line;
    }));
    place.classList.toggle("wrong-field", said.length > 0);
    describe(place);
  };

  // Whoever hears the page hears at the field what is said of it.
  const describe = place => {
    const list = place.querySelector(".said");
    for (const field of place.querySelectorAll("input[name]:not([type=checkbox], [type=radio], [type=hidden]), select[name], textarea, [role=textbox]")) {
      if (list.childElementCount > 0) field.setAttribute("aria-describedby", list.id);
      else field.removeAttribute("aria-describedby");
      if (list.querySelector(".wrong")) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  };

  // The last request wins, and keeping waits for none of them. Whatever fails here is asked anew after the next keep.
  const check = async () => {
    asking?.abort();
    asking = new AbortController();
    if (!unsaved) changed.clear();
    try {
      const answer = await fetch(keep.dataset.findings, { signal: asking.signal, redirect: "manual", cache: "no-store" });
      if (answer.status !== 200) return;
      found = await answer.json();
      places.filter(place => !changed.has(place)).forEach(tell);
    } catch {
      // Overtaken, signed out or without a connection: what keeps says so.
    }
  };

  const come = event => {
    const place = event.target.closest("[data-field]");
    if (!place || place.contains(event.relatedTarget)) return;
    been.add(place);
    if (event.type === "input") changed.add(place);
    else if (found && !changed.has(place)) tell(place);
  };
  form.addEventListener("input", come);
  form.addEventListener("focusout", come);
  places.forEach(describe);

  // The last request wins: a page that is asked for anew ends the one before.
  const preview = document.getElementById("preview");
  let shown = 0;
  const renew = () => {
    if (page.hidden) return;
    const asked = new URLSearchParams(new FormData(preview));
    asked.set("version", version.value);
    // Whoever presses gets it anew, also where nothing was changed.
    asked.set("asked", ++shown);
    // In place of the page before it: going back in the browser leaves the form.
    page.contentWindow.location.replace(`${keep.dataset.page}?${asked}#view=FitH`);
  };

  preview.addEventListener("submit", event => {
    event.preventDefault();
    page.hidden = false;
    renew();
  });
  for (const field of preview.elements) field.addEventListener("change", renew);

  // Where there is room beside the text, page 1 stands there as soon as there is something to show.
  if (matchMedia("(min-width: 60em)").matches && page.dataset.shows === "true") {
    page.hidden = false;
    renew();
  }

  const dates = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang, { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const weekday = field => {
    const output = document.querySelector(`[data-weekday="${CSS.escape(field.name)}"]`);
    if (!output) return;
    const date = field.valueAsDate;
    output.textContent = date
      ? dates.format(date).replace(/^(\w+) (?=\d+ \w+ )/, document.documentElement.lang === "en" ? "$1, " : "$&").replace(/ 1 /, document.documentElement.lang === "fr" ? " 1er " : "$&")
      : "";
  };

  form.addEventListener("input", event => {
    // Whose page is shown is no part of the letter.
    if (event.target.form === preview) return;
    if (event.target.type === "date") weekday(event.target);
    // An hour that is typed is meant.
    if (/^send\.(date|time)$/.test(event.target.name) && event.target.value) document.getElementById("at-an-hour").checked = true;
    if (event.target.type !== "file") schedule();
  });

  // What was typed outlives a press that did not get through, and a page that is left before it is kept. Once the letter has
  // another version, it was.
  const copy = `letter ${keep.dataset.keep}`;
  const fields = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !name.startsWith("__"));

  const remember = isLeft => {
    try {
      sessionStorage.setItem(copy, JSON.stringify({ version: version.value, fields: fields(), isLeft }));
    } catch {
      // The browser keeps nothing for pages.
    }
  };

  const restore = () => {
    const stored = JSON.parse(sessionStorage.getItem(copy) ?? "null");
    sessionStorage.removeItem(copy);
    if (!stored || stored.version !== version.value || document.getElementById("conflict")) return;
    const were = new Map();
    for (const [name, value] of stored.fields) were.set(name, [...(were.get(name) ?? []), value]);
    // What that page has sent may arrive only now, and is this page's own.
    if (stored.isLeft) [shownAs.value, turn.value] = [were.get("shown")[0], were.get("shown.turn")[0]];
    // Recipients that were added on that page have no box on this one.
    let differs = (were.get("audience") ?? []).map(entry => tick(entry, named(entry))).some(isNew => isNew);
    for (const field of form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "file" || field.tagName === "BUTTON") continue;
      const values = were.get(field.name) ?? [];
      if (field.type === "checkbox" || field.type === "radio") {
        if (field.checked !== values.includes(field.value)) {
          field.checked = values.includes(field.value);
          differs = true;
        }
      } else if (values.length > 0 && field.value !== values.at(-1)) {
        field.value = values.at(-1);
        differs = true;
      }
    }
    // What stands in an editor.
    for (const [name, [document]] of were) {
      if (!name.endsWith(".document")) continue;
      form.elements[name.slice(0, -".document".length)]?.dispatchEvent(new CustomEvent("typed", { detail: document }));
      differs = true;
    }
    if (!differs) return;
    say(words("Back"));
    schedule();
  };

  // The same button once more is the same press. One while something is being kept waits for that: it would name the version
  // of before, and be refused as late.
  form.addEventListener("submit", event => {
    const isAgain = leaving && lastPress?.button === event.submitter && lastPress.changes === changes;
    if (!saving && !isAgain) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (isAgain) return;
    clearTimeout(timer);
    pressed = event;
  }, { capture: true });

  // A press that brings no other page, since it was stopped or its upload failed: go on keeping.
  const stay = () => {
    if (!leaving) return;
    leaving = false;
    clearTimeout(staying);
    if (unsaved) schedule();
  };

  // Heard last: files that are too large have ended the press by then, and those sent in parts are on their way.
  const sending = form.querySelector(".sending");
  addEventListener("submit", event => {
    // Whoever discards the letter means it.
    if (event.target.closest("#discard-part")) leaving = true;
    if (event.target !== form || (event.defaultPrevented && sending.hidden)) return;
    leaving = true;
    lastPress = { button: event.submitter, changes };
    clearTimeout(staying);
    if (!event.defaultPrevented) staying = setTimeout(stay, 30000);
    asking?.abort();
    clearTimeout(timer);
    turn.value = Number(turn.value) + 1;
    remember();
  });

  restore();

  // Whoever comes back from signing in elsewhere is kept at once.
  document.addEventListener("visibilitychange", () => { if (!document.hidden && unsaved) schedule(); });

  // Back in the browser's history.
  addEventListener("pageshow", event => { if (event.persisted) location.reload(); });
  new MutationObserver(() => { if (sending.hidden) stay(); }).observe(sending, { attributeFilter: ["hidden"] });

  // A browser sends no more than this for a page that is being left.
  const most = 60000;

  const isLong = () => fields().reduce((sum, [name, value]) => sum + new Blob([name, value]).size + 120, 0) > most;

  addEventListener("beforeunload", event => {
    if (!leaving && (!isTaken || (unsaved && isLong()))) event.preventDefault();
  });

  // What was typed in the last second before the tab is closed.
  addEventListener("pagehide", () => {
    if (!unsaved) return;
    if (!leaving && !stopped) fetch(keep.dataset.keep, { method: "PUT", body: typed(), keepalive: true }).catch(() => {});
    remember(!leaving);
  });
})();
