/** Fair Share: the app's entry. The platform calls the default export's `fetch`. */
import { Hono } from "hono";
import type { AppEnv } from "./env.ts";
import { notFound } from "./http/not-found.tsx";
import { onError } from "./http/on-error.tsx";
import { securityHeaders } from "./http/security-headers.ts";
import { apiRoutes } from "./routes/api.tsx";
import { assetsRoutes } from "./routes/assets.ts";
import { bookRoutes } from "./routes/book.ts";
import { exampleRoutes } from "./routes/example.ts";
import { healthRoutes } from "./routes/health.ts";
import { homeRoutes } from "./routes/home.tsx";

const app = new Hono<AppEnv>();

app.use(securityHeaders);
app.route("/", healthRoutes);
app.route("/", assetsRoutes);
app.route("/", homeRoutes);
app.route("/", exampleRoutes);
app.route("/api", apiRoutes);
app.route("/s", bookRoutes);
app.notFound(notFound);
app.onError(onError);

export default app;
