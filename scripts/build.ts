// `npm run build`; with `--force` also when nothing has changed.
import { buildPlatform, CLIENT_FOLDER } from "./build-platform.ts";
import { describeStudioSize, weighStudio } from "./studio-size.ts";

await buildPlatform(process.argv.includes("--force"));
console.log(describeStudioSize(await weighStudio(CLIENT_FOLDER)));
