import { permissionsOf } from './permissions';
import { queueDeclarations } from './queue-declarations';
import { exchangeTo } from './topology';
import { BROKER_USERS } from './users';

/** RabbitMQ 4.3 refuses patterns that are longer, although its limit is not documented. */
const PATTERN_MAX = 512;

test.each(BROKER_USERS.map((user) => [user.name, user] as const))(
  'the patterns of %s are short, and match what it consumes and nothing longer',
  (_, user) => {
    const { configure, write, read } = permissionsOf(user);
    for (const pattern of [configure, write, read]) expect(pattern.length).toBeLessThan(PATTERN_MAX);
    for (const { name } of user.consumes.flatMap(queueDeclarations)) {
      expect(name).toMatch(new RegExp(configure));
      expect(exchangeTo(name)).not.toMatch(new RegExp(configure));
      for (const pattern of [write, read]) {
        expect(name).toMatch(new RegExp(pattern));
        expect(exchangeTo(name)).toMatch(new RegExp(pattern));
        expect(`${name}.x`).not.toMatch(new RegExp(pattern));
      }
    }
  },
);
