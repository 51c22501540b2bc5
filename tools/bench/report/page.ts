import type { CaseResult, Results } from './results';
import { renderFlashSales } from '../flash-sale/report';
import { REPEATED_SCENARIO_NAMES, type RepeatedScenarioName } from '../scenario-names';
import { renderMachine } from '../measuring/machine-line';
import { renderBatchSizes, renderCpu, renderRates } from './tables';

const DESCRIPTIONS: Record<RepeatedScenarioName, string> = {
  adds:
    'Each operation adds one product to a cart. The floor is an API that sends one message per request, and a worker that ' +
    'applies all waiting messages in one transaction, with an inbox. The batched floor sends one message per turn of the event loop.',
  checkouts:
    'Each operation adds two products to a cart and checks out, charged to a wallet. The floor has an API, a worker that ' +
    'writes orders, with an inbox and an outbox, and a worker that calls an inventory and a wallet over gRPC: reserve, charge ' +
    'and commit, each with one call and one transaction for all waiting orders, with tombstones. All jobs and results are confirmed.',
  deposits:
    'Each operation makes one deposit into a wallet, while the event consumers are running. The floor updates wallets and writes ' +
    'transactions, postings and an outbox in one transaction per batch, and publishes each event with a confirm.',
  transfers:
    'Each operation transfers money between two of 1,024 wallets while the event consumers are running. Both wallets are drawn ' +
    'from a Zipf distribution: the nth most popular wallet is drawn in proportion to 1/n for Zipf 1.0, and to 1/n² for ' +
    'Zipf 2.0. There is no floor, so the ratio is that of completed operations to those with Zipf 1.0 in the same round.',
};

const FLASH_SALE =
  'In each round, 512 customers have the same product in their carts, and there is stock for half of them. All check out at once, ' +
  'each on a connection of its own, and follow their order until it is final. Completed orders must equal the stock. Refused ' +
  'customers were told that the stock is insufficient. p50 and max are the times from the start of the sale until half of the ' +
  'customers, and all of them, had their final answers.';

const READING = `A **floor** is a small hand-written program that does the same work on the same engines with the same durability, and nothing
else: [tools/bench/floors](../../tools/bench/floors). Absolute figures depend on the machine and what else it does; the **ratio** of
Souk's completed operations to the floor's in the same round is what counts. All figures are medians over the rounds.

- _Closed loop_ (accepted, completed, p50, p99): each connection sends its next request as soon as it has received the previous response.
- _Fixed rate_: every side gets half as many operations per second as Souk completed in that round. Latency is measured from
  the moment the operation was due, so a stall shows up in every operation that fell due during it.
- Before the first round, each scenario runs on Souk for two minutes and on each floor for 40 s. The services compile their
  code in that time; until then, an operation takes up to 1.7 times the CPU time.
- An operation lasts from its first request to its last response. It counts as accepted if the response is any 2xx, and as
  completed if it is 200.
- _Spread_: over many products or wallets. _Hot_: all on one.
- CPU-seconds are per 1,000 completed operations. Souk's services keep running while a floor is measured; the row "Souk, idle"
  is what they use meanwhile.
- "Jobs per batch" is the mean for each queue; for the batched floor it counts messages. "Queued" is the number of messages in the queues when the load ended.`;

/** @returns the Markdown page about a run, beside its images */
export function renderPage(results: Results): string {
  const sections = REPEATED_SCENARIO_NAMES.flatMap((scenario) => {
    const cases = results.cases.filter((result) => result.scenario === scenario);
    return cases.length > 0 ? [renderSection(scenario, cases)] : [];
  });
  if (results.flashSales.length > 0)
    sections.push(['## Flash sale', FLASH_SALE, renderFlashSales(results.flashSales)].join('\n\n'));
  return `# Benchmarks

This page was written by \`npm run bench\`, which starts a private system and needs no preparation.

${renderRun(results)}

${READING}

![Completed per second](throughput.svg)

![p99 at a fixed rate](latency.svg)

![CPU-seconds per 1,000 operations](cpu.svg)

${sections.join('\n\n')}
`;
}

function renderRun({ date, secondsPerMeasurement, rounds, machine }: Results): string {
  return `${renderMachine(date, machine)};
${rounds} ${rounds === 1 ? 'round' : 'rounds'} of ${secondsPerMeasurement} s per measurement. The load generator runs on the same machine.`;
}

function renderSection(scenario: RepeatedScenarioName, cases: readonly CaseResult[]): string {
  const title = `${scenario[0]!.toUpperCase()}${scenario.slice(1)}`;
  const tables = [renderRates(cases), renderCpu(cases), renderBatchSizes(cases)];
  return [`## ${title}`, DESCRIPTIONS[scenario], ...tables].join('\n\n');
}
