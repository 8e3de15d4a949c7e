// The fields that several forms share, with what is said when one is wrong.
import * as z from "zod";
import { MAX_PASSWORD_CHARACTERS, MIN_PASSWORD_CHARACTERS } from "../accounts.ts";

const MAX_EMAIL_CHARACTERS = 254;
export const MAX_NAME_CHARACTERS = 100;
/** A name is one line of text. */
const CONTROL = /\p{Cc}/u;

export const emailField = z
  .string("Give your e-mail address.")
  .trim()
  .toLowerCase()
  .max(MAX_EMAIL_CHARACTERS, "That address is too long.")
  .pipe(z.email("That is not an e-mail address."));

export const nameField = z
  .string("Give your name.")
  .trim()
  .min(1, "Give your name.")
  .max(MAX_NAME_CHARACTERS, `A name has at most ${MAX_NAME_CHARACTERS} characters.`)
  .refine((name) => !CONTROL.test(name), "A name is one line of text.");

/** A password that is being chosen. Length is what counts (NIST SP 800-63B-4 §3.1.1.2): no rules of composition. */
export const newPasswordField = z
  .string("Choose a password.")
  .min(MIN_PASSWORD_CHARACTERS, `Choose at least ${MIN_PASSWORD_CHARACTERS} characters.`)
  .max(MAX_PASSWORD_CHARACTERS, `A password has at most ${MAX_PASSWORD_CHARACTERS} characters.`);

/** A password that is being given. */
export const passwordField = z
  .string("Give your password.")
  .min(1, "Give your password.")
  .max(MAX_PASSWORD_CHARACTERS, `A password has at most ${MAX_PASSWORD_CHARACTERS} characters.`);

export const nextField = z.string().max(2_000).optional();
