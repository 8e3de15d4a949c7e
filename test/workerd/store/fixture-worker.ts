// The objects that the store's tests talk to; the tests call the adapters themselves.
export { AppLogObject } from "../../../durable-objects/app-log/app-log-object.ts";
export { ProjectObject } from "../../../durable-objects/project/project-object.ts";
export { AppLogWriter } from "../../../workers/hosting/app-log-writer.ts";
