import { defineConfig } from "drizzle-kit";

export default defineConfig({ dialect: "sqlite", schema: "./schemas/database/*.ts", out: "./migrations" });
