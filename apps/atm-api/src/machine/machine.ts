import type { MachineSettings } from '../machines';
import type { Lane } from './lane';

/** A machine of this service. */
export interface Machine {
  id: string;
  settings: MachineSettings;
  lane: Lane;
}
