import type { Express, IRoute, Request, Response } from 'express';
import { linksSeenFrom, type ApiLink } from './api-links';
import { renderAsyncApi, type AsyncApiDocument } from './async-api-page';
import { documentationBar, type DocumentationPage } from './documentation-bar';
import { html, type Html } from './html';
import { ASSETS, ASSET_NAMES, swaggerPage, SWAGGER_INIT } from './swagger-ui';

const PATH = '/documentation';
const ROUTES: DocumentationPage = { name: 'HTTP routes', path: 'documentation', documentName: 'openapi.json' };
const MESSAGES: DocumentationPage = {
  name: 'Messages',
  path: 'documentation/asyncapi',
  documentName: 'asyncapi.json',
};

/** Pages load everything from this service and can't send anything to another site. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Documents {
  /** OpenAPI; built on the first request. */
  routes: () => unknown;
  /** AsyncAPI, if the service also documents messages; built on the first request. */
  messages?: (() => unknown) | undefined;
}

/**
 * Swagger UI is at `/documentation`, its document at `/documentation/openapi.json`; `/` and `/docs` redirect to it. The page
 * about messages is at `/documentation/asyncapi`, its document at `/documentation/asyncapi.json`. Everything is served from
 * memory. Links are relative, so a proxy may add a path prefix.
 * @param links links to the other APIs' documentation
 * @returns the routes of the pages, each with a GET handler
 */
export function mountDocumentation(
  app: Express,
  title: string,
  documents: Documents,
  links: readonly ApiLink[],
): IRoute[] {
  const pages = documents.messages ? [ROUTES, MESSAGES] : [ROUTES];
  const mountPage = (path: string, type: string, bodyFor: (request: Request, root: string) => Buffer | string) =>
    app.route(path).get((request, response) => {
      sendPage(response, type, bodyFor(request, rootFrom(request.path)));
    });
  const mountCached = (path: string, type: string, build: () => Buffer | string) => {
    let body: Buffer | undefined;
    return mountPage(path, type, () => (body ??= Buffer.from(build())));
  };
  const mountDocument = (page: DocumentationPage, document: () => unknown) =>
    mountCached(`${PATH}/${page.documentName}`, 'application/json', () => JSON.stringify(document(), null, 2));
  const barFor = (request: Request, root: string, currentPage: DocumentationPage) =>
    documentationBar({ title, pages, currentPage, root, apis: linksSeenFrom(links, request.headers.host, title) });
  const redirectFrom = (path: string) =>
    app.route(path).get((request, response) => {
      const location = rootFrom(request.path) + ROUTES.path;
      response.writeHead(302, { Location: location, 'Content-Length': 0 }).end();
    });

  const mountedRoutes = [
    redirectFrom('/'),
    redirectFrom('/docs'),
    mountDocument(ROUTES, documents.routes),
    mountPage(PATH, 'text/html', (request, root) => swaggerPage(title, root, barFor(request, root, ROUTES)).source),
    mountCached(`${PATH}/swagger-ui-init.js`, 'text/javascript', () => SWAGGER_INIT),
    ...ASSET_NAMES.map((name) => mountCached(`${PATH}/${name}`, ASSETS[name].type, ASSETS[name].read)),
  ];
  const { messages } = documents;
  if (messages) {
    let content: Html | undefined;
    const page = (request: Request, root: string) => {
      content ??= renderAsyncApi(messages() as AsyncApiDocument);
      return messagesPage(title, root, barFor(request, root, MESSAGES), content).source;
    };
    mountedRoutes.push(mountDocument(MESSAGES, messages), mountPage(`${PATH}/asyncapi`, 'text/html', page));
  }
  return mountedRoutes;
}

function sendPage(response: Response, type: string, body: Buffer | string): void {
  response.writeHead(200, {
    'Content-Type': type.startsWith('image/') ? type : `${type}; charset=utf-8`,
    'Content-Length': Buffer.byteLength(body),
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-cache',
  });
  response.end(body);
}

/** The relative path from a page to the root of the service. */
const rootFrom = (path: string) => '../'.repeat(path.split('/').length - 2) || './';

const messagesPage = (title: string, root: string, bar: Html, content: Html) =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}: messages</title>
        <link rel="icon" href="${root}documentation/favicon-32x32.png" />
      </head>
      <body>
        ${bar}${content}
      </body>
    </html>`;
