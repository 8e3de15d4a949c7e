/** Everything below /s/:code: the book is opened once, then the handlers share it. */
import { Hono } from "hono";
import type { AppEnv } from "../env";
import { loadBook } from "../http/load-book";
import { expensesRoutes } from "./expenses";
import { exportsRoutes } from "./exports";
import { peopleRoutes } from "./people";
import { ratesRoutes } from "./rates";
import { repaymentsRoutes } from "./repayments";
import { settingsRoutes } from "./settings";
import { showBook } from "./show-book";

export const bookRoutes = new Hono<AppEnv>();

bookRoutes.use("/:code/*", loadBook);
bookRoutes.get("/:code", showBook);
bookRoutes.route("/:code/people", peopleRoutes);
bookRoutes.route("/:code/expenses", expensesRoutes);
bookRoutes.route("/:code/repayments", repaymentsRoutes);
bookRoutes.route("/:code/rates", ratesRoutes);
bookRoutes.route("/:code/settings", settingsRoutes);
bookRoutes.route("/:code", exportsRoutes);
