// Drafts and starters. What is being written is kept in this browser under the member's id and the form, so that no
// other account is ever shown it; leave.js empties the storage. The form works without any of this.

const KEPT_DAYS = 30;
const PREFIX = "draft:";
const DAY_MS = 86_400_000;

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch { return null; } // storage is switched off, or holds something else
}

function keep(key, fields) {
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields }));
  } catch { /* storage is full or switched off: the words are still in the box */ }
}

function forget(key) {
  try { localStorage.removeItem(key); } catch { /* switched off */ }
}

function forgetOld(owner) {
  try {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) {
      const isTheirs = key.startsWith(`${PREFIX}${owner}:`);
      if (!isTheirs || Date.now() - (read(key)?.at ?? 0) > KEPT_DAYS * DAY_MS) forget(key);
    }
  } catch { /* switched off */ }
}

function written(form) {
  return [...form.elements].filter((field) => field.matches("textarea, input[name=title], input[name=gist]"));
}

function keepDrafts(form) {
  const key = PREFIX + form.dataset.draft;
  forgetOld(form.dataset.draft.split(":")[0]);
  const draft = read(key);
  if (draft && !("draftGiven" in form.dataset)) putBack(form, draft.fields);
  form.addEventListener("input", () => {
    const fields = Object.fromEntries(written(form).map((field) => [field.name, field.value]));
    if (Object.values(fields).some((value) => value.trim())) keep(key, fields);
    else forget(key);
  });
  // Kept until another page shows that the words arrived: a refused form comes back with them and keeps them again.
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name !== "preview") sessionStorage.setItem("sent", key);
  });
}

function putBack(form, fields) {
  let isBack = false;
  for (const field of written(form)) {
    if (field.value || !fields[field.name]) continue;
    field.value = fields[field.name];
    isBack = true;
  }
  const said = form.querySelector("[data-draft-said]");
  if (said) said.hidden = !isBack;
}

function begin(starter, form) {
  const box = form.querySelector("textarea");
  const words = starter.textContent.replace(/\s*…\s*$/, " ");
  box.value = box.value ? `${box.value.replace(/\s*$/, "")}\n\n${words}` : words;
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function arrived() {
  try {
    const key = sessionStorage.getItem("sent");
    sessionStorage.removeItem("sent");
    if (key && !document.querySelector("form[data-draft-given]")) forget(key);
  } catch { /* switched off */ }
}

arrived();
for (const form of document.querySelectorAll("form[data-draft]")) {
  keepDrafts(form);
  const starters = form.querySelector("[data-starters]");
  if (!starters) continue;
  starters.addEventListener("click", (event) => {
    const starter = event.target.closest(".starter");
    if (!starter) return;
    event.preventDefault(); // without a script the link brings the page with these words in the box
    begin(starter, form);
  });
}
