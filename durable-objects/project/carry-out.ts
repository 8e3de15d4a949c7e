// What a person has confirmed is done as it was asked for, by the same ways as what needs no person.
import type { DeployRun } from "../../core/deploy/deploy-run.ts";
import type { Environment } from "../../schemas/environment.ts";
import type { ActorRef } from "../../schemas/event.ts";
import type { GatePolicy } from "../../schemas/gate.ts";
import type { ProdRequest } from "../../schemas/prod-request.ts";
import { ok, type Result } from "../../schemas/result.ts";
import type { TrustRecord } from "../../schemas/trust.ts";
import type { ActivationRequest } from "./activation-request.ts";
import type { Activation } from "./environment-storage.ts";
import type { GateFailure } from "./gate-keeper.ts";
import type { Confirmed } from "./prod-requests.ts";
import type { ProjectFailure } from "./project-failure.ts";
import type { SecretRemoval, SecretSetting } from "./project-secrets.ts";
import type { DeployStart } from "./run-book.ts";
import type { SecretFacts } from "./secret-storage.ts";
import type { TrustRequest } from "./trust-book.ts";

/** What came of a confirmed prod action. */
export type ConfirmedOutcome =
  | { readonly kind: "deploy"; readonly deployId: string }
  | { readonly kind: "activate"; readonly activation: Activation }
  | { readonly kind: "policy"; readonly policyRevision: number }
  | { readonly kind: "set-secret"; readonly secret: SecretFacts }
  | { readonly kind: "remove-secret"; readonly name: string }
  | { readonly kind: "trust"; readonly trustRevision: number };

/** The project, as far as a confirmed action goes. */
export type ProdActions = {
  startDeploy(input: DeployStart): Promise<Result<DeployRun, ProjectFailure>>;
  activate(input: ActivationRequest): Promise<Result<Activation, ProjectFailure | GateFailure>>;
  /** Gives the policies' new revision. */
  changePolicy(
    environment: Environment,
    policy: GatePolicy,
    by: { readonly actor: ActorRef; readonly confirmedBy: ActorRef | null },
  ): number;
  setSecret(
    setting: SecretSetting,
  ): Promise<Result<{ readonly secret: SecretFacts; readonly isNew: boolean }, ProjectFailure>>;
  removeSecret(removal: SecretRemoval): Promise<Result<null, ProjectFailure>>;
  changeTrust(request: TrustRequest): Promise<Result<TrustRecord, ProjectFailure>>;
};

/** What begins here is stored together with the confirmation's end: nothing is waited for in between. */
export async function carryOut(
  request: ProdRequest,
  confirmed: Confirmed,
  actions: ProdActions,
): Promise<Result<ConfirmedOutcome, ProjectFailure | GateFailure>> {
  const { confirmationId, confirmedBy, requestedBy: actor, revisions } = confirmed;
  const { env } = request;
  switch (request.kind) {
    case "deploy": {
      const { capsuleDigest, override } = request;
      const confirmation = {
        confirmationId,
        confirmedBy,
        environmentRevision: revisions.environment,
        override,
      };
      const run = await actions.startDeploy({ capsuleDigest, environment: env, actor, confirmation });
      return run.ok ? ok({ kind: "deploy", deployId: run.value.deployId }) : run;
    }
    case "activate": {
      const { capsuleDigest, expectedRevision, override } = request;
      const confirmation = {
        confirmationId,
        confirmedBy,
        environmentRevision: revisions.environment,
        override,
      };
      const activated = await actions.activate({
        environment: env,
        capsuleDigest,
        expectedRevision,
        actor,
        confirmation,
      });
      return activated.ok ? ok({ kind: "activate", activation: activated.value }) : activated;
    }
    case "policy":
      return ok({
        kind: "policy",
        policyRevision: actions.changePolicy(env, request.policy, { actor, confirmedBy }),
      });
    case "set-secret": {
      const { name, sealed } = request;
      const set = await actions.setSecret({ env, name, sealed, actor });
      return set.ok ? ok({ kind: "set-secret", secret: set.value.secret }) : set;
    }
    case "remove-secret": {
      const { name, isForced } = request;
      const removed = await actions.removeSecret({ env, name, isForced, actor });
      return removed.ok ? ok({ kind: "remove-secret", name }) : removed;
    }
    case "trust": {
      const { change, envelopeSha256 } = request;
      const expectedRevision = revisions.trust;
      const changed = await actions.changeTrust({
        change,
        expectedRevision,
        envelopeSha256,
        reason: null,
        actor,
      });
      return changed.ok ? ok({ kind: "trust", trustRevision: changed.value.revision }) : changed;
    }
  }
}
