// The journal: one Markdown file an entry.

import { defineCollection } from "astro:content";
import { glob } from "astro/loaders";
import { z } from "astro/zod";

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
