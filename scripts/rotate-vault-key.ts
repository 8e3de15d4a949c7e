// `node scripts/run.mjs rotate-vault-key`: replaces the vault key of the local platform that is running, and wraps everything
// sealed anew; `--forget-old` removes the old key once it may go. The folder and the port are those of `npm start`
// (OURSYNTH_STATE, PORT).
import { forgetOldVaultKeys, rotateVaultKey } from "./platform/rotate-vault-key.ts";
import { locateState } from "./platform/state-folder.ts";

const step = process.argv.includes("--forget-old") ? forgetOldVaultKeys : rotateVaultKey;
try {
  await step(locateState(process.env), (line) => console.log(line));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
