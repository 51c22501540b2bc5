import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { validId } from './fields';

/** A message: its data, and the fields around it. */
export interface Envelope<Type extends string = string, Data = unknown> {
  /** Identifies the message; a job's id also identifies its effect, and stays the same when it is delivered or sent again. */
  id: string;
  type: Type;
  version: number;
  /** RFC 3339, UTC */
  occurredAt: string;
  /** The request that started the chain of messages. */
  correlationId: string;
  /** The message or request that caused this one. */
  causationId: string;
  /** Who made the request. */
  actor: string;
  /** W3C trace context, if the caller sent one. */
  traceparent?: string;
  data: Data;
}

/** A kind of message, declared once: types, validation and AsyncAPI are derived from it. */
export interface MessageDeclaration<Type extends string = string, Schema extends z.ZodType = z.ZodType> {
  type: Type;
  version: number;
  summary: string;
  data: Schema;
}

export function declareMessage<Type extends string, Schema extends z.ZodType>(
  declaration: MessageDeclaration<Type, Schema>,
): MessageDeclaration<Type, Schema> {
  return declaration;
}

export type MessageOf<Declaration> =
  Declaration extends MessageDeclaration<infer Type, infer Schema> ? Envelope<Type, z.output<Schema>> : never;

const idText = z.string().check(validId).meta({ minLength: 1, maxLength: 100 });

const envelopeSchema = z.object({
  id: idText.describe("Identifies the message; a job's id also identifies its effect"),
  type: z.string(),
  version: z.number().int(),
  occurredAt: z.string().describe('When it occurred, RFC 3339 in UTC'),
  correlationId: z.string().describe('The request that started the chain of messages'),
  causationId: z.string().describe('The message or request that caused this one'),
  actor: z.string().describe('Who made the request'),
  traceparent: z.string().optional().describe('W3C trace context, if the caller sent one'),
  data: z.unknown(),
});

/** JSON Schema of the envelope, for AsyncAPI. */
export const envelopeJsonSchema = () => z.toJSONSchema(envelopeSchema, { target: 'draft-7' });

/** The fields of the envelope that the creator of a message provides; the others are generated. */
export interface MessageOrigin {
  id?: string;
  actor: string;
  correlationId: string;
  causationId: string;
  traceparent?: string;
}

/** Creates a message. A message caused by another one keeps its correlation id, actor and trace: see `causedBy`. */
export function createMessage<Type extends string, Schema extends z.ZodType>(
  declaration: MessageDeclaration<Type, Schema>,
  data: z.output<Schema>,
  origin: MessageOrigin,
): Envelope<Type, z.output<Schema>> {
  const { id = randomUUID(), ...otherFields } = origin;
  return {
    id,
    type: declaration.type,
    version: declaration.version,
    occurredAt: new Date().toISOString(),
    ...otherFields,
    data,
  };
}

/** The origin of a message caused by `cause`. */
export function causedBy(cause: Envelope): MessageOrigin {
  const { correlationId, actor, traceparent } = cause;
  return { correlationId, causationId: cause.id, actor, ...(traceparent === undefined ? {} : { traceparent }) };
}

export type ParsedMessage<Message> = { ok: true; message: Message } | { ok: false; reason: string };

/**
 * Maximum number of errors described, and characters of each: a message can have any number of errors, and describing each
 * takes time.
 */
const ERRORS_SHOWN_MAX = 5;
const ERROR_LENGTH_MAX = 200;

function describeErrors({ issues }: z.ZodError): string {
  const shownErrors = issues
    .slice(0, ERRORS_SHOWN_MAX)
    .map(({ path, message }) => `${path.join('.')} ${message}`.trim().slice(0, ERROR_LENGTH_MAX));
  const hiddenCount = issues.length - shownErrors.length;
  return `${shownErrors.join('; ')}${hiddenCount > 0 ? `; and ${hiddenCount} more` : ''}`;
}

/** Parses a message of one of the `declarations`. Errors are returned, not thrown: an invalid message becomes a dead letter. */
export function parseMessage<Declaration extends MessageDeclaration>(
  declarations: readonly Declaration[],
  content: Buffer,
): ParsedMessage<MessageOf<Declaration>> {
  let json: unknown;
  try {
    json = JSON.parse(content.toString('utf8'));
  } catch {
    return { ok: false, reason: 'the message is not JSON' };
  }
  return checkMessage(declarations, json);
}

/** The same for a message that is parsed JSON already. */
export function checkMessage<Declaration extends MessageDeclaration>(
  declarations: readonly Declaration[],
  json: unknown,
): ParsedMessage<MessageOf<Declaration>> {
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) return { ok: false, reason: `invalid envelope: ${describeErrors(envelope.error)}` };
  const declaration = declarations.find(
    ({ type, version }) => type === envelope.data.type && version === envelope.data.version,
  );
  if (!declaration)
    return { ok: false, reason: `unknown message type or version: ${envelope.data.type} v${envelope.data.version}` };
  const data = declaration.data.safeParse(envelope.data.data);
  if (!data.success) return { ok: false, reason: `invalid data: ${describeErrors(data.error)}` };
  return { ok: true, message: { ...envelope.data, data: data.data } as MessageOf<Declaration> };
}
