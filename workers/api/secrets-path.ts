/** A secret is what one hands in there: it is sealed, and nothing else that is made of it is kept. */
export const SECRETS_PATH = /^\/api\/projects\/[^/]+\/secrets$/;
