// The table of headers, kind by kind.
import { describe, expect, test } from "vitest";
import { secure } from "./site-headers.ts";

const plain = new Request("http://localhost:8787/");

describe.each(["page", "reader", "data"] as const)("an answer of the kind %s", (kind) => {
  test("cannot be framed, sniffed, embedded elsewhere, and asks for no device", () => {
    const { headers } = secure(kind, plain, new Response("x"));
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("referrer-policy")).toMatch(/^(no-referrer|strict-origin-when-cross-origin)$/);
    expect(headers.get("permissions-policy")).toContain("camera=()");
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });

  test("asks for TLS over TLS only", () => {
    expect(secure(kind, plain, new Response("x")).headers.has("strict-transport-security")).toBe(false);
    const { headers } = secure(kind, new Request("https://oursynth.example/"), new Response("x"));
    expect(headers.get("strict-transport-security")).toBe("max-age=31536000");
  });
});

test("data is never cached, never a page; a stricter word of the route's own stays", () => {
  const { headers } = secure("data", plain, new Response("{}"));
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
  const attachment = new Response("x", {
    headers: {
      "content-security-policy": "sandbox; default-src 'none'",
      "cache-control": "private, no-store",
    },
  });
  const own = secure("data", plain, attachment).headers;
  expect(own.get("content-security-policy")).toBe("sandbox; default-src 'none'");
  expect(own.get("cache-control")).toBe("private, no-store");
});

test("a page keeps the policy that Astro made, and gets ours beside it", () => {
  const page = new Response("x", { headers: { "content-security-policy": "script-src 'sha256-x'" } });
  expect(secure("page", plain, page).headers.get("content-security-policy")).toBe(
    "script-src 'sha256-x', frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
  );
});
