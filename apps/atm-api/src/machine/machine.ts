import { SERVICE_ACTOR } from './commands';
import type { Lane } from './lane';
import type { MachineSettings } from './machine-settings';

/** A machine of this service. */
export interface Machine {
  id: string;
  settings: MachineSettings;
  lane: Lane;
}

/**
 * Writes the initial stock of a new machine, so that its journal contains it. If several processes try, only one succeeds.
 * @throws AppError like the lane
 */
export async function fillMachine({ lane }: Machine): Promise<void> {
  await lane.submit({ command: { kind: 'fill', actor: SERVICE_ACTOR }, outcomeId: '' });
}
