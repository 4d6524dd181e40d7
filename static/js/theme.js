// Theme switch. The server renders <html data-theme> from a cookie and the buttons are a plain form;
// this only saves the round trip, so that nothing half-written on the page is lost by changing the light.

const form = document.querySelector("form[data-theme-form]");

function show(theme) {
  document.documentElement.dataset.theme = theme;
  for (const button of form.querySelectorAll("button[name=theme]")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
}

form?.addEventListener("submit", async (event) => {
  if (!event.submitter) return;
  event.preventDefault();
  const { value } = event.submitter;
  const fields = new FormData(form);
  fields.set("theme", value);
  show(value);
  try {
    await fetch(form.action, { method: "POST", body: fields, redirect: "manual" });
  } catch { /* no connection: the look holds until the next page */ }
});
