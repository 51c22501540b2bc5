import type { Express, IRoute, RequestHandler } from 'express';
import swaggerUi from 'swagger-ui-express';

const PATH: string = '/documentation';
const DOCUMENT_PATH: string = `${PATH}/openapi.json`;

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

/**
 * Swagger UI at `/documentation`, its document at `/documentation/openapi.json`; `/docs` leads there.
 * @param document made when it is first asked for
 * @returns the pages, each with its GET
 */
export function mountDocumentation(app: Express, title: string, document: () => unknown): IRoute[] {
  const options = {
    customSiteTitle: title,
    swaggerUrl: DOCUMENT_PATH,
    // The badge of a validator on the web would load from outside.
    swaggerOptions: { validatorUrl: null, tryItOutEnabled: true, displayRequestDuration: true },
  };
  // Its links are relative to a trailing slash, which makes no difference here.
  const page = swaggerUi.generateHTML(undefined, options).replaceAll('"./', `"${PATH}/`);
  let made: string | undefined;

  const secure: RequestHandler = (_request, response, next) => {
    response.set({ 'Content-Security-Policy': CONTENT_SECURITY_POLICY, 'X-Content-Type-Options': 'nosniff' });
    next();
  };
  const pages = [
    app.route(DOCUMENT_PATH).get(secure, (_request, response) => {
      response.type('json').send((made ??= JSON.stringify(document(), null, 2)));
    }),
    app.route(PATH).get(secure, (_request, response) => {
      response.type('html').send(page);
    }),
    app.route<string>('/docs').get((_request, response) => response.redirect(PATH)),
  ];
  app.use(PATH, secure, ...swaggerUi.serveFiles(undefined, options));
  return pages;
}
