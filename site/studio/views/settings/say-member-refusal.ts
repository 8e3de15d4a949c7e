// Why a change of members is not possible, for who looks at the button.
import type { MemberRefusal } from "../../../../core/organizations/member-changes.ts";
import type { MemberRole } from "../../../../schemas/permissions.ts";

export function sayMemberRefusal({ tag }: MemberRefusal, role: MemberRole): string {
  switch (tag) {
    case "not-a-manager":
      return `Your role here, ${role}, manages no members; ask an owner or an admin.`;
    case "member-above":
      return `Your role here, ${role}, is below theirs; ask an owner.`;
    case "role-above":
      return `Nobody gives a role above their own, and yours is ${role}; ask an owner.`;
    case "last-owner":
      return "An organization always has an owner, and this is the last one; make somebody else an owner first.";
  }
}
