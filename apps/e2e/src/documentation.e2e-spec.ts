import { createCartApiClient, unwrap } from '@souk/client';
import {
  ATM_API_ROUTES,
  CART_API_ROUTES,
  MONITORING_API_ROUTES,
  WALLET_API_ROUTES,
  WALLET_DEMO,
  type RouteDeclaration,
} from '@souk/contracts';
import { findBrowser, REPOSITORY } from '@souk/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { startSouk, type SoukSystem } from '../test/souk-system';
import { openWallets } from '../test/wallets';

const MINUTE_MS = 60_000;
const SCREENSHOTS = join(REPOSITORY, '.souk/screenshots');
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const executablePath = findBrowser();
if (!executablePath)
  console.warn('The documentation is not tested in a browser: there is no Chromium, and it could not be installed.');

(executablePath ? describe : describe.skip)('the documentation, in a browser', () => {
  let souk: SoukSystem;
  let profile: string;
  let browser: BrowserContext;
  let page: Page;
  /** Problems that a user of the page would notice. */
  let problems: string[];

  beforeAll(async () => {
    souk = await startSouk({ ACCESS: 'closed' });
    await openWallets(souk, ['demo-customer'], '1000.00');
    const api = createCartApiClient({ url: souk.url, apiKey: souk.adminKey });
    const lantern = {
      productID: 'brass-lantern-small',
      productName: 'Small brass lantern',
      quantity: 40,
      unitPrice: '12.50',
    };
    unwrap(await api.putProduct(lantern));
    profile = await mkdtemp(join(tmpdir(), 'souk-browser-'));
    browser = await chromium.launchPersistentContext(profile, {
      executablePath: executablePath!,
      headless: true,
      args: ARGUMENTS,
      viewport: { width: 1280, height: 1120 },
    });
  }, 3 * MINUTE_MS);

  afterAll(async () => {
    await browser?.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    await souk.down();
  }, MINUTE_MS);

  beforeEach(async () => {
    problems = [];
    page = await browser.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => problems.push(`script: ${error.message}`));
    page.on('requestfailed', (request) => problems.push(`not loaded: ${request.url()}`));
    page.on('request', (request) => {
      if (
        !/^(data|blob):/.test(request.url()) &&
        !Object.values<string>(souk.urls).includes(new URL(request.url()).origin)
      )
        problems.push(`from outside: ${request.url()}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
    });
  });

  afterEach(() => page.close());

  const open = async (path: string, service = souk.url) => {
    await page.goto(service + path, { waitUntil: 'networkidle' });
  };

  /** Opens the documentation of a service and waits until it shows each of its routes. */
  const openDocumentation = async (service: string, routes: readonly RouteDeclaration[]) => {
    await open('/documentation', service);
    await page
      .locator('.opblock')
      .nth(routes.length - 1)
      .waitFor();
    expect(await page.locator('.opblock').count()).toBe(routes.length);
    await authorize();
  };

  /** Gives Swagger UI a key. */
  const authorize = async () => {
    await page.locator('.scheme-container button.authorize').click();
    const scheme = page.locator('.auth-container', { hasText: 'ApiKey' });
    await scheme.locator('input').fill(souk.adminKey);
    await scheme.locator('button.authorize').click();
    await scheme.locator('button.btn-done').click();
  };

  /** Presses "Execute" on an operation, with its example unchanged. */
  async function tryOut(
    operationId: string,
    tag = 'Cart',
  ): Promise<{ request: unknown; status: string; answer: unknown }> {
    const operation = page.locator(`#operations-${tag}-${operationId}`);
    await operation.locator('.opblock-summary-control').click();
    const execute = operation.locator('button.execute');
    await execute.waitFor();
    const hasBody = (await operation.locator('.opblock-section-request-body').count()) > 0;
    // Swagger UI fills in the example after it has shown the operation.
    const request: unknown = hasBody
      ? JSON.parse(await operation.locator('.body-param textarea:not(:empty)').inputValue())
      : undefined;
    await execute.click();
    const responseRow = operation.locator('.live-responses-table .response');
    const status = await responseRow.locator('.response-col_status').innerText({ timeout: 20_000 });
    const answer: unknown = JSON.parse(await responseRow.locator('.highlight-code code').first().innerText());
    return { request, status: status.trim().split(/\s/)[0]!, answer };
  }

  test(
    'Swagger UI loads without errors and shows every operation, and its examples work unchanged',
    async () => {
      await openDocumentation(souk.url, CART_API_ROUTES);
      await page.screenshot({ path: join(SCREENSHOTS, 'swagger.png') });

      const added = await tryOut('addToCart');
      expect(added).toEqual({
        request: { clientID: 'demo-customer', productID: 'brass-lantern-small', quantity: 2 },
        status: '200',
        answer: { status: 'success', error: '' },
      });
      await page.locator('#operations-Cart-addToCart .opblock-summary-control').click();
      const paid = await tryOut('checkOutCart');
      expect(paid).toEqual({
        request: { clientID: 'demo-customer' },
        status: '200',
        answer: { status: 'success', error: '', orderID: expect.any(String), total: '25.00', currency: 'USD' },
      });
      expect(problems).toEqual([]);
      await page.screenshot({ path: join(SCREENSHOTS, 'swagger-tried-out.png'), fullPage: true });
    },
    MINUTE_MS,
  );

  test(
    'the page of the wallet shows every operation, and its unchanged example moves money',
    async () => {
      await openDocumentation(souk.urls.walletApi, WALLET_API_ROUTES);
      await page.screenshot({ path: join(SCREENSHOTS, 'swagger-wallet.png') });

      const credited = await tryOut('credit', 'Accounts');
      expect(credited).toEqual({
        request: { account_id: WALLET_DEMO.accountId, amount: '50.00' },
        status: '200',
        answer: {
          status: 'success',
          transaction_id: expect.any(String),
          balance: expect.any(Number),
          amount: expect.stringMatching(/^\d+\.\d\d$/),
        },
      });
      expect(problems).toEqual([]);
    },
    MINUTE_MS,
  );

  test(
    'the page of the cash machine shows every operation, and its unchanged example dispenses money',
    async () => {
      await openDocumentation(souk.urls.atmApi, ATM_API_ROUTES);
      await page.screenshot({ path: join(SCREENSHOTS, 'swagger-atm.png') });
      const withdrawn = await tryOut('withdraw', 'The_machine');
      expect(withdrawn).toEqual({
        request: { amount: 200.9 },
        status: '200',
        answer: { requested_amount: 200.9, withdrawal: { BILL: { '200': 1 }, COIN: { '0.1': 9 } } },
      });
      expect(problems).toEqual([]);
    },
    MINUTE_MS,
  );

  test(
    'the page of the monitoring API shows every operation, and its unchanged example returns a summary',
    async () => {
      await openDocumentation(souk.urls.monitoringApi, MONITORING_API_ROUTES);
      await page.screenshot({ path: join(SCREENSHOTS, 'swagger-monitoring.png') });
      const summed = await tryOut('getAnalyticsSummary', 'Analytics');
      expect(summed).toMatchObject({ status: '200', answer: { currency: 'USD', totals: expect.any(Object) } });
      expect(problems).toEqual([]);
    },
    MINUTE_MS,
  );

  test(
    'the messages are one click away, and each expands to its fields and an example',
    async () => {
      await open('/documentation');
      await page.getByRole('link', { name: 'Messages' }).click();
      await page.waitForURL('**/documentation/asyncapi');
      const message = page.locator('#order-completed');
      await message.locator('summary').click();
      expect(await message.locator('table').innerText()).toContain('orderID');
      expect(await message.locator('pre').innerText()).toContain('"currency": "USD"');
      await page.screenshot({ path: join(SCREENSHOTS, 'asyncapi.png'), fullPage: true });
      await page.getByRole('link', { name: 'HTTP routes' }).click();
      await page.locator('.opblock').first().waitFor();
      expect(problems).toEqual([]);
    },
    MINUTE_MS,
  );
});
