// One component in the gallery: its name, what it is for, and its states.
import type { ComponentType } from "preact";

/** An entry of the gallery. `Show` renders the component's states. */
export type SpecimenEntry = {
  readonly name: string;
  readonly about: string;
  /** Its states lie side by side; else one below the other. */
  readonly isRow?: boolean;
  readonly Show: ComponentType;
};

/** The address of an entry inside the page: `/halo#button`. */
export function anchorOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]+/g, "-");
}

export function Specimen({ name, about, isRow = false, Show }: SpecimenEntry) {
  const id = anchorOf(name);
  return (
    <section class="specimen" id={id} aria-labelledby={`${id}-name`}>
      <div class="specimen__head">
        <h2 id={`${id}-name`}>{name}</h2>
        <p class="muted">{about}</p>
      </div>
      <div class={isRow ? "specimen__states specimen__states--row" : "specimen__states"}>
        <Show />
      </div>
    </section>
  );
}
