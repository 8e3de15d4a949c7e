// Visits a hosted app. Node does not resolve *.localhost, so it connects to this machine and says the host.
import { type IncomingHttpHeaders, request } from "node:http";

export type Visit = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly artifactDigest: string;
  readonly body: string;
};

const VISIT_TIMEOUT_MS = 30_000;

export async function visit(url: string): Promise<Visit> {
  const { hostname, host, port, pathname, search } = new URL(url);
  const address = hostname.endsWith("localhost") ? "127.0.0.1" : hostname;
  return await new Promise((resolve, reject) => {
    const asked = request(
      { host: address, port, path: `${pathname}${search}`, headers: { host }, timeout: VISIT_TIMEOUT_MS },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          body += chunk;
        });
        response.on("end", () => {
          const artifact = response.headers["x-oursynth-artifact"];
          const artifactDigest = typeof artifact === "string" ? artifact : "";
          resolve({ status: response.statusCode ?? 0, headers: response.headers, artifactDigest, body });
        });
      },
    );
    asked.on("timeout", () =>
      asked.destroy(new Error(`${url} did not answer within ${VISIT_TIMEOUT_MS / 1_000} s`)),
    );
    asked.on("error", reject);
    asked.end();
  });
}
