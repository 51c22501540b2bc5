import { createHmac } from 'node:crypto';
import { hmacKeyOf } from '../secrets';

/** The content that is signed. */
interface SignedMessage {
  id: string;
  /** Seconds since 1970. */
  timestamp: number;
  body: string;
}

/**
 * The headers that prove to a receiver who posted a message and when: HMAC-SHA-256 over `id.timestamp.body`, one signature for each
 * live secret, so that a rotation breaks nothing. Libraries for this scheme exist in many languages. Stripe's scheme (`t=…,v1=…`, over
 * `timestamp.body`) doesn't sign the id, by which a receiver recognises a repeated message.
 * Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const signatureHeaders = ({ id, timestamp, body }: SignedMessage, secrets: readonly string[]) => ({
  'webhook-id': id,
  'webhook-timestamp': String(timestamp),
  'webhook-signature': secrets
    .map((secret) => createHmac('sha256', hmacKeyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64'))
    .map((signature) => `v1,${signature}`)
    .join(' '),
});
