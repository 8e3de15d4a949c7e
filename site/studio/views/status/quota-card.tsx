// How often you may ask, as the platform says it on its answers (draft-ietf-httpapi-ratelimit-headers-11).
import { Card } from "../../../halo/card.tsx";
import { sendApi } from "../../data/api-client.ts";
import { useResource } from "../../data/resource.ts";
import { ProblemNote } from "../../shell/problem-note.tsx";
import { parseQuotas } from "./parse-quotas.ts";

export function QuotaCard() {
  const quotas = useResource("quotas", async (signal) => {
    const { headers } = await sendApi("/api/whoami", { signal });
    return parseQuotas(headers.get("ratelimit-policy") ?? "");
  });
  return (
    <Card title="Quotas" headingLevel={2}>
      <ProblemNote error={quotas.error} retry={quotas.reload} isRetrying={quotas.isLoading} />
      {quotas.value?.length === 0 ? <p class="muted">The platform tells of none.</p> : null}
      <ul>
        {quotas.value?.map(({ name, limit, windowSeconds }) => (
          <li key={name}>
            {name === "caller" ? "This sign-in" : name}: {limit.toLocaleString("en")} requests in{" "}
            {windowSeconds} s
          </li>
        ))}
      </ul>
      <p class="muted">
        What costs more, as deploys and uploads, is counted for the organization; a refusal says when to come
        back.
      </p>
    </Card>
  );
}
