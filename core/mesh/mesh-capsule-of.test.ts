import { expect, test } from "vitest";
import { makeCapsule } from "../capsule/capsule-fixture.ts";
import { webHashing } from "../capsule/web-hashing.ts";
import { digestServices, meshCapsuleOf } from "./mesh-capsule-of.ts";

const files = [
  { path: "src/index.js", text: "export default {};" },
  { path: "public/a.txt", text: "a" },
];

async function manifestOf(more: Parameters<typeof makeCapsule>[1] = {}) {
  return (await makeCapsule(files, { app: { entry: "src/index.js" }, ...more })).manifest;
}

test("[M4] files and services are those of the manifest, with its digests", async () => {
  const manifest = await manifestOf();
  const capsule = await meshCapsuleOf(manifest, `sha256:${"0".repeat(64)}`, webHashing);
  expect(capsule.files).toEqual(manifest.files.map(({ sha256, sizeBytes }) => ({ sha256, sizeBytes })));
  expect(capsule.services.map(({ name }) => name)).toEqual(["app"]);
  expect(capsule.services[0]?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test("[M4] a declared service stands by its name, and its declaration is part of its digest", async () => {
  const declared = (config: unknown) => ({ services: [{ name: "edge", type: "worker" as const, config }] });
  const one = await manifestOf(declared({ a: 1 }));
  const other = await manifestOf(declared({ a: 2 }));
  const [first] = await digestServices(one, one.files, webHashing);
  const [second] = await digestServices(other, other.files, webHashing);
  expect([first?.name, second?.name]).toEqual(["edge", "edge"]);
  expect(first?.digest).not.toBe(second?.digest);
});

test("[M4] any other file, mode or setting is another digest of the service", async () => {
  const manifest = await manifestOf();
  const [first] = await digestServices(manifest, manifest.files, webHashing);
  const others = [
    await digestServices(manifest, manifest.files.slice(1), webHashing),
    await digestServices(
      manifest,
      manifest.files.map((file) => ({ ...file, mode: "executable" })),
      webHashing,
    ),
    await digestServices(
      { ...manifest, app: { ...manifest.app, health: "/other" } },
      manifest.files,
      webHashing,
    ),
  ];
  for (const [service] of others) expect(service?.digest).not.toBe(first?.digest);
  // Only what the service is counts, not who made the capsule.
  const [same] = await digestServices({ ...manifest }, [...manifest.files], webHashing);
  expect(same).toEqual(first);
});
