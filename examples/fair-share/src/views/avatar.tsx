/** A person's initial on a colour of their own. */
export function Avatar({ name, person }: { readonly name: string; readonly person: number }) {
  return (
    <span class={`avatar hue-${person % 8}`} aria-hidden="true">
      {[...name][0]?.toLocaleUpperCase()}
    </span>
  );
}
