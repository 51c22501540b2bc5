import { html } from './html';

/** The style of the messages page, inline so that nothing has to be loaded. */
export const ASYNC_API_STYLE = html`<style>
  main {
    max-width: 1080px;
    margin: 0 auto;
    padding: 8px 32px 64px;
    color: #2b3940;
    font:
      15px/1.55 system-ui,
      -apple-system,
      'Segoe UI',
      'DejaVu Sans',
      sans-serif;
  }
  h1 {
    margin: 32px 0 0;
    font-size: 32px;
  }
  h1 small {
    font-size: 14px;
    font-weight: 400;
    color: #60737c;
  }
  h2 {
    margin: 48px 0 4px;
    font-size: 22px;
  }
  h2 code {
    font-size: 21px;
  }
  p {
    margin: 8px 0;
  }
  a {
    color: #1565a7;
  }
  code,
  pre {
    font-family: ui-monospace, 'SF Mono', 'DejaVu Sans Mono', monospace;
    font-size: 13px;
  }
  .kind {
    margin-right: 8px;
    padding: 2px 10px;
    border-radius: 4px;
    background: #49805a;
    color: #fff;
    font-size: 13px;
    font-weight: 600;
    vertical-align: 3px;
  }
  .kind.send {
    background: #a8651c;
  }
  .kind.reply {
    background: #60737c;
  }
  .contents {
    columns: 3;
    padding: 0;
    list-style: none;
  }
  details {
    margin: 10px 0;
    border: 1px solid #d5dee2;
    border-radius: 6px;
    background: #fff;
  }
  summary {
    padding: 10px 14px;
    cursor: pointer;
  }
  summary code {
    margin-right: 10px;
    font-size: 14px;
    font-weight: 700;
  }
  details > div {
    padding: 0 14px 10px;
    border-top: 1px solid #e6ecee;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    margin: 10px 0;
  }
  th {
    text-align: left;
    color: #60737c;
    font-size: 13px;
  }
  th,
  td {
    padding: 5px 10px 5px 0;
    border-bottom: 1px solid #edf1f3;
    vertical-align: top;
  }
  td:first-child {
    width: 30%;
  }
  td:nth-child(2) {
    width: 34%;
  }
  small {
    color: #60737c;
    font-size: 12px;
  }
  pre {
    margin: 10px 0;
    padding: 12px 14px;
    overflow: auto;
    border-radius: 4px;
    background: #1b2a30;
    color: #e6eef1;
  }
  @media (max-width: 700px) {
    .contents {
      columns: 1;
    }
    main {
      padding: 8px 16px 48px;
    }
  }
</style>`;
