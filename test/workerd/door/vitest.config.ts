// Tests of the API's door inside workerd, with real D1, R2, objects and limiter. Run: vitest run -c test/workerd/door/vitest.config.ts
import { definePlatformProject } from "../platform-project.ts";

export default definePlatformProject("door", {
  // Windows so long that no test waits through one.
  bindings: { OURSYNTH_QUOTAS: "caller=40/60, deploys=3/86400, sign-in=2/86400" },
  ratelimits: { CALLERS: { namespace_id: "1001", simple: { limit: 40, period: 60 } } },
  durableObjects: { QUOTAS: { className: "QuotaObject", useSQLite: true } },
});
