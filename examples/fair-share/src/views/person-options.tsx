/** The options of a list of people. */
export function PersonOptions({
  people,
  selected,
}: {
  readonly people: readonly string[];
  readonly selected: string;
}) {
  return (
    <>
      {people.map((name, person) => (
        <option value={String(person)} selected={String(person) === selected}>
          {name}
        </option>
      ))}
    </>
  );
}
