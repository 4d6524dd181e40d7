// Passkeys. A form marked data-passkey says what the browser is asked (data-asked, as our server wrote it); the answer
// goes into its field and the form on its way. Where a browser has none, the form keeps saying what it would need.

const canAsk = globalThis.isSecureContext && globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON;

const WAYS = {
  make: (asked) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) }),
  show: (asked) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) }),
};

async function answer(form) {
  const said = form.querySelector("[data-passkey-said]");
  const button = form.querySelector("button");
  said.textContent = "";
  button.setAttribute("aria-disabled", "true");
  try {
    const credential = await WAYS[form.dataset.passkey](JSON.parse(form.dataset.asked));
    form.elements.passkey.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch (problem) {
    // A device that has one already says so; everything else is somebody who closed the window, or waited.
    said.textContent = problem.name === "InvalidStateError" ? form.dataset.known : form.dataset.none;
    button.removeAttribute("aria-disabled");
  }
}

for (const form of canAsk ? document.querySelectorAll("form[data-passkey]") : []) {
  form.querySelector("[data-passkey-can]").hidden = false;
  form.querySelector("[data-passkey-needs]").hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!form.querySelector("button[aria-disabled]")) answer(form);
  });
}
