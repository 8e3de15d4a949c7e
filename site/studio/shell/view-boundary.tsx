// A view that breaks takes nothing else with it: the shell stays, and the person can go elsewhere or try again.
import { Component, type ComponentChildren } from "preact";
import { FailedView } from "./failed-view.tsx";

type Props = { readonly children: ComponentChildren };

export class ViewBoundary extends Component<Props, { readonly error: unknown }> {
  override state = { error: undefined };

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ error });
  }

  render({ children }: Props, { error }: { readonly error: unknown }) {
    if (error === undefined) return children;
    const retry = (): void => this.setState({ error: undefined });
    return <FailedView title="This view failed" error={error} retry={retry} />;
  }
}
