// Drafts and starters. What is being written is kept by the server, for its member alone, soon after each pause; the
// form works without any of this, with a button that keeps it.

const SOON_MS = 2000;
const SAID = {
  kept: "Kept as a draft.",
  gone: "No draft is kept.",
  not: "We can’t keep a draft just now. Your words are still in the box.",
};

function keepDraft(form) {
  const version = form.elements.draft;
  const said = form.querySelector("[data-draft-said]");
  const clash = form.querySelector("[data-draft-clash]");
  let timer = null;
  let saving = null;
  let isSent = false;

  function words() {
    const sent = new FormData(form);
    return {
      body: sent.get("body") ?? "", title: sent.get("title") ?? "", gist: sent.get("gist") ?? "",
      as_alias: sent.has("as_alias"), intent: sent.get("intent") || null, mentions: sent.getAll("kinds"), base: sent.get("edited_at") ?? "",
    };
  }

  async function send(options) {
    const sent = words();
    const isBlank = ![sent.body, sent.title, sent.gist].some((one) => one.trim());
    if (isBlank && version.value === "0") return;
    const answer = await fetch(form.dataset.draft, {
      method: isBlank ? "DELETE" : "PUT",
      headers: {
        "Content-Type": "application/json",
        "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content,
        "If-Match": `"${version.value}"`,
      },
      body: isBlank ? undefined : JSON.stringify(sent),
      ...options,
    });
    clash.hidden = answer.status !== 412;
    if (answer.status === 412) clash.dataset.version = (await answer.json()).version;
    if (answer.ok) version.value = isBlank ? "0" : answer.headers.get("ETag").replace(/^W\/|"/g, "");
    say(answer.ok ? (isBlank ? "gone" : "kept") : (answer.status === 412 ? null : "not"));
  }

  function say(what) {
    said.textContent = SAID[what] ?? "";
  }

  // One after the other, so that a late answer to earlier words does not take the place of the newest one; a page that
  // is left cannot wait.
  function keep(options = {}) {
    clearTimeout(timer);
    timer = null;
    const sent = saving && !options.keepalive ? saving.then(() => send(options)) : send(options);
    const mine = sent.catch(() => say("not")).finally(() => { if (saving === mine) saving = null; });
    saving = mine;
    return mine;
  }

  function later() {
    if (isSent || timer !== null) return;
    timer = setTimeout(async () => {
      await saving;
      keep();
    }, SOON_MS);
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  addEventListener("pagehide", () => { if (timer !== null && !isSent) keep({ keepalive: true }); });
  // Words on their way to be kept would come back as a draft after they were sent, so the form waits for them.
  form.addEventListener("submit", async (event) => {
    isSent = true;
    clearTimeout(timer);
    if (saving === null) return;
    event.preventDefault();
    await saving;
    form.requestSubmit(event.submitter);
  });
  addEventListener("pageshow", () => { isSent = false; });
  form.querySelector("[data-draft-mine]").addEventListener("click", () => {
    version.value = clash.dataset.version;
    keep();
  });
}

function begin(starter, form) {
  const box = form.querySelector("textarea");
  const words = starter.textContent.replace(/\s*…\s*$/, " ");
  box.value = box.value ? `${box.value.replace(/\s*$/, "")}\n\n${words}` : words;
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const form of document.querySelectorAll("form[data-draft]")) keepDraft(form);
for (const starters of document.querySelectorAll("[data-starters]")) {
  starters.addEventListener("click", (event) => {
    const starter = event.target.closest(".starter");
    if (!starter) return;
    event.preventDefault(); // without a script the link brings the page with these words in the box
    begin(starter, starters.closest("form"));
  });
}
