/** An origin with any port, such as `http://localhost:*`. */
const ANY_PORT = ':*';

export const isOriginPattern = (text: string): boolean => {
  if (text === '*') return true;
  const origin = text.endsWith(ANY_PORT) ? text.slice(0, -ANY_PORT.length) : text;
  return URL.canParse(origin) && new URL(origin).origin === origin && !(origin !== text && new URL(origin).port !== '');
};

/** @returns the `Access-Control-Allow-Origin` for a page of this origin; `undefined` if it may not call */
export type OriginRule = (origin: string | undefined) => string | undefined;

/** @param patterns origins, origins with `:*` for any port, or `*` for all */
export function createOriginRule(patterns: readonly string[]): OriginRule {
  if (patterns.includes('*')) return () => '*';
  const exactOrigins = new Set(patterns);
  const originsWithAnyPort = new Set(
    patterns.filter((pattern) => pattern.endsWith(ANY_PORT)).map((pattern) => pattern.slice(0, -ANY_PORT.length)),
  );
  return (origin) => {
    if (origin === undefined) return undefined;
    const withoutPort = origin.replace(/:\d{1,5}$/, '');
    return exactOrigins.has(origin) || originsWithAnyPort.has(withoutPort) ? origin : undefined;
  };
}
