/** Add, rename and remove a person. */
import { Hono } from "hono";
import { addPerson, removePerson, renamePerson } from "../domain/change-people";
import { cleanText } from "../domain/clean-text";
import type { Problem } from "../domain/problem";
import type { AppEnv } from "../env";
import { readForm } from "../http/read-form";
import { limits } from "../limits";
import { redirectTo } from "./redirect-to";
import { refuse } from "./show-book";

export const peopleRoutes = new Hono<AppEnv>();

peopleRoutes.post("/", async (c) => {
  const typed = (await readForm(c)).get("name") ?? "";
  const refuseName = (problem: Problem) =>
    refuse(c, { problems: [{ field: "name", problem }], typed: [["name", typed]] });
  const name = cleanText(typed, limits.nameLengthMax);
  if (!name.ok) return refuseName(name.failure);
  return redirectTo(c, addPerson(c.get("book"), name.value), "person-added", refuseName);
});

peopleRoutes.post("/:person{[0-9]{1,2}}", async (c) => {
  const person = Number(c.req.param("person"));
  const typed = (await readForm(c)).get("name") ?? "";
  const field = `rename-${person}`;
  const refuseName = (problem: Problem) =>
    refuse(c, { problems: [{ field, problem }], typed: [[field, typed]] });
  const name = cleanText(typed, limits.nameLengthMax);
  if (!name.ok) return refuseName(name.failure);
  return redirectTo(c, renamePerson(c.get("book"), person, name.value), "person-renamed", refuseName);
});

peopleRoutes.post("/:person{[0-9]{1,2}}/remove", (c) => {
  const refusePerson = (problem: Problem) => refuse(c, { problems: [{ field: "people", problem }] });
  const changed = removePerson(c.get("book"), Number(c.req.param("person")));
  return changed.ok
    ? redirectTo(c, changed.value, "person-removed", refusePerson)
    : refusePerson(changed.failure);
});
