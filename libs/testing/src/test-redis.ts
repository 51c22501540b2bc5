import { randomBytes } from 'node:crypto';
import { testEngines } from './engines';

/** The shared Redis, with a key prefix of the test file's own. */
export function testRedis(): { url: string; keyPrefix: string } {
  const { host, port, password } = testEngines().redis;
  return {
    url: `redis://:${encodeURIComponent(password)}@${host}:${port}`,
    keyPrefix: `t_${randomBytes(5).toString('hex')}:`,
  };
}
