// One row of the matrix: a route, what it needs, and a request that shows whether one may come in.
import type { Permission } from "../../../../schemas/permissions.ts";
import type { RequestOptions } from "../api-client.ts";
import type { MatrixWorld } from "./world.ts";

/** What a request can be aimed at: the house of the asking principal, or the house that it must not enter. */
export type Target = MatrixWorld["own"];

export type MatrixRow = {
  /** Method and path, as the OpenAPI document writes them. */
  readonly route: string;
  /** `open`: needs no login. `login`: any login will do. */
  readonly permission: Permission | "open" | "login";
  /** What it needs besides. */
  readonly alsoNeeds?: Permission;
  /**
   * `project`: names something of one project, which for another tenant, or a token of another project, is not there.
   * `tenant`: names an organization, which for another tenant is not there.
   * `organization`: answers each about their own.
   */
  readonly reach: "project" | "tenant" | "organization";
  /** Failures are OAuth's, not problem documents (RFC 8628 §3.5). */
  readonly isOauth?: boolean;
  /** A token gets 403, whatever its scopes. */
  readonly isForPersons?: boolean;
  /** What it does would end the session that asks: only tokens try it here. */
  readonly isForTokensHere?: boolean;
  /** A well-formed request; nothing that it does when it is let in may change what other rows ask about. */
  readonly ask: (target: Target) => MatrixRequest;
  /** Statuses that mean "let in". Where one is a refusal, it is of a kind that comes only behind authorization. */
  readonly letIn: readonly number[];
  /** What a token that is bound to another project gets from a route that reaches the organization; `letIn` when left out. */
  readonly boundElsewhere?: readonly number[];
};

export type MatrixRequest = RequestOptions & {
  readonly path: string;
  /** Only the head of the answer is waited for. */
  readonly isStream?: boolean;
};
