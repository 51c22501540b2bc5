import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { AppError, type ErrorKind } from '@souk/service';
import { fromStatus, toStatus } from './status';

const KINDS: ErrorKind[] = ['invalid', 'not_found', 'conflict', 'rejected', 'unavailable', 'timeout', 'overloaded'];

const received = (code: status, details: string, metadata = new Metadata()): ServiceError =>
  Object.assign(new Error(details), { code, details, metadata });

const roundTrip = (thrown: unknown): AppError => {
  const sent = toStatus(thrown);
  return fromStatus(received(sent.code, sent.details, sent.metadata), 'the inventory');
};

describe('an error that crosses gRPC', () => {
  it.each(KINDS)('keeps its kind, code, message and details: %s', (kind) => {
    const details = { reserved: 12, note: 'ключ "\u{1F511}"\n' };
    const arrived = roundTrip(new AppError(kind, 'SOME_CODE', 'What happened: naïve', { details }));
    expect(arrived).toMatchObject({ kind, code: 'SOME_CODE', message: 'What happened: naïve', details });
  });

  it('discloses no internals of a bug', () => {
    const sent = toStatus(new TypeError('secret.sql line 3'));
    expect(JSON.stringify([sent.details, sent.metadata.getMap()])).not.toContain('secret');
    expect(roundTrip(new TypeError('secret'))).toMatchObject({ kind: 'bug', code: 'INTERNAL' });
  });

  it('survives a message that is not well-formed', () => {
    expect(toStatus(new AppError('invalid', 'X', 'bad \uD800 text')).details).toBe('bad \uFFFD text');
  });
});

describe('a status without a Souk error code', () => {
  it.each([
    [
      'no connection was established',
      status.UNAVAILABLE,
      'round_robin: No connection established. Last error: x',
      'unavailable',
    ],
    ['the name is unknown', status.UNAVAILABLE, 'Name resolution failed for target dns:x', 'unavailable'],
    ['the connection broke during the call', status.UNAVAILABLE, 'Connection dropped', 'timeout'],
    ['the stream was reset', status.INTERNAL, 'Received RST_STREAM with code 2 (Internal server error)', 'timeout'],
    ['the call was cut off', status.CANCELLED, 'Call cancelled', 'timeout'],
    ['the deadline passed', status.DEADLINE_EXCEEDED, 'Deadline exceeded after 1s', 'timeout'],
    ['an older replica does not have the method', status.UNIMPLEMENTED, 'nope', 'unavailable'],
  ])('is mapped according to what is known about the outcome: %s', (_name, code, details, kind) => {
    expect(fromStatus(received(code, details), 'the inventory')).toMatchObject({ kind });
  });
});
