// Computes a file's SHA-256 fingerprint in the browser: the file itself is not uploaded. Without this script a person
// can type a fingerprint.
(() => {
  "use strict";
  const form = document.getElementById("by-file");
  if (!form || !globalThis.crypto?.subtle) return;

  const file = document.getElementById("file");
  const hash = document.getElementById("hash");
  const problem = document.getElementById("file-problem");
  document.getElementById("choose").hidden = false;

  file.addEventListener("change", async () => {
    problem.hidden = true;
    hash.value = "";
    if (file.files.length === 0) return;
    try {
      const digest = await crypto.subtle.digest("SHA-256", await file.files[0].arrayBuffer());
      hash.value = Array.from(new Uint8Array(digest), part => part.toString(16).padStart(2, "0")).join("");
      form.requestSubmit();
    } catch {
      problem.hidden = false;
    }
  });
})();
