/** A store of signed verdicts over HTTP: in a folder, Redis or S3. */
export { openStorage, StorageAddressError, type VerdictStorage } from './storage.ts';
export { verdictServer, type VerdictServerOptions } from './server.ts';
export { keepEnvelope, type Envelope } from './keep-envelope.ts';
