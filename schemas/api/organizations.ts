// Organizations, members and invitations over HTTP.
import * as z from "zod";
import { MEMBER_ROLES } from "../permissions.ts";

/** An organization by id or by slug. */
export const organizationRefSchema = z.string().min(1).max(64).meta({ example: "org_0123456789abcdefghjk" });

/** `editor` reads as `creator`. */
export const memberRoleSchema = z.preprocess(
  (value) => (value === "editor" ? "creator" : value),
  z.enum(MEMBER_ROLES),
);

const nameSchema = z.string().trim().min(1).max(100);

export const createOrganizationSchema = z.strictObject({ name: nameSchema });
export const updateOrganizationSchema = z.strictObject({ name: nameSchema });

export const organizationSchema = z.strictObject({
  organizationId: z.string(),
  name: z.string(),
  slug: z.string(),
  createdAt: z.int(),
  /** Yours in it. */
  role: z.enum(MEMBER_ROLES),
  /** Whether this session or token speaks for it. */
  isActive: z.boolean(),
});
export type OrganizationAnswer = z.infer<typeof organizationSchema>;

export const memberSchema = z.strictObject({
  userId: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(MEMBER_ROLES),
  joinedAt: z.int(),
  isYou: z.boolean(),
});
export type MemberAnswer = z.infer<typeof memberSchema>;

export const changeRoleSchema = z.strictObject({ role: memberRoleSchema });

export const createInvitationSchema = z.strictObject({
  email: z.email().max(254),
  role: memberRoleSchema,
});

export const invitationSchema = z.strictObject({
  invitationId: z.string(),
  email: z.string(),
  role: z.enum(MEMBER_ROLES),
  invitedBy: z.strictObject({ userId: z.string(), name: z.string() }),
  createdAt: z.int(),
  expiresAt: z.int(),
});
export type InvitationAnswer = z.infer<typeof invitationSchema>;

/** An invitation as the person sees it who was invited. */
export const receivedInvitationSchema = invitationSchema
  .omit({ email: true })
  .extend({ organization: z.strictObject({ organizationId: z.string(), name: z.string() }) });
