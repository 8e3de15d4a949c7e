// Bundled for a page, which then asks for the hashes by name.
import { webHashing } from "../../core/capsule/web-hashing.ts";
import { hashScenarios } from "../../core/mesh/scenario-hashes.ts";

Object.assign(globalThis, { hashScenarios: () => hashScenarios(webHashing) });
