// Shapes that many routes share.
import * as z from "zod";

export const digestSchema = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 lowercase hex digits")
  .meta({ example: `sha256:${"0".repeat(64)}` });

export const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "must be 64 lowercase hex digits")
  .meta({ example: "0".repeat(64) });

/** A project by id or by label. */
export const projectRefSchema = z.string().min(1).max(64).meta({ example: "fair-share" });

export const branchNameSchema = z
  .string()
  .max(100)
  .regex(
    /^(?!.*\/\/)[a-z0-9](?:[a-z0-9._/-]*[a-z0-9])?$/i,
    "letters, digits and . _ / - between, beginning and ending with a letter or digit",
  );

export const DEFAULT_BRANCH = "main";
const MAX_PAGE = 200;
const DEFAULT_PAGE = 50;

export const limitSchema = z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE);

export const pageQuerySchema = z.object({
  limit: limitSchema,
  cursor: z
    .string()
    .regex(/^\d{1,16}$/, "must be a nextCursor of an earlier page")
    .optional(),
});

/** `{items, nextCursor}`; nextCursor is null on the last page. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
}
