#!/usr/bin/env node
// `oai-verify-sim …` is `oursynth verify-sim …`.
process.argv.splice(2, 0, "verify-sim");
await import("./oursynth.mjs");
