import { temporaryHome } from '../test/temporary-home';
import { claimPorts, releasePorts } from './port-blocks';
import { PORT_VARIABLES } from './settings';

test('a home gets all its ports, below the range for outgoing connections, and no two homes share a port', async () => {
  const homes = [temporaryHome(), temporaryHome(), temporaryHome()];
  const claims = [];
  try {
    // The first alone, the others at the same time.
    claims.push(await claimPorts(homes[0]!));
    claims.push(...(await Promise.all(homes.slice(1).map((home) => claimPorts(home)))));
    for (const claim of claims) expect(Object.keys(claim).sort()).toEqual(Object.values(PORT_VARIABLES).sort());
    const ports = claims.flatMap((claim) => Object.values(claim).map(Number));
    expect(new Set(ports).size).toBe(ports.length);
    expect(Math.min(...ports)).toBeGreaterThan(1024);
    expect(Math.max(...ports)).toBeLessThan(32_768);
  } finally {
    claims.forEach((claim, index) => releasePorts(homes[index]!, Number(claim.CART_API_PORT)));
  }
});
