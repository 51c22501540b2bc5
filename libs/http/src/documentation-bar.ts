import { html, type Html } from './html';

/** A page of the documentation, and the document that it shows. */
export interface DocumentationPage {
  name: string;
  path: string;
  documentPath: string;
}

/** What stands on top of every page of the documentation: the way to the others. */
export const documentationBar = (title: string, pages: readonly DocumentationPage[], here: DocumentationPage): Html =>
  html` <style>
      body {
        margin: 0;
        background: #fafafa;
      }
      .bar {
        display: flex;
        align-items: baseline;
        gap: 24px;
        padding: 12px 32px;
        background: #1b2a30;
        color: #fff;
        font:
          15px/1.5 system-ui,
          -apple-system,
          'Segoe UI',
          'DejaVu Sans',
          sans-serif;
      }
      .bar strong {
        margin-right: 8px;
        font-size: 17px;
      }
      .bar a {
        color: #b9cdd4;
        text-decoration: none;
      }
      .bar a:hover {
        color: #fff;
        text-decoration: underline;
      }
      .bar a[aria-current] {
        color: #fff;
        border-bottom: 2px solid #85ea2d;
      }
      .bar a.document {
        margin-left: auto;
        font-size: 13px;
      }
      .swagger-ui .info {
        margin: 28px 0 20px;
      }
      .swagger-ui .scheme-container {
        margin: 0;
        padding: 14px 0;
      }
      .swagger-ui .topbar {
        display: none;
      }
    </style>
    <nav class="bar" aria-label="Documentation">
      <strong>${title}</strong>
      ${pages.map((page) => html`<a href="${page.path}" ${page === here ? html`aria-current="page"` : ''}>${page.name}</a>`)}
      <a class="document" href="${here.documentPath}">${here.documentPath.split('/').pop()}</a>
    </nav>`;
