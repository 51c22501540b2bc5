import { ASYNC_API_STYLE } from './async-api-style';
import { html, type Html } from './html';
import { exampleOf, schemaAnchor, schemaTable, type JsonSchema } from './schema-table';

interface Reference {
  $ref: string;
}

interface Message {
  summary?: string;
  payload: JsonSchema;
}

interface Operation {
  action: 'send' | 'receive';
  channel: Reference;
  summary?: string;
  messages: Reference[];
  reply?: { channel: Reference; messages: Reference[] };
}

/** The part of AsyncAPI 3.0 that the page shows. */
export interface AsyncApiDocument {
  info: { title: string; version: string; description?: string };
  channels: Record<string, { summary?: string; description?: string }>;
  operations: Record<string, Operation>;
  components: { messages: Record<string, Message>; schemas: Record<string, JsonSchema> };
}

const nameOf = ({ $ref }: Reference) => $ref.split('/').pop()!;
const anchor = (name: string) => name.replace(/[^\w-]/g, '-');

/** Renders an AsyncAPI document as a page about the messages that the broker carries. */
export function renderAsyncApi(document: AsyncApiDocument): Html {
  const { info, operations, components } = document;
  const types = [...new Set(Object.values(operations).flatMap(({ messages }) => messages.map(nameOf)))];
  const anyMessage = components.messages[types[0] ?? ''];
  return html`${ASYNC_API_STYLE}
    <main>
      <h1>${info.title} <small>${info.version}</small></h1>
      <p>${info.description}</p>
      <ul class="contents">
        ${types.map(
          (type) =>
            html`<li>
              <a href="#${anchor(type)}"><code>${type}</code></a>
            </li>`,
        )}
      </ul>
      ${anyMessage ? envelopeSection(anyMessage.payload) : ''}
      ${Object.values(operations).map((operation) => operationSection(operation, document))}
      <h2>Shared schemas</h2>
      ${Object.entries(components.schemas).map(
        ([name, schema]) =>
          html`<details open id="${schemaAnchor(name)}">
            <summary><code>${name}</code></summary>
            <div>${schemaTable(schema)}</div>
          </details>`,
      )}
    </main>`;
}

/** The operation that describes a message: the one that sends it, or else the first that names it. The others link to it. */
const describingOperation = (type: string, operations: readonly Operation[]) => {
  const carriers = operations.filter(({ messages }) => messages.some((message) => nameOf(message) === type));
  return carriers.find(({ action }) => action === 'send') ?? carriers[0];
};

/** The fields around the data of every message. Each message shows its own type and version. */
function envelopeSection({ properties = {}, required = [] }: JsonSchema): Html {
  const { data: _, ...fields } = properties;
  const envelope = {
    ...fields,
    type: { type: 'string', description: 'The type of the message' },
    version: { type: 'integer', description: 'The version of the type' },
  };
  return html`<h2 id="envelope">The envelope</h2>
    <p>Every message has these fields, and its own fields in <code>data</code>.</p>
    ${schemaTable({ properties: envelope, required })}`;
}

function operationSection(operation: Operation, { channels, operations, components }: AsyncApiDocument): Html {
  const name = nameOf(operation.channel);
  const relatedQueues = Object.entries(channels).filter(([channel]) => channel.startsWith(`${name}.`));
  const replies = operation.reply?.messages.map(nameOf) ?? [];
  const isSent = operation.action === 'send';
  return html`<section>
    <h2 id="${anchor(name)}">
      <span class="kind ${operation.action}">${isSent ? 'exchange' : 'queue'}</span><code>${name}</code>
    </h2>
    <p>${operation.summary} ${channels[name]?.description ?? ''}</p>
    ${operation.messages.map(nameOf).map((type) =>
      describingOperation(type, Object.values(operations)) === operation
        ? messageDetails(type, components, true)
        : html`<p>
            <a href="#${anchor(type)}"><code>${type}</code></a>
          </p>`,
    )}
    ${replies.map(
      (reply) =>
        html`<p><span class="kind reply">reply</span>${channels[reply]?.summary}</p>
          ${messageDetails(reply, components, false)}`,
    )}
    ${
      relatedQueues.length === 0
        ? ''
        : html`<details>
            <summary>${relatedQueues.length} more queues, for retries and dead letters</summary>
            <div>
              <table>
                <tbody>
                  ${relatedQueues.map(
                    ([channel, { summary }]) =>
                      html`<tr>
                        <td><code>${channel}</code></td>
                        <td>${summary}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>
          </details>`
    }
  </section>`;
}

function messageDetails(type: string, components: AsyncApiDocument['components'], hasEnvelope: boolean): Html {
  const { summary, payload } = components.messages[type]!;
  const schema = (hasEnvelope ? payload.properties?.['data'] : payload) ?? {};
  const version = payload.properties?.['version']?.const as number | undefined;
  const example = JSON.stringify(exampleOf(schema, components.schemas), null, 2);
  return html`<details id="${anchor(type)}">
    <summary>
      <code>${type}</code>${summary} ${version === undefined ? '' : html`<small>version ${version}</small>`}
    </summary>
    <div>
      ${schemaTable(schema)}
      <pre>${hasEnvelope ? '"data": ' : ''}${example}</pre>
    </div>
  </details>`;
}
