import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** What a stream packed by gzip unpacks to. Unlike `compose`, it reports a stream that is cut off to its reader, and not to the process. */
export function gunzipped(packed: Readable): Readable {
  return pipeline(packed, createGunzip(), () => undefined);
}
