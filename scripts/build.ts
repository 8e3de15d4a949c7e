// `npm run build`; with `--force` also when nothing has changed.
import { buildPlatform } from "./build-platform.ts";

await buildPlatform(process.argv.includes("--force"));
