// How a socket of the live timeline is closed (ARCHITECTURE.md "Live timeline protocol").

export const CLOSE_SIGN_IN_AGAIN = 4401;
export const CLOSE_NOT_ALLOWED = 4403;
export const CLOSE_BAD_FRAME = 4400;
