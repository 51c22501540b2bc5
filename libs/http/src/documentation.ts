import type { Express, IRoute, RequestHandler } from 'express';
import swaggerUi from 'swagger-ui-express';
import { renderAsyncApi, type AsyncApiDocument } from './async-api-page';
import { documentationBar, type DocumentationPage } from './documentation-bar';
import { html, type Html } from './html';

const PATH: string = '/documentation';
const ROUTES: DocumentationPage = { name: 'HTTP routes', path: PATH, documentPath: `${PATH}/openapi.json` };
const MESSAGES: DocumentationPage = {
  name: 'Messages',
  path: `${PATH}/asyncapi`,
  documentPath: `${PATH}/asyncapi.json`,
};

/** Everything comes from here, and nothing that a page says may reach outside. */
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

export interface Documents {
  /** OpenAPI; made when it is first asked for. */
  routes: () => unknown;
  /** AsyncAPI, where the service tells of messages too; made when it is first asked for. */
  messages?: (() => unknown) | undefined;
}

/**
 * Swagger UI at `/documentation`, its document at `/documentation/openapi.json`; `/docs` leads there. The messages are at
 * `/documentation/asyncapi`, their document at `/documentation/asyncapi.json`.
 * @returns the pages, each with its GET
 */
export function mountDocumentation(app: Express, title: string, documents: Documents): IRoute[] {
  const pages = documents.messages ? [ROUTES, MESSAGES] : [ROUTES];
  const options = swaggerOptions(title);
  const secure: RequestHandler = (_request, response, next) => {
    response.set({ 'Content-Security-Policy': CONTENT_SECURITY_POLICY, 'X-Content-Type-Options': 'nosniff' });
    next();
  };
  const serve = (path: string, type: string, make: () => string) => {
    let made: string | undefined;
    return app.route(path).get(secure, (_request, response) => {
      response.type(type).send((made ??= make()));
    });
  };
  const serveJson = (path: string, document: () => unknown) =>
    serve(path, 'json', () => JSON.stringify(document(), null, 2));

  const mounted = [
    serveJson(ROUTES.documentPath, documents.routes),
    serve(ROUTES.path, 'html', () => swaggerPage(documentationBar(title, pages, ROUTES).source, options)),
    app.route<string>('/docs').get((_request, response) => response.redirect(PATH)),
  ];
  const { messages } = documents;
  if (messages) {
    const page = () => messagesPage(title, documentationBar(title, pages, MESSAGES), messages() as AsyncApiDocument);
    mounted.push(serveJson(MESSAGES.documentPath, messages), serve(MESSAGES.path, 'html', page));
  }
  app.use(PATH, secure, ...swaggerUi.serveFiles(undefined, options));
  return mounted;
}

const swaggerOptions = (title: string) => ({
  customSiteTitle: title,
  swaggerUrl: ROUTES.documentPath,
  // The badge of a validator on the web would load from outside.
  swaggerOptions: { validatorUrl: null, tryItOutEnabled: true, displayRequestDuration: true },
});

const swaggerPage = (bar: string, options: ReturnType<typeof swaggerOptions>) =>
  swaggerUi
    .generateHTML(undefined, options)
    // Its links are relative to a trailing slash, which makes no difference here.
    .replaceAll('"./', `"${PATH}/`)
    .replace('<div id="swagger-ui">', () => `${bar}\n<div id="swagger-ui">`);

const messagesPage = (title: string, bar: Html, document: AsyncApiDocument) =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}: messages</title>
        <link rel="icon" href="${PATH}/favicon-32x32.png" />
      </head>
      <body>
        ${bar}${renderAsyncApi(document)}
      </body>
    </html>`.source;
