// How much an organization may hold of people, invitations and tokens.

export const ORGANIZATION_LIMITS = {
  /** In which one person may be owner. */
  ownedOrganizations: 20,
  members: 500,
  pendingInvitations: 100,
  /** Sent within a day, whatever became of them: an invitation is a mail to a stranger. */
  invitationsPerDay: 200,
  /** Of one member; expired ones count until they are removed. */
  tokensPerMember: 50,
  tokens: 500,
} as const;

/** How long an invitation can be accepted. */
export const INVITATION_DAYS = 7;
/** What is proposed as a token's life where a person is asked: long enough for a machine that builds, and no longer. */
export const SUGGESTED_TOKEN_DAYS = 90;
