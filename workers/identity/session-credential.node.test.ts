import { serializeSignedCookie } from "better-call";
import { describe, expect, test } from "vitest";
import {
  DEVICE_PREFIX,
  readDeviceCredential,
  readSessionCookie,
  SESSION_COOKIE,
  signForCookie,
  signForDevice,
} from "./session-credential.ts";

const SECRET = "a secret of the test, long enough to be one";
const OTHER_SECRET = "another secret of the test, as long as that";
const TOKEN = "9fK2mQ7xTz4LbW8cVn3RgY6pHd1JsA5e";

describe("a session cookie", () => {
  test("is signed as better-auth signs it, byte for byte", async () => {
    const theirs = await serializeSignedCookie(SESSION_COOKIE, TOKEN, SECRET);
    expect(`${SESSION_COOKIE}=${await signForCookie(TOKEN, SECRET)}`).toBe(theirs.split(";")[0]);
  });

  test("opens among other cookies, wherever it stands", async () => {
    const cookie = `${SESSION_COOKIE}=${await signForCookie(TOKEN, SECRET)}`;
    for (const header of [cookie, `theme=dark; ${cookie}`, `${cookie};theme=dark`, `a=b;${cookie} ; c=d`]) {
      expect(await readSessionCookie(header, SECRET), header).toBe(TOKEN);
    }
  });

  test("opens with no other secret, no other name and no missing part", async () => {
    const value = await signForCookie(TOKEN, SECRET);
    expect(await readSessionCookie(`${SESSION_COOKIE}=${value}`, OTHER_SECRET)).toBeNull();
    const wrong = [
      "",
      `oursynth-session=${value}`,
      `x${SESSION_COOKIE}=${value}`,
      `${SESSION_COOKIE}=`,
      `${SESSION_COOKIE}=${TOKEN}`,
      `${SESSION_COOKIE}=${TOKEN}.`,
      `${SESSION_COOKIE}=.${value.split(".")[1]}`,
      `${SESSION_COOKIE}=%E0%A4%A`,
      `${SESSION_COOKIE}=${"A".repeat(100_000)}.${value.split(".")[1]}`,
    ];
    for (const header of wrong)
      expect(await readSessionCookie(header, SECRET), header.slice(0, 80)).toBeNull();
  });

  test("with any one character changed does not open", async () => {
    const value = decodeURIComponent(await signForCookie(TOKEN, SECRET));
    // The last sign before the padding holds four bits of nothing: another spelling of the same signature.
    for (let place = 0; place < value.length - 2; place += 1) {
      const changed = value.slice(0, place) + (value[place] === "A" ? "B" : "A") + value.slice(place + 1);
      const header = `${SESSION_COOKIE}=${encodeURIComponent(changed)}`;
      expect(await readSessionCookie(header, SECRET), changed).toBeNull();
    }
  });
});

describe("the login of a device", () => {
  test("has a prefix of its own, which secret scanners find, and opens only with its signature", async () => {
    const credential = await signForDevice(TOKEN, SECRET);
    expect(credential.startsWith(DEVICE_PREFIX)).toBe(true);
    expect(await readDeviceCredential(credential, SECRET)).toBe(TOKEN);
    expect(await readDeviceCredential(credential, OTHER_SECRET)).toBeNull();
    expect(await readDeviceCredential(`${DEVICE_PREFIX}${TOKEN}`, SECRET)).toBeNull();
  });
});
