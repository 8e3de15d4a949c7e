// The evidence file to take away.
import { ButtonLink } from "../../../halo/button.tsx";
import { apiPath } from "../../data/api-client.ts";

type ExportLinkProps = { readonly simId: string; readonly kind?: "primary" | "plain" };

export function ExportLink({ simId, kind = "plain" }: ExportLinkProps) {
  return (
    <ButtonLink
      kind={kind}
      icon="download"
      href={apiPath`/api/mesh-sim/${simId}/capsim`}
      download={`${simId}.capsim`}
    >
      Export .capsim
    </ButtonLink>
  );
}
