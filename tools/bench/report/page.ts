import type { CaseResult, Results } from './results';
import { SCENARIO_NAMES, type ScenarioName } from '../scenario-names';
import { renderBatchSizes, renderCpu, renderRates } from './tables';

const DESCRIPTIONS: Record<ScenarioName, string> = {
  adds:
    'Each operation adds one product to a cart. The floor is an API that sends one message per request, and a worker that ' +
    'applies all waiting messages in one transaction. The batched floor sends one message per turn of the event loop.',
  checkouts:
    'Each operation adds two products to a cart and checks out, charged to a wallet. The floor has an API, a worker that ' +
    'writes the order and an outbox row in one transaction per batch, and a worker that reserves, charges and commits a batch ' +
    'in one transaction, with an inbox, tombstones and confirms.',
  deposits:
    'Each operation deposits into a wallet; the consumers of the events run. The floor updates wallets and writes ' +
    'transactions, postings and an outbox in one transaction per batch, and publishes each event with a confirm.',
};

const READING = `A **floor** is a small hand-written program that does the same work on the same engines with the same durability, and nothing
else: [tools/bench/floors](../../tools/bench/floors). Absolute figures depend on the machine and what else it does; the **ratio** of
Souk's completed operations to the floor's in the same round is what counts. All figures are medians over the rounds.

- _Closed loop_ (accepted, completed, p50, p99): each connection sends its next request when it has the response.
- _Fixed rate_: half of Souk's completed operations per second of the same round, for every side. A latency counts from
  the moment when the operation was due, so a stall shows in all operations that were due meanwhile.
- An operation takes from its first request to its last response. It is accepted with any 2xx, and completed with 200.
- CPU-seconds are per 1,000 completed operations. Souk's services keep running while a floor is measured: "Souk, idle".
- Messages per batch are means by queue. "Queued" is the number of messages in the queues when the load ended.`;

/** @returns the Markdown page about a run, beside its images */
export function renderPage(results: Results): string {
  const sections = SCENARIO_NAMES.flatMap((scenario) => {
    const cases = results.cases.filter((result) => result.scenario === scenario);
    return cases.length > 0 ? [renderSection(scenario, cases)] : [];
  });
  return `# Benchmarks

\`npm run bench\` measured this and wrote this page. It starts a private system and needs no preparation.

${renderMachine(results)}

${READING}

![Completed per second](throughput.svg)

![p99 at a fixed rate](latency.svg)

![CPU-seconds per 1,000 operations](cpu.svg)

${sections.join('\n\n')}
`;
}

function renderMachine({ date, secondsPerMeasurement, rounds, machine }: Results): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  return `${date.slice(0, 10)}, ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB; ${versions.join(', ')};
${rounds} ${rounds === 1 ? 'round' : 'rounds'} of ${secondsPerMeasurement} s per measurement. The load generator runs on the same machine.`;
}

function renderSection(scenario: ScenarioName, cases: readonly CaseResult[]): string {
  const title = `${scenario[0]!.toUpperCase()}${scenario.slice(1)}`;
  const tables = [renderRates(cases), renderCpu(cases), renderBatchSizes(cases)];
  return [`## ${title}`, DESCRIPTIONS[scenario], ...tables].join('\n\n');
}
