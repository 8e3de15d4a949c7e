import { describe, expect, test } from "vitest";
import { requireSameOrigin } from "./same-origin.ts";

const URL_HERE = "https://platform.example/api/tokens";

function ask(method: string, headers: Record<string, string>): void {
  requireSameOrigin(new Request(URL_HERE, { method, headers }));
}

describe("a request that rides on a cookie", () => {
  test("may read from anywhere: what it reads is nobody else's to see", () => {
    for (const method of ["GET", "HEAD", "OPTIONS"]) {
      expect(() => ask(method, { origin: "https://evil.example" })).not.toThrow();
    }
  });

  test("may change something from a page of the same origin", () => {
    expect(() => ask("POST", { origin: "https://platform.example" })).not.toThrow();
    expect(() =>
      ask("DELETE", { origin: "https://platform.example", "sec-fetch-site": "same-origin" }),
    ).not.toThrow();
    expect(() => ask("POST", { "sec-fetch-site": "same-origin" })).not.toThrow();
  });

  test("may change nothing from another origin, not even one that looks like it", () => {
    const others = [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "http://platform.example" },
      { origin: "https://platform.example:8443" },
      { origin: "https://platform.example.evil.example" },
      { origin: "https://app.platform.example" },
      { origin: "https://platform.example", "sec-fetch-site": "cross-site" },
      { origin: "https://platform.example", "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "none" },
      {},
    ];
    for (const headers of others) {
      for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
        expect(() => ask(method, { ...headers }), JSON.stringify(headers)).toThrow(/Origin/);
      }
    }
  });
});
