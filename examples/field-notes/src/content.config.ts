// The journal: one Markdown file an entry.
import { glob } from "astro/loaders";
import { z } from "astro/zod";
import { defineCollection } from "astro:content";

const entries = defineCollection({
  loader: glob({ pattern: "*.md", base: "./src/entries" }),
  schema: z.strictObject({
    title: z.string(),
    date: z.date(),
    place: z.string(),
    weather: z.string(),
    plate: z.enum(["feather", "fern", "frost", "moth", "parasol", "snail"]),
    caption: z.string(),
    summary: z.string(),
    tags: z.array(z.string()).min(1).max(4),
  }),
});

export const collections = { entries };
