// What stands in a view's place while it comes.
import { Spinner } from "../../halo/spinner.tsx";
import "./view-opening.css";

export function ViewOpening({ what }: { readonly what: string }) {
  return (
    <div class="view-opening">
      <Spinner size="large" label={`Opening ${what} …`} />
    </div>
  );
}
