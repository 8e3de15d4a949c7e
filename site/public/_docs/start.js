// Starts the API reader on our own document; nothing is sent anywhere.
window.Scalar.createApiReference("#reader", {
  url: "/api/openapi.json",
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  agent: { disabled: true },
});
