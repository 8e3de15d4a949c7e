import { expect, test } from "vitest";
import { nameActor } from "./actor-names.ts";

test("an actor is named as a person knows them", () => {
  const names = new Map([
    ["usr_0123456789abcdef", "Grace"],
    ["tok_ci", "CI"],
  ]);
  const name = (kind: "user" | "token" | "platform", id: string) => nameActor({ kind, id }, "usr_me", names);
  expect(name("user", "usr_me")).toBe("you");
  expect(name("user", "usr_0123456789abcdef")).toBe("Grace");
  expect(name("user", "usr_of_who_has_left")).toBe("usr_of_who_h…");
  expect(name("token", "tok_0123456789")).toBe("the token tok_01234567");
  expect(name("token", "tok_ci")).toBe("the token CI");
  expect(name("platform", "platform")).toBe("the platform");
});
