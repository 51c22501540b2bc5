/** A link to the documentation of another API. */
export interface ApiLink {
  name: string;
  /** A port on the host that the reader used for this API, or a URL. */
  target: number | string;
}

/** The four APIs, on their usual ports. */
export const API_LINKS_DEFAULT = 'Cart API=5003,Wallet API=5004,ATM API=5005,Monitoring API=5006';

const PORT_MAX = 65_535;

/**
 * Reads `name=port` and `name=URL`, separated by commas.
 * @returns `undefined` if the text is malformed
 */
export function parseApiLinks(text: string): ApiLink[] | undefined {
  const links: ApiLink[] = [];
  for (const part of text.split(',').filter((link) => link.trim() !== '')) {
    const separator = part.indexOf('=');
    const name = part.slice(0, Math.max(separator, 0)).trim();
    const target = part.slice(separator + 1).trim();
    const isPort = /^\d{1,5}$/.test(target) && Number(target) <= PORT_MAX;
    const isUrl = /^https?:/.test(target) && URL.canParse(target);
    if (name === '' || !(isPort || isUrl)) return undefined;
    links.push({ name, target: isPort ? Number(target) : target });
  }
  return links;
}

/**
 * Turns links into URLs for a reader.
 * @param host the request's `Host`; without it, links to ports are omitted
 * @param title the title of the API that shows the links; its own link is omitted
 */
export function linksSeenFrom(
  links: readonly ApiLink[],
  host: string | undefined,
  title: string,
): { name: string; url: string }[] {
  const hostname = host !== undefined && URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '';
  return links.flatMap(({ name, target }) => {
    if (title.endsWith(name) || (typeof target === 'number' && hostname === '')) return [];
    // Without a scheme, so that the browser uses the page's.
    const base = typeof target === 'number' ? `//${hostname}:${target}` : target.replace(/\/$/, '');
    return [{ name, url: `${base}/documentation` }];
  });
}
