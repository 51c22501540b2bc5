import { html, type Html } from './html';

/** A page of the documentation, and the document that it shows. */
export interface DocumentationPage {
  name: string;
  /** Path from the service's root. */
  path: string;
  /** File name under `/documentation/`. */
  documentName: string;
}

interface BarOptions {
  title: string;
  pages: readonly DocumentationPage[];
  currentPage: DocumentationPage;
  /** The relative path from the page to the root of the service. */
  root: string;
  /** The documentation of other APIs. */
  apis: readonly { name: string; url: string }[];
}

const BAR_STYLE = html`<style>
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
  .bar .apis {
    display: flex;
    gap: 24px;
    padding-left: 24px;
    border-left: 1px solid #60737c;
  }
  .bar .apis:empty {
    display: none;
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
</style>`;

/** The navigation at the top of every page of the documentation. */
export const documentationBar = ({ title, pages, currentPage, root, apis }: BarOptions): Html =>
  html` ${BAR_STYLE}
    <nav class="bar" aria-label="Documentation">
      <strong>${title}</strong>
      ${pages.map((page) => html`<a href="${root}${page.path}" ${page === currentPage ? html`aria-current="page"` : ''}>${page.name}</a>`)}
      <span class="apis">${apis.map(({ name, url }) => html`<a href="${url}">${name}</a>`)}</span>
      <a class="document" href="${root}documentation/${currentPage.documentName}">${currentPage.documentName}</a>
    </nav>`;
