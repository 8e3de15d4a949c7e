/** Links: they come back unchanged, and hostile ones are refused without a crash. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeBase64Url } from "../src/codec/base64url.ts";
import { decodeBook } from "../src/codec/decode-book.ts";
import { encodeBook } from "../src/codec/encode-book.ts";
import { sealBook } from "../src/codec/seal-book.ts";
import { exampleTrip } from "../src/domain/example-trip.ts";

const seed = 20261120;

describe("codec", () => {
  it.each(["en", "de"] as const)("brings the example trip back unchanged (%s)", (language) => {
    const book = exampleTrip(language);
    expect(decodeBook(encodeBook(book))).toEqual({ ok: true, value: book });
  });

  it.each([
    ["an empty code", ""],
    ["letters outside base64url", "a+b/"],
    ["JSON that is no list", encodeBase64Url('{"a":1}')],
    ["a list of nothing", encodeBase64Url("[]")],
    ["a later version", encodeBase64Url("[2]")],
    ["an unknown language", encodeBase64Url('[1,"xx","T","EUR",[],[],[]]')],
    ["a currency from the prototype", encodeBase64Url('[1,"en","T","constructor",[],[],[]]')],
    ["a rate of zero", encodeBase64Url('[1,"en","T","EUR",[["USD","0"]],["A"],[]]')],
    ["twice the same name", encodeBase64Url('[1,"en","T","EUR",[],["A","a"],[]]')],
    ["a person out of range", encodeBase64Url('[1,"en","T","EUR",[],["A"],[["x",5,1,0,"","e",1]]]')],
    ["a fraction of a cent", encodeBase64Url('[1,"en","T","EUR",[],["A"],[["x",0,1.5,0,"","e",1]]]')],
    [
      "amounts that do not add up",
      encodeBase64Url('[1,"en","T","EUR",[],["A"],[["x",0,9,0,"","x",[[0,8]]]]]'),
    ],
    [
      "the same person twice",
      encodeBase64Url('[1,"en","T","EUR",[],["A"],[["x",0,9,0,"","p",[[0,1],[0,1]]]]]'),
    ],
    [
      "a day that does not exist",
      encodeBase64Url('[1,"en","T","EUR",[],["A"],[["x",0,9,0,"2026-02-30","e",1]]]'),
    ],
    ["too many characters", "A".repeat(6001)],
  ])("refuses %s", (_, code) => {
    expect(decodeBook(code).ok).toBe(false);
  });

  it("never throws, whatever the code says", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json().map(encodeBase64Url)), (code) => {
        expect(typeof decodeBook(code).ok).toBe("boolean");
      }),
      { seed },
    );
    const wire = fc.tuple(
      fc.constant(1),
      fc.constant("en"),
      fc.constant("T"),
      fc.constant("EUR"),
      fc.constant([]),
    );
    fc.assert(
      fc.property(wire, fc.jsonValue(), fc.jsonValue(), (head, people, expenses) => {
        const code = encodeBase64Url(JSON.stringify([...head, people, expenses]));
        expect(typeof decodeBook(code).ok).toBe("boolean");
      }),
      { seed },
    );
  });

  it("takes direction overrides and control characters out of names", () => {
    const decoded = decodeBook(encodeBase64Url('[1,"en","A\\u202eB\\u0007","EUR",[],["A"],[]]'));
    expect(decoded.ok && decoded.value.title).toBe("AB");
  });

  it("refuses to seal a book that no longer fits in a link", () => {
    const book = exampleTrip("en");
    const expense = { ...book.expenses[0], title: "x".repeat(60) } as (typeof book.expenses)[number];
    const full = { ...book, expenses: Array.from({ length: 100 }, () => expense) };
    expect(sealBook(full)).toEqual({ ok: false, failure: { kind: "link-too-long" } });
  });
});
