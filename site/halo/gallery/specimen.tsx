// One component in the gallery: its name, what it is for, and its states.
import type { ComponentChildren } from "preact";
import "./gallery.css";

type SpecimenProps = {
  readonly name: string;
  readonly about: string;
  /** Its states lie side by side; else one below the other. */
  readonly isRow?: boolean;
  readonly children: ComponentChildren;
};

/** A section with an address: `/halo#button`. */
export function Specimen({ name, about, isRow = false, children }: SpecimenProps) {
  const id = name.toLowerCase().replaceAll(/[^a-z]+/g, "-");
  return (
    <section class="specimen" id={id} aria-labelledby={`${id}-name`}>
      <div class="specimen__head">
        <h2 id={`${id}-name`}>{name}</h2>
        <p class="muted">{about}</p>
      </div>
      <div class={isRow ? "specimen__states specimen__states--row" : "specimen__states"}>{children}</div>
    </section>
  );
}
