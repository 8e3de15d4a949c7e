/** A page here needs its own stylesheet, its own icon and forms to itself. Everything else is refused. */
import { secureHeaders } from "hono/secure-headers";

/**
 * `same-origin` for the referrer: the address holds the whole list and must not leak to other sites.
 * HSTS is left to the platform, which owns the host name.
 */
export const securityHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: "same-origin",
  xFrameOptions: "DENY",
  strictTransportSecurity: false,
});
