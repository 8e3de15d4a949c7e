// Counts what a request asks of the stores, for production's limits: each call is a subrequest.

export type Counts = {
  /** Calls of R2, D1 (a batch is one call) and objects. */
  subrequests: number;
  d1Statements: number;
  /** The most that one statement bound. */
  d1ParametersMax: number;
  /** The longest text that was bound. */
  d1TextBytesMax: number;
  /** R2 calls that were under way at once. */
  r2AtOnceMax: number;
};

/** The same stores, counted. */
export function countCalls<Store extends Pick<Cloudflare.Env, "DB" | "BLOBS" | "PROJECTS">>(
  store: Store,
): { readonly store: Store; readonly counts: Counts } {
  const counts = { subrequests: 0, d1Statements: 0, d1ParametersMax: 0, d1TextBytesMax: 0, r2AtOnceMax: 0 };
  const originals = new WeakMap<object, D1PreparedStatement>();
  const countStatement = (statement: D1PreparedStatement): D1PreparedStatement => {
    const counted = new Proxy(statement, {
      get: (target, name) => {
        const member = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        if (name === "bind") {
          return (...values: unknown[]) => {
            counts.d1ParametersMax = Math.max(counts.d1ParametersMax, values.length);
            for (const value of values) {
              if (typeof value === "string")
                counts.d1TextBytesMax = Math.max(counts.d1TextBytesMax, value.length);
            }
            return countStatement(target.bind(...values));
          };
        }
        return (...input: unknown[]) => {
          counts.subrequests += 1;
          counts.d1Statements += 1;
          return Reflect.apply(member, target, input);
        };
      },
    });
    originals.set(counted, statement);
    return counted;
  };
  const database = new Proxy(store.DB, {
    get: (target, name) => {
      if (name === "prepare") return (sql: string) => countStatement(target.prepare(sql));
      if (name !== "batch") return Reflect.get(target, name);
      return (statements: D1PreparedStatement[]) => {
        counts.subrequests += 1;
        counts.d1Statements += statements.length;
        return target.batch(statements.map((statement) => originals.get(statement) ?? statement));
      };
    },
  });
  const projects = new Proxy(store.PROJECTS, {
    get: (target, name) =>
      name === "getByName" ? (id: string) => countObject(target.getByName(id)) : Reflect.get(target, name),
  });
  const countObject = <Target extends object>(object: Target): Target =>
    new Proxy(object, {
      get: (target, name) => {
        const member = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return (...input: unknown[]) => {
          counts.subrequests += 1;
          return Reflect.apply(member, target, input);
        };
      },
    });
  let atOnce = 0;
  const bucket = new Proxy(store.BLOBS, {
    get: (target, name) => {
      const member = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return async (...input: unknown[]) => {
        counts.subrequests += 1;
        atOnce += 1;
        counts.r2AtOnceMax = Math.max(counts.r2AtOnceMax, atOnce);
        try {
          return await Reflect.apply(member, target, input);
        } finally {
          atOnce -= 1;
        }
      };
    },
  });
  return { store: { ...store, DB: database, BLOBS: bucket, PROJECTS: projects }, counts };
}
