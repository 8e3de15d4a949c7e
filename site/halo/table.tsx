// A table; in a narrow place each row becomes a card.
import type { ComponentChildren } from "preact";
import { classNames } from "./class-names.ts";
import { Icon } from "./icon.tsx";
import "./table.css";

/** A column: how it is called, and what it shows of a row. */
export type TableColumn<Row> = {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Names the row, for who hears it. */
  readonly isRowHeader?: boolean;
  readonly isNumber?: boolean;
  readonly isSortable?: boolean;
};

/** By which column, and which way. */
export type TableSort = { readonly columnId: string; readonly direction: "ascending" | "descending" };

type TableProps<Row> = {
  readonly caption: string;
  readonly isCaptionHidden?: boolean;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  /** The rows come sorted; the table shows how, and asks for another order. */
  readonly sort?: TableSort;
  readonly onSort?: (sort: TableSort) => void;
  /** Instead of rows when there are none. */
  readonly empty?: ComponentChildren;
};

/** A table that is not laid out as one is no table any more to some browsers: the roles are told again. */
const ROLES = {
  table: { role: "table" },
  group: { role: "rowgroup" },
  row: { role: "row" },
  columnHeader: { role: "columnheader" },
  rowHeader: { role: "rowheader" },
  cell: { role: "cell" },
} as const;

/** Rows and columns. Below 640 px of its own width each row stands as a card with the columns' titles inside. */
export function Table<Row>(props: TableProps<Row>) {
  const { caption, isCaptionHidden = false, columns, rows, rowId, sort, onSort, empty } = props;
  if (rows.length === 0 && empty !== undefined) return <>{empty}</>;
  return (
    <div class="halo-table__room">
      <table class="halo-table" {...ROLES.table}>
        <caption class={isCaptionHidden ? "only-read" : "halo-table__caption"}>{caption}</caption>
        <thead {...ROLES.group}>
          <tr {...ROLES.row}>
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody {...ROLES.group}>
          {rows.map((row) => (
            <tr key={rowId(row)} {...ROLES.row}>
              {columns.map((column) => (
                <BodyCell key={column.id} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type HeaderCellProps<Row> = {
  readonly column: TableColumn<Row>;
  readonly sort: TableSort | undefined;
  readonly onSort: ((sort: TableSort) => void) | undefined;
};

function HeaderCell<Row>({
  column: { id, title, isNumber = false, isSortable = false },
  sort,
  onSort,
}: HeaderCellProps<Row>) {
  const direction = sort?.columnId === id ? sort.direction : undefined;
  const next = direction === "ascending" ? "descending" : "ascending";
  return (
    <th
      {...ROLES.columnHeader}
      scope="col"
      class={isNumber ? "halo-table__number" : undefined}
      aria-sort={isSortable ? (direction ?? "none") : undefined}
    >
      {isSortable && onSort !== undefined ? (
        <button
          type="button"
          class="halo-table__sort"
          onClick={() => onSort({ columnId: id, direction: next })}
        >
          {title}
          <span class={classNames("halo-table__arrow", direction && `halo-table__arrow--${direction}`)}>
            <Icon name="chevron-down" size="small" />
          </span>
        </button>
      ) : (
        title
      )}
    </th>
  );
}

type BodyCellProps<Row> = { readonly column: TableColumn<Row>; readonly row: Row };

function BodyCell<Row>({
  column: { title, cell, isRowHeader = false, isNumber = false },
  row,
}: BodyCellProps<Row>) {
  const className = isNumber ? "halo-table__number" : undefined;
  return isRowHeader ? (
    <th {...ROLES.rowHeader} scope="row" class={className} data-title={title}>
      {cell(row)}
    </th>
  ) : (
    <td {...ROLES.cell} class={className} data-title={title}>
      {cell(row)}
    </td>
  );
}
