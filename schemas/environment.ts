// The environments of a project (ARCHITECTURE.md, Words).
import * as z from "zod";

export const ENVIRONMENTS = ["dev", "staging", "prod"] as const;

/** `stage` reads as `staging`. */
export const environmentSchema = z.preprocess(
  (value) => (value === "stage" ? "staging" : value),
  z.enum(ENVIRONMENTS),
);

export type Environment = (typeof ENVIRONMENTS)[number];

/** Where secrets can be set: also for simulations, which are no environment that anything is deployed to. */
export const SECRET_ENVIRONMENTS = [...ENVIRONMENTS, "simulation"] as const;

export const secretEnvironmentSchema = z.preprocess(
  (value) => (value === "stage" ? "staging" : value),
  z.enum(SECRET_ENVIRONMENTS),
);

export type SecretEnvironment = (typeof SECRET_ENVIRONMENTS)[number];

/** A project's host label: 3–40 characters, no `--`, not `xn-…`; never reused (ARCHITECTURE.md "At the door"). */
export const labelSchema = z
  .string()
  .min(3)
  .max(40)
  .regex(
    /^(?!xn-)(?!.*--)[a-z0-9](?:[a-z0-9-]*[a-z0-9])$/,
    "3 to 40 of a-z, 0-9 and single hyphens, not at the ends, and not beginning with xn-",
  );
