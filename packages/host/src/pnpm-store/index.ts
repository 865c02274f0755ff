export { checkPackage, type PackageMismatch } from './check-package.ts';
export {
  checkStore,
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
export { storeEntryOf, type EntryFormat, type StoreEntry } from './store-entry.ts';
export { UnreadableStoreError } from './unreadable-store.ts';
