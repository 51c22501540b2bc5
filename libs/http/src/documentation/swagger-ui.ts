import { readFileSync } from 'node:fs';
import { html, type Html } from './html';

const asset = (name: string, type: string) => ({
  type,
  read: () => readFileSync(require.resolve(`swagger-ui-dist/${name}`)),
});

/** The files of Swagger UI that its page loads. */
export const ASSETS = {
  'swagger-ui.css': asset('swagger-ui.css', 'text/css'),
  'swagger-ui-bundle.js': asset('swagger-ui-bundle.js', 'text/javascript'),
  'favicon-32x32.png': asset('favicon-32x32.png', 'image/png'),
};
export const ASSET_NAMES = Object.keys(ASSETS) as (keyof typeof ASSETS)[];

/** Starts Swagger UI, without the validator's badge, which would load from another site. */
export const SWAGGER_INIT = `'use strict';
window.ui = SwaggerUIBundle({
  url: new URL('openapi.json', document.currentScript.src).href,
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
  tryItOutEnabled: true,
  displayRequestDuration: true,
});
`;

/** @param root the relative path from the page to the root of the service */
export const swaggerPage = (title: string, root: string, bar: Html) =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="${root}documentation/swagger-ui.css" />
        <link rel="icon" href="${root}documentation/favicon-32x32.png" />
      </head>
      <body>
        ${bar}
        <div id="swagger-ui"></div>
        <script src="${root}documentation/swagger-ui-bundle.js"></script>
        <script src="${root}documentation/swagger-ui-init.js"></script>
      </body>
    </html>`;
