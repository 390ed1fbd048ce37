import type { GraphiQLProps } from "graphiql";

/** What GraphiQL keeps that may hold a credential or a wallet id. */
const EDITORS = new Set(["graphiql:tabState", "graphiql:query", "graphiql:variables", "graphiql:headers"]);

/**
 * Keeps the editors' contents, in which keys and tokens stand, for this browser tab only and apart for each `scope`, so that a
 * new demo does not meet the keys of the one before; and preferences such as the theme for good.
 */
export function storageFor(scope: string): NonNullable<GraphiQLProps["storage"]> {
  const place = (key: string): [Storage, string] =>
    EDITORS.has(key) ? [sessionStorage, `${scope}:${key}`] : [localStorage, key];
  return {
    getItem(key) {
      const [storage, name] = place(key);
      return storage.getItem(name);
    },
    setItem(key, value) {
      const [storage, name] = place(key);
      storage.setItem(name, value);
    },
    removeItem(key) {
      const [storage, name] = place(key);
      storage.removeItem(name);
    },
    clear() {
      sessionStorage.clear();
      localStorage.clear();
    },
    get length() {
      return sessionStorage.length + localStorage.length;
    },
  };
}
