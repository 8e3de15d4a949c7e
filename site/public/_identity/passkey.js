// Passkeys in the browser: asks the platform for a challenge, the browser for its dialog, and the platform for a verdict.
// WebAuthn Level 3 does the encoding (parse…FromJSON, toJSON); a browser without it keeps the password.
const ACTS = {
  "sign-in": {
    options: "/sign-in/passkey/options",
    verdict: "/sign-in/passkey",
    ask: (options) =>
      navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
  },
  register: {
    options: "/account/passkeys/options",
    verdict: "/account/passkeys",
    ask: (options) =>
      navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
  },
};

if (globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON !== undefined) {
  for (const place of document.querySelectorAll("[data-passkey]")) {
    place.hidden = false;
    place.querySelector("button").addEventListener("click", () => run(place));
  }
}

async function run(place) {
  const { options, verdict, ask } = ACTS[place.dataset.passkey];
  const said = place.querySelector("[role=alert]");
  said.textContent = "";
  try {
    const credential = await ask(await post(options, {}));
    await post(verdict, { response: credential.toJSON() });
    location.assign(place.dataset.next);
  } catch (error) {
    said.textContent =
      error.name === "NotAllowedError"
        ? "The passkey was not used. Try again, or use your password."
        : error.message;
  }
}

async function post(path, json) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(json),
  });
  // The sign-in has grown old meanwhile: the password first.
  if (answer.redirected) location.assign(answer.url);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail ?? "The platform refused it.");
  return body;
}
