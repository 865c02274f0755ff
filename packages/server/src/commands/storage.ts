import { printable } from '@tarwarden/core/text';
import {
  openStorage,
  StorageAddressError,
  type VerdictStorage,
} from '../verdict-server/storage.ts';
import { UsageError } from '@tarwarden/host/command-line';

/** @throws UsageError for an invalid address. */
export async function storageAt(address: string, command: string): Promise<VerdictStorage> {
  try {
    return await openStorage(address, process.env);
  } catch (error) {
    if (error instanceof StorageAddressError)
      throw new UsageError(printable(error.message), command);
    throw error;
  }
}
