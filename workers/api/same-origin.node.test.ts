// Which requests a browser may bring here, and which not.
import { describe, expect, test } from "vitest";
import { type RequestSource, refuseSource, sourceOf } from "./same-origin.ts";

const OWN = "https://oursynth.example";
const source: RequestSource = {
  method: "POST",
  url: `${OWN}/api/projects`,
  origin: null,
  fetchSite: null,
  isUpgrade: false,
  hasOnlyCookie: false,
};

describe("a request that changes something", () => {
  test.each([
    ["a program with a token", {}],
    ["our own page", { origin: OWN, fetchSite: "same-origin", hasOnlyCookie: true }],
    ["our own page in a browser without Fetch Metadata", { origin: OWN, hasOnlyCookie: true }],
    ["a form that the browser says is our own", { fetchSite: "same-origin", hasOnlyCookie: true }],
    ["a person who typed the address", { fetchSite: "none" }],
  ])("of %s passes", (_who, change) => {
    expect(refuseSource({ ...source, ...change })).toBeNull();
  });

  test.each([
    ["another origin", { origin: "https://evil.example" }],
    ["an app hosted here", { origin: "http://shop--prod.apps.localhost:8787" }],
    ["another port", { origin: `${OWN}:8443` }],
    ["the same host without TLS", { origin: "http://oursynth.example" }],
    ["a name that begins like ours", { origin: `${OWN}.evil.example` }],
    ["a sandboxed frame", { origin: "null" }],
    ["our own origin, as two words", { origin: `${OWN} ${OWN}` }],
    ["another site by Fetch Metadata alone", { fetchSite: "cross-site" }],
    ["a neighbour below our domain", { fetchSite: "same-site" }],
    ["nobody who says so, with a cookie", { hasOnlyCookie: true }],
  ])("of %s is refused", (_who, change) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      expect(refuseSource({ ...source, ...change, method })).toMatch(/\.$/);
    }
  });
});

test("reading passes whoever asks: another page cannot read the answer without CORS, which is never given", () => {
  for (const method of ["GET", "HEAD", "OPTIONS"]) {
    const foreign = { ...source, method, origin: "https://evil.example", hasOnlyCookie: true };
    expect(refuseSource(foreign)).toBeNull();
    expect(refuseSource({ ...foreign, isUpgrade: true })).not.toBeNull();
  }
});

test("a token beside a cookie is what speaks", () => {
  const headers = new Headers({ authorization: "Bearer osk_x" });
  headers.append("cookie", "a=1");
  expect(sourceOf(new Request(source.url, { headers })).hasOnlyCookie).toBe(false);
  headers.delete("authorization");
  expect(sourceOf(new Request(source.url, { headers })).hasOnlyCookie).toBe(true);
});
