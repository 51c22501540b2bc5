import { unavailable } from '@souk/service';
import { access, constants, statfs } from 'node:fs/promises';
import { createFolder } from './durable-file';
import { lockFolder } from './folder-lock';
import { openMachineFile, type MachineFile } from './machine-file';
import type { MachineStore } from './machine-store';

/** Minimum free space: enough for a batch of journal entries and a copy of the state. */
const FREE_BYTES_MIN = 1_048_576;

/** Stores machines as files in one folder, for hosts without Redis. Only one process at a time can use the folder. */
export function createFileStore(folder: string, machineIds: readonly string[]): MachineStore {
  const files = new Map<string, MachineFile>();
  let lock: ReturnType<typeof lockFolder> | undefined;

  const fileOf = (machineId: string): MachineFile => {
    const file = files.get(machineId);
    if (!file) throw unavailable('the store of the machine');
    return file;
  };

  return {
    open: async () => {
      await createFolder(folder);
      lock = lockFolder(folder);
      try {
        for (const id of machineIds) files.set(id, await openMachineFile(folder, id));
      } catch (error) {
        lock.release();
        throw error;
      }
    },
    read: async (machineId, outcomeIds) => fileOf(machineId).read(outcomeIds),
    write: async (machineId, change) => fileOf(machineId).write(change),
    readJournal: async (machineId, page) => fileOf(machineId).readJournal(page),
    ping: async () => {
      for (const id of machineIds) fileOf(id);
      try {
        await access(folder, constants.W_OK);
        const { bavail, bsize } = await statfs(folder);
        if (bavail * bsize < FREE_BYTES_MIN) throw new Error('the disk is full');
      } catch (error) {
        throw unavailable('the store of the machine', error);
      }
    },
    close: async () => {
      for (const file of files.values()) await file.close();
      files.clear();
      lock?.release();
    },
  };
}
