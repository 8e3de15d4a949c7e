// Tests of the store inside workerd, with real R2, D1 and project objects. Run: vitest run -c test/workerd/store/vitest.config.ts
import { definePlatformProject } from "../platform-project.ts";

export default definePlatformProject("store");
