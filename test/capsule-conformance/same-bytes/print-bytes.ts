// A process of its own, so that TZ and LANG are set before anything starts: prints what `makeBytes` gives in both orders.
import { makeBytes } from "./make-bytes.ts";

console.log(JSON.stringify([await makeBytes(false), await makeBytes(true)]));
