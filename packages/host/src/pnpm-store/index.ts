export { checkPackage, type PackageMismatch } from './check-package.ts';
export {
  checkStore,
  startKnownStore,
  type CheckedStore,
  type Seals,
  type StoredPackage,
  type StoreMismatch,
  type StoreReport,
} from './check-store.ts';
export {
  ENTRY_BYTES_MAX,
  indexFileDigits,
  openStoreIndex,
  type FoundEntry,
  type StoreIndex,
} from './store-index.ts';
export type { FilesState } from './known-files.ts';
export type { KnownRows } from './known-rows.ts';
export { storeEntryOf, type EntryFormat, type StoreEntry } from './store-entry.ts';
export { UnreadableStoreError } from './unreadable-store.ts';
