// What a bill of materials lists, for people: read as anybody may have written it, since authors can bring their own.
import * as z from "zod";
import { fail, ok, type Result } from "../../../schemas/result.ts";

export type ListedComponent = {
  /** With its group: `@scope/name`. */
  readonly name: string;
  readonly version: string;
  /** Null where the document says nothing. */
  readonly license: string | null;
  readonly scope: string;
  readonly purl: string | null;
};

const licenseSchema = z.looseObject({
  expression: z.string().optional(),
  license: z.looseObject({ id: z.string().optional(), name: z.string().optional() }).optional(),
});
const documentSchema = z.looseObject({
  bomFormat: z.literal("CycloneDX"),
  components: z
    .array(
      z.looseObject({
        group: z.string().optional(),
        name: z.string(),
        version: z.string().optional(),
        scope: z.string().optional(),
        purl: z.string().optional(),
        licenses: z.array(licenseSchema).optional(),
      }),
    )
    .default([]),
});

export function readSbom(
  bytes: Uint8Array,
): Result<readonly ListedComponent[], { readonly message: string }> {
  const parsed = documentSchema.safeParse(parseJson(bytes));
  if (!parsed.success) return fail({ message: "is not CycloneDX in JSON" });
  return ok(
    parsed.data.components.map(({ group, name, version, scope, purl, licenses }) => ({
      name: group ? `${group}/${name}` : name,
      version: version ?? "",
      license: describeLicenses(licenses ?? []),
      scope: scope ?? "required",
      purl: purl ?? null,
    })),
  );
}

function describeLicenses(licenses: readonly z.infer<typeof licenseSchema>[]): string | null {
  const names = licenses.flatMap(
    ({ expression, license }) => expression ?? license?.id ?? license?.name ?? [],
  );
  return names.length === 0 ? null : names.join(", ");
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Whatever the fault is, it is no JSON.
    return null;
  }
}
