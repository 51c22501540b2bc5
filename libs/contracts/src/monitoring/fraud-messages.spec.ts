import { createMessage, parseMessage } from '../declaration/message';
import { TOPOLOGY } from '../broker/topology';
import { fraudAlertMessage, FRAUD_MESSAGES } from './fraud-messages';
import { listAlertsRoute } from './fraud-routes';
import { ALERT_EXAMPLE } from './fraud-schemas';

const origin = { id: ALERT_EXAMPLE.id, actor: 'fraud-detection', correlationId: 'c', causationId: 'c' };
const parsed = (message: unknown) => parseMessage(FRAUD_MESSAGES, Buffer.from(JSON.stringify(message)));

test('an alert goes through the exchange fraud, and consumers read exactly what was published', () => {
  const exchange = TOPOLOGY.exchanges.find(({ name }) => name === 'fraud');
  expect(exchange?.messages.map(({ type, version }) => [type, version])).toEqual([['fraud.alerts', 1]]);
  const message = createMessage(fraudAlertMessage, ALERT_EXAMPLE, origin);
  expect(parsed(message)).toEqual({ ok: true, message });
});

test('an alert without evidence is invalid', () => {
  const message = createMessage(fraudAlertMessage, { ...ALERT_EXAMPLE, events: [] }, origin);
  expect(parsed(message)).toMatchObject({ ok: false });
});

test('the examples of the route match its declaration', () => {
  const { body, examples } = listAlertsRoute.responses[200]!;
  expect(Object.keys(examples!)).toHaveLength(2);
  for (const example of Object.values(examples!)) expect(body!.parse(example)).toEqual(example);
});
