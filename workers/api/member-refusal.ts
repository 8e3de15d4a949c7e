// Why a change of members is refused, in words that say whom to ask.
import type { MemberRefusal } from "../../core/organizations/member-changes.ts";
import type { MemberRole } from "../../schemas/permissions.ts";
import type { Result } from "../../schemas/result.ts";
import { AppError } from "./app-error.ts";

/** Throws what core refused. */
export function orRefuse(decided: Result<null, MemberRefusal>, role: MemberRole): void {
  if (!decided.ok) throw toProblem(decided.reason, role);
}

/** Two acted at once, and the other was first. */
export function movedMeanwhile(what: string): AppError {
  return new AppError(
    "conflict",
    `${what} changed meanwhile, or your own role did; look again and repeat it.`,
  );
}

function toProblem({ tag }: MemberRefusal, role: MemberRole): AppError {
  switch (tag) {
    case "not-a-manager":
      return new AppError(
        "forbidden",
        `Your role here, ${role}, manages no members; ask an owner or an admin.`,
      );
    case "member-above":
      return new AppError("forbidden", `Your role here, ${role}, is below theirs; ask an owner.`);
    case "role-above":
      return new AppError(
        "forbidden",
        `Nobody gives a role above their own, and yours is ${role}; ask an owner.`,
      );
    case "last-owner":
      return new AppError(
        "conflict",
        "An organization always has an owner, and this is the last one; make somebody else an owner first.",
      );
  }
}
