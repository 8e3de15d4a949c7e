/** The example trip: a redirect to a link like any other. */
import { Hono } from "hono";
import { encodeBook } from "../codec/encode-book";
import { exampleTrip } from "../domain/example-trip";
import type { AppEnv } from "../env";
import { frameFor } from "../http/page-frame";
import { paths } from "../http/paths";

export const exampleRoutes = new Hono<AppEnv>();

exampleRoutes.get("/example", (c) =>
  c.redirect(paths.book(encodeBook(exampleTrip(frameFor(c).language))), 303),
);
