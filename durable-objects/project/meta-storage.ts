// The few single values of a project object.

const DEFAULT_NUMBER = 0;

export type MetaText =
  | "organizationId"
  | "label"
  | "epoch"
  | "platformKeyId"
  | "logKeyId"
  | "gateKeyId"
  | "simulatorKeyId"
  | "trustThresholds"
  | "deletedAt";
export type MetaNumber = "trustRevision" | "policyRevision" | "runOrdinal";

export class MetaStorage {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  find(key: MetaText): string | null {
    return this.#read(key);
  }

  /** A value that is there since the project was made. */
  require(key: MetaText): string {
    const value = this.#read(key);
    if (value === null) throw new Error(`this project object has no ${key}: it was never made`);
    return value;
  }

  set(key: MetaText, value: string): void {
    this.#write(key, value);
  }

  getNumber(key: MetaNumber): number {
    const value = this.#read(key);
    return value === null ? DEFAULT_NUMBER : Number(value);
  }

  setNumber(key: MetaNumber, value: number): void {
    this.#write(key, String(value));
  }

  #read(key: string): string | null {
    return (
      this.#sql.exec<{ value: string }>("SELECT value FROM meta WHERE key = ?", key).toArray()[0]?.value ??
      null
    );
  }

  #write(key: string, value: string): void {
    this.#sql.exec("INSERT OR REPLACE INTO meta VALUES (?, ?)", key, value);
  }
}
