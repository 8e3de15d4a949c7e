// Ways to the pages of sign-in, and back to where one was.

/** Sends the person to sign in; they come back to this very address. */
export function goToSignIn(): void {
  location.assign(signInUrl());
}

export function signInUrl(): string {
  return `/sign-in?next=${encodeURIComponent(here())}`;
}

/** Where the password is given once more, for what needs a sign-in of the last 15 minutes. */
export function confirmSignInUrl(): string {
  return `/account/confirm?next=${encodeURIComponent(here())}`;
}

function here(): string {
  return location.pathname + location.search;
}
