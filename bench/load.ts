// Load on a loopback address: a fixed number of requests over connections that stay open.
import { Agent, request } from "node:http";

export type Target = {
  readonly port: number;
  /** The Host field; a name under `.localhost` that Node could not resolve. */
  readonly host: string;
  readonly path: string;
};

const CONNECTIONS = 16;
const ANSWER_TIMEOUT_MS = 20_000;

/** Sends the requests, 16 at a time, and gives how many were answered in a second. Throws at the first that is not 200. */
export async function measureRequests(agent: Agent, target: Target, count: number): Promise<number> {
  let next = 0;
  const send = async (): Promise<void> => {
    while (next++ < count) await ask(agent, target);
  };
  const startMs = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, send));
  return (count * 1_000) / (performance.now() - startMs);
}

export function createAgent(): Agent {
  return new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
}

/** One request; gives the answer's header fields once its body has been read. */
export async function ask(
  agent: Agent,
  { port, host, path }: Target,
): Promise<NodeJS.Dict<string | string[]>> {
  return await new Promise((resolve, reject) => {
    const sent = request(
      { agent, host: "127.0.0.1", port, path, headers: { host }, timeout: ANSWER_TIMEOUT_MS },
      (answer) => {
        answer.on("error", reject);
        let refusal = "";
        if (answer.statusCode === 200) answer.resume();
        else
          answer.setEncoding("utf8").on("data", (chunk: string) => {
            refusal += chunk;
          });
        answer.on("end", () => {
          if (answer.statusCode === 200) resolve(answer.headers);
          else reject(new Error(`${host}${path} answered ${answer.statusCode}: ${refusal.slice(0, 1_000)}`));
        });
      },
    );
    sent.on("timeout", () => sent.destroy(new Error(`${host}${path} did not answer`)));
    sent.on("error", reject);
    sent.end();
  });
}

/** Rounds of each target in turn, so that a slow moment hits all; the first round warms up. Gives all rounds but it. */
export async function measureInTurns(
  targets: readonly Target[],
  { rounds, requestsPerRound }: { readonly rounds: number; readonly requestsPerRound: number },
): Promise<readonly (readonly number[])[]> {
  const agents = targets.map(createAgent);
  const rates: number[][] = targets.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (const [index, target] of targets.entries()) {
      const agent = agents[index];
      if (agent === undefined) continue;
      const rate = await measureRequests(agent, target, requestsPerRound);
      if (round >= 0) rates[index]?.push(rate);
    }
  }
  for (const agent of agents) agent.destroy();
  return rates;
}
