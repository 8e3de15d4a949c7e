// `npm run mesh-sim -- …` is `oursynth mesh-sim …`.
import { main } from "../cli/main.ts";

await main(["mesh-sim", ...process.argv.slice(2)]);
