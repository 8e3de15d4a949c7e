/** The stylesheet and the icon, both part of the code. */
import { Hono } from "hono";
import { etag } from "hono/etag";
import type { AppEnv } from "../env";
import { stylesheet, stylesheetVersion } from "../styles";
import { markSvg } from "../views/mark";

export const assetsRoutes = new Hono<AppEnv>();

assetsRoutes.use("/styles.css", etag());
assetsRoutes.use("/favicon.svg", etag());

/** Only the address with the right version may be kept for ever; any other must be checked again. */
assetsRoutes.get("/styles.css", (c) => {
  const isCurrent = c.req.query("v") === stylesheetVersion;
  return c.body(stylesheet, 200, {
    "content-type": "text/css; charset=utf-8",
    "cache-control": isCurrent ? "public, max-age=31536000, immutable" : "no-cache",
  });
});

assetsRoutes.get("/favicon.svg", (c) =>
  c.body(markSvg, 200, { "content-type": "image/svg+xml", "cache-control": "public, max-age=86400" }),
);
