#!/usr/bin/env node
// `capsule pack …` is `oursynth capsule pack …`.
process.argv.splice(2, 0, "capsule");
await import("./oursynth.mjs");
