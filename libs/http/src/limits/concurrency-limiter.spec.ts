import { eventually } from '@souk/testing';
import { connect } from 'node:net';
import { createEchoService, statusAndCode } from '../../test/echo-service';

const { start, stop, app, release, call, post, raw } = createEchoService();
afterEach(stop);

describe('the limit on concurrent requests', () => {
  test('refuses further requests with 429 until earlier ones are answered', async () => {
    await start({ inFlightMax: 2 });
    const waiting = [call('/wait'), call('/wait')];
    const refused = await eventually(async () => {
      const response = await call('/things/a');
      expect(response.status).toBe(429);
      return response;
    });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await statusAndCode(refused)).toEqual([429, 'OVERLOADED']);
    expect((await call('/healthz')).status).toBe(200);
    release();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await call('/things/a')).status).toBe(200);
  });

  test('does not count a client that is still sending its body', async () => {
    await start({ inFlightMax: 1 });
    const socket = connect(app().port(), '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{');
    expect((await post('{"name":"a"}')).status).toBe(200);
    socket.destroy();
    expect((await post('{"name":"a"}')).status).toBe(200);
  });

  test('refuses a request without waiting for its body', async () => {
    await start({ inFlightMax: 1 });
    const waiting = call('/wait');
    await eventually(async () => expect((await call('/things/a')).status).toBe(429));
    const answer = await raw((send) => {
      send('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n');
    });
    expect(answer).toMatch(/^HTTP\/1.1 429 /);
    release();
    await waiting;
  });

  test('holds for bodies that arrive at the same time', async () => {
    await start({ inFlightMax: 1 });
    const head =
      'POST /hold HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n';
    const continued: Promise<void>[] = [];
    const send: ((bytes: string) => boolean)[] = [];
    const answers = [0, 1].map((index) => {
      let onContinue: () => void;
      continued.push(new Promise((resolve) => (onContinue = resolve)));
      const write = (sendBytes: (bytes: string) => boolean) => {
        send[index] = sendBytes;
        sendBytes(head);
      };
      return raw(write, () => onContinue());
    });
    await Promise.all(continued);
    for (const sendBody of send) sendBody('{}');
    await Promise.race(answers); // one of them is refused while the other is held
    release();
    const statuses = (await Promise.all(answers)).map((answer) => answer.match(/HTTP\/1.1 \d+/g)?.join());
    expect(statuses.sort()).toEqual(['HTTP/1.1 100,HTTP/1.1 200', 'HTTP/1.1 100,HTTP/1.1 429']);
  });

  test('does not apply to event streams, which have a limit of their own', async () => {
    await start({ inFlightMax: 1, eventStreamsMax: 1 });
    const open = await call('/events');
    expect(open.status).toBe(200);
    expect((await call('/events')).status).toBe(429);
    expect((await call('/things/a')).status).toBe(200);
    release();
    expect(await open.text()).toBe(
      'id: 1\nevent: status\ndata: {"now":1}\n\nid: 2\nevent: status\ndata: {"now":2}\n\n',
    );
    expect((await call('/events')).status).toBe(200);
  });
});
