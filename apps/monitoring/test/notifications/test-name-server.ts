import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** A name server on loopback that knows the IPv4 addresses of some names and never answers queries for others. */
export interface TestNameServer {
  /** The address of the server, as `address:port`. */
  address: string;
  /** The queried names, one per query. */
  queried: string[];
  close(): void;
}

const TYPE_A = 1;
const HEADER_BYTES = 12;

/** @param names IPv4 addresses by name; an empty list means that the name does not exist */
export async function startTestNameServer(names: Record<string, readonly string[]>): Promise<TestNameServer> {
  const socket = createSocket('udp4');
  const queried: string[] = [];
  socket.on('message', (query, { port, address }) => {
    const labels: string[] = [];
    let offset = HEADER_BYTES;
    for (; query[offset] !== 0; offset += 1 + query[offset]!)
      labels.push(query.toString('latin1', offset + 1, offset + 1 + query[offset]!));
    const name = labels.join('.').toLowerCase();
    queried.push(name);
    const addresses = names[name];
    if (!addresses) return;
    const question = query.subarray(HEADER_BYTES, offset + 5);
    const isV4 = query.readUInt16BE(offset + 1) === TYPE_A;
    const answers = isV4 ? addresses : [];
    const header = Buffer.alloc(HEADER_BYTES);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(addresses.length > 0 ? 0x8180 : 0x8183, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers.length, 6);
    const records = answers.map((answer) =>
      Buffer.from([0xc0, HEADER_BYTES, 0, TYPE_A, 0, 1, 0, 0, 0, 0, 0, 4, ...answer.split('.').map(Number)]),
    );
    socket.send(Buffer.concat([header, question, ...records]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}`, queried, close: () => socket.close() };
}
