// Starts the API reader on our own document; nothing is sent anywhere, and what needs its maker's cloud is left out.
window.Scalar.createApiReference("#reader", {
  url: "/api/openapi.json",
  authentication: { preferredSecurityScheme: "bearer" },
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: "never",
  agent: { disabled: true },
  mcp: { disabled: true },
});
