// Sends the files of a form in parts before the form itself, which then only names them. What is too large is told
// before anything is sent. A file is known by its hash, so an upload that broke off goes on where it stopped, also after
// the page was reloaded. Without this script the form holds the files, up to a smaller size.
(() => {
  "use strict";
  const form = document.querySelector("form[data-parts]");
  if (!form) return;

  const files = form.querySelector("input[type=file]");
  const buttons = [...form.querySelectorAll("button")];
  const sending = form.querySelector(".sending");
  const label = sending.querySelector("label");
  const bar = sending.querySelector("progress");
  const notSent = document.getElementById("not-sent");
  const token = form.querySelector("input[name=__RequestVerificationToken]").value;
  // Only pages that came over an encrypted connection, or from this machine, may work out hashes.
  const inParts = globalThis.crypto?.subtle !== undefined;
  const most = Number(inParts ? form.dataset.most : form.dataset.plain);
  const partSize = Number(form.dataset.part);
  const waits = [1000, 3000, 9000];

  // What to say in the page's language stands with the form, with numbered braces for what is put in.
  const words = (name, ...values) => form.dataset[`say${name}`].replace(/\{(\d)\}/g, (_, place) => values[place]);

  const megabytes = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1, useGrouping: false });
  const size = bytes => bytes < 1000 ? words("Bytes", bytes) : bytes < 999500 ? words("Kilobytes", Math.round(bytes / 1e3)) : words("Megabytes", megabytes.format(bytes / 1e6));

  const say = text => {
    notSent.textContent = text;
    notSent.hidden = text === "";
  };

  // A sentence where the chosen files are too large; else an empty text.
  const tooLarge = () => {
    const chosen = [...files.files];
    const all = chosen.reduce((sum, file) => sum + file.size, 0);
    if (all <= most) return "";
    const has = size(all) === size(most) ? words("More", size(most)) : size(all);
    return chosen.length === 1
      ? words("Large", chosen[0].name, has, size(most))
      : words("LargeTogether", has, size(most));
  };

  const hex = digest => Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, "0")).join("");
  const base64 = digest => btoa(String.fromCharCode(...new Uint8Array(digest)));

  // The bytes of a file or of a part of one.
  const read = async (name, blob) => {
    try {
      return await blob.arrayBuffer();
    } catch {
      throw new Error(words("Changed", name));
    }
  };

  // What to tell a person about an answer; undefined where it is worth another try.
  const refusal = (status, text) =>
    status === 401 || status === 403 ? words("SignedOut")
    : status === 400 ? words("Old")
    : status === 413 ? text || words("Part")
    : status === 404 ? words("Elsewhere")
    : undefined;

  // XMLHttpRequest and not fetch, which does not tell how much has been sent.
  const request = (method, address, headers, body, sent) => new Promise(resolve => {
    const ask = new XMLHttpRequest();
    ask.open(method, address);
    ask.timeout = 600000;
    for (const [name, value] of Object.entries(headers)) ask.setRequestHeader(name, value);
    ask.upload.onprogress = event => sent?.(event.loaded);
    ask.onload = () => resolve({
      status: ask.status,
      text: ask.getResponseHeader("Content-Type")?.startsWith("text/html") ? "" : ask.responseText,
    });
    ask.onerror = ask.ontimeout = ask.onabort = () => resolve({ status: 0, text: "" });
    ask.send(body);
  });

  const insist = async (...of) => {
    for (let tries = 0; ; tries++) {
      const answer = await request(...of);
      if (answer.status >= 200 && answer.status < 300) return answer.text;
      const refused = refusal(answer.status, answer.text);
      if (refused) throw new Error(refused);
      if (tries === waits.length)
        throw new Error(answer.status === 0 ? words("Lost")
          : answer.status === 422 ? words("Again", answer.text)
          : words("Wrong"));
      await new Promise(resolve => setTimeout(resolve, waits[tries]));
    }
  };

  const send = async () => {
    const chosen = [...files.files];
    const all = chosen.reduce((sum, file) => sum + file.size, 0);
    let done = 0;
    const show = (name, more) => {
      bar.max = Math.max(all, 1);
      bar.value = done + more;
      label.textContent = words("Sending", name, size(done + more), size(all));
    };
    const entries = [];
    for (const file of chosen) {
      show(file.name, 0);
      const hash = hex(await crypto.subtle.digest("SHA-256", await read(file.name, file)));
      const address = `${form.dataset.parts}/${hash}/${file.size}`;
      const there = JSON.parse(await insist("GET", address, {}, null));
      for (let part = 0; part * partSize < file.size; part++) {
        const piece = file.slice(part * partSize, Math.min((part + 1) * partSize, file.size));
        if (!there.includes(part)) {
          const bytes = await read(file.name, piece);
          await insist(
            "PUT",
            `${address}/${part}`,
            {
              RequestVerificationToken: token,
              "Content-Type": "application/octet-stream",
              "Content-Digest": `sha-256=:${base64(await crypto.subtle.digest("SHA-256", bytes))}:`,
            },
            bytes,
            sent => show(file.name, Math.min(sent, piece.size)));
        }
        done += piece.size;
        show(file.name, 0);
      }
      entries.push(`${hash}:${file.size}:${file.name}`);
    }
    return entries;
  };

  // What a press has put into the form, or an earlier one left in it: files that are chosen anew take its place.
  const forget = () => form.querySelectorAll("input.pressed, input[name=staged]").forEach(entry => entry.remove());

  const put = (name, value) => {
    const field = document.createElement("input");
    field.type = "hidden";
    field.className = "pressed";
    field.name = name;
    field.value = value;
    form.append(field);
  };

  // The form as it was before the press.
  const anew = () => {
    forget();
    files.disabled = false;
    buttons.forEach(button => { button.disabled = false; });
    sending.hidden = true;
  };

  files.addEventListener("change", () => say(tooLarge()));

  form.addEventListener("submit", async event => {
    const large = tooLarge();
    if (large) {
      event.preventDefault();
      say(large);
      return;
    }
    // Whoever comes back in the browser's history finds these as they were typed, as the address says them.
    const stay = form.querySelectorAll("[data-stays]");
    if (stay.length > 0) history.replaceState(null, "", `?${new URLSearchParams(Array.from(stay, field => [field.name, field.value]))}`);
    if (!inParts || files.files.length === 0) return;
    event.preventDefault();
    say("");
    // What a form sends by itself does not say which button was pressed.
    const pressed = event.submitter?.name ? event.submitter : null;
    buttons.forEach(button => { button.disabled = true; });
    sending.hidden = false;
    try {
      const entries = await send();
      forget();
      for (const entry of entries) put("staged", entry);
      if (pressed) put(pressed.name, pressed.value);
      label.textContent = words("Sent");
      // So that the form does not hold the files as well.
      files.disabled = true;
      form.submit();
      // Checking them may take a minute and more. Whoever stops that stays here, and need not wait for this: the page can be
      // reloaded.
      setTimeout(anew, 120000);
    } catch (problem) {
      say(problem.message);
      sending.hidden = true;
      buttons.forEach(button => { button.disabled = false; });
    }
  });

  // Back to this page in the browser's history.
  addEventListener("pageshow", event => { if (event.persisted) anew(); });
})();
