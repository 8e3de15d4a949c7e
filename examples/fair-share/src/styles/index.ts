/** The one stylesheet, put together from its parts, and its address by content. */
import { contentHash } from "../http/content-hash";
import { base } from "./base";
import { buttons } from "./buttons";
import { expenses } from "./expenses";
import { forms } from "./forms";
import { home } from "./home";
import { layout } from "./layout";
import { people } from "./people";
import { print } from "./print";
import { tokens } from "./tokens";

export const stylesheet = [tokens, base, layout, buttons, forms, home, people, expenses, print].join("\n");
export const stylesheetVersion = contentHash(stylesheet);
export const stylesheetPath = `/styles.css?v=${stylesheetVersion}`;
